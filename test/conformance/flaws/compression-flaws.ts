/** What can be wrong with compressed values. */
import { KvError } from "../../../src/model/error.ts";
import type { Item } from "../../../src/model/item.ts";
import type { GetItemsResponse } from "../../../src/model/request.ts";
import { aroundFlaw, connectFlaw, type Flaw, overlayFlaw } from "./flaw.ts";

/** What servers answer to reads, changed. */
const readsFlaw = (id: string, change: (item: Item) => Item): Flaw =>
  aroundFlaw(id, (transport) => async (request, call) => {
    const answer = await transport(request, call);
    if (request.kind !== "get_items") return answer;
    const { items, ...rest } = answer as GetItemsResponse;
    return { ...rest, items: items.map(change) } as never;
  });

export const compressionFlaws: readonly Flaw[] = [
  overlayFlaw("compresses nothing", (namespace) => ({
    ...namespace,
    compression: { codec: "none" },
  })),
  overlayFlaw("compresses however little there is", ({ compression, ...rest }) => ({
    ...rest,
    ...(compression && { compression: { ...compression, minBytes: 0 } }),
  })),
  connectFlaw("has no dictionaries", ({ codec, ...wish }) => ({
    ...wish,
    ...(codec && { codec: { codecs: codec.codecs, compressor: codec.compressor, dictionaries } }),
  })),
  readsFlaw("forgets that a value is compressed", (item) => {
    const { compression: _, ...metadata } = item.metadata;
    return { ...item, metadata };
  }),
  aroundFlaw("sends what is compressed to everybody", (transport) => (request, call) => {
    const capabilities = { ...request.capabilities, codecs: ["zstd"], dictionaries: true };
    return transport(
      request.kind === "get_items" ? { ...request, capabilities } : request,
      call,
    ) as never;
  }),
  aroundFlaw("takes whatever is compressed", (transport) => async (request, call) => {
    try {
      return await transport(request, call);
    } catch (error) {
      if (request.kind !== "put_items" || !(error instanceof KvError)) throw error;
      if (request.items.every(({ compression }) => compression === undefined)) throw error;
      const { namespace, capabilities } = request;
      const known = await transport({ kind: "handshake", namespace, capabilities }, call);
      return { ...known, outcomes: [] } as never;
    }
  }),
];

const dictionaries = {
  current: () => undefined,
  find: () => undefined,
  fetch: async () => undefined,
};
