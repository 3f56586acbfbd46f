/** What can be wrong with scans of whole namespaces. */
import type { CallOptions } from "../../../src/client/call.ts";
import type { ScanInput, ScanItemsResult, ScannedPage } from "../../../src/client/inputs.ts";
import type { KvClient } from "../../../src/client/kv-client.ts";
import { EMPTY_BYTES } from "../../../src/model/bytes.ts";
import { KvError } from "../../../src/model/error.ts";
import type { KvRequest, ScanItemsRequest } from "../../../src/model/request.ts";
import type { Transport } from "../../../src/ports/transport.ts";
import { aroundFlaw, clientFlaw, engineFlaw, type Flaw } from "./flaw.ts";

/** Requests for pages of scans, sent otherwise. */
const requestFlaw = (id: string, change: (request: ScanItemsRequest) => ScanItemsRequest): Flaw =>
  aroundFlaw(
    id,
    (transport): Transport =>
      (request, call) => {
        const sent: KvRequest = request.kind === "scan_items" ? change(request) : request;
        return transport(sent as typeof request, call);
      },
  );

/** Segments one after another, each by the name that the caller gave. */
async function* bySegments(
  client: KvClient,
  { namespace = "", segments = 1, from, selection = {} }: ScanInput,
  options?: CallOptions,
): AsyncGenerator<ScannedPage> {
  const name = from?.namespace ?? namespace;
  const positions = [...(from?.segments ?? Array.from({ length: segments }, () => "begin"))];
  const of = positions.length;
  for (const [index, position] of positions.entries()) {
    if (position === "end") continue;
    let pageToken = position instanceof Uint8Array ? position : undefined;
    do {
      const input = { namespace: name, segment: { index, of }, selection, pageToken };
      const page: ScanItemsResult = await client.scanItems(input, options);
      pageToken = page.nextPageToken;
      positions[index] = pageToken ?? "end";
      const checkpoint = { namespace: name, segments: [...positions] } as ScannedPage["checkpoint"];
      yield { segment: index, items: page.items, checkpoint };
    } while (pageToken !== undefined);
  }
}

export const scanFlaws: readonly Flaw[] = [
  engineFlaw("scans past empty keys", {
    scanPage: (page) => ({
      ...page,
      entries: page.entries.filter(({ row }) => row.key.length > 0),
    }),
  }),
  engineFlaw("scans all for every segment", {
    scanRead: (read) => ({ ...read, segment: { index: 0, of: 1 } }),
  }),
  engineFlaw("scans without a bound", {
    scanRead: (read) => ({ ...read, rowLimit: Number.POSITIVE_INFINITY }),
  }),
  engineFlaw("begins records anew on each page of a scan", {
    scanRead: ({ after, ...read }) => ({
      ...read,
      ...(after && { after: { ...after, key: EMPTY_BYTES } }),
    }),
  }),
  engineFlaw("ends scans with their first page", {
    scanPage: (page) => ({ ...page, cursor: undefined }),
  }),
  aroundFlaw("scans items without their content", (transport) => async (request, call) => {
    const reply = await transport(request, call);
    if (request.kind !== "scan_items" || !("items" in reply)) return reply;
    const items = reply.items.map((item) => {
      const { content: _, ...metadata } = item.metadata;
      return { ...item, metadata };
    });
    return { ...reply, items };
  }),
  aroundFlaw("cannot scan what is empty", (transport) => async (request, call) => {
    const reply = await transport(request, call);
    const isEmpty = "items" in reply && reply.items.length === 0;
    if (request.kind === "scan_items" && isEmpty && request.pageToken === undefined) {
      throw new KvError("NAMESPACE_NOT_FOUND", "nothing is there");
    }
    return reply;
  }),
  aroundFlaw("gives scans ten milliseconds", (transport) => (request, call) => {
    const budget = request.kind === "scan_items" ? Math.min(10_000, call.budget) : call.budget;
    return transport(request, { ...call, budget });
  }),
  requestFlaw("scans pages of any size", (request) => ({ ...request, selection: {} })),
  aroundFlaw("begins anew where a scan is refused", (transport) => async (request, call) => {
    try {
      return await transport(request, call);
    } catch (error) {
      if (request.kind !== "scan_items") throw error;
      const whole = { segment: { index: 0, of: 1 }, selection: {}, pageToken: undefined };
      return transport({ ...request, ...whole }, call);
    }
  }),
  clientFlaw("goes on with scans at their own server alone", (client, number) => ({
    scanItems: async (input, options) => {
      if (number !== 1 || input.pageToken === undefined) return client.scanItems(input, options);
      throw new KvError("INVALID_ARGUMENT", "the token is of another server");
    },
  })),
  clientFlaw("stands at the beginning in every checkpoint", (client) => ({
    scan: async function* (input, options) {
      for await (const page of client.scan(input, options)) {
        const { namespace, segments } = page.checkpoint;
        const isOver = segments.every((one) => one === "end");
        const stands = isOver ? segments : segments.map(() => "begin" as const);
        yield { ...page, checkpoint: { namespace, segments: stands } };
      }
    },
  })),
  clientFlaw("scans one segment after another", (client) => ({
    scan: (input, options) => bySegments(client, input, options),
  })),
  clientFlaw("scans all segments at once", (client) => ({
    scan: (input, options) => client.scan({ ...input, concurrency: 100 }, options),
  })),
  clientFlaw("scans on for callers who gave up", (client) => ({
    scan: (input) => client.scan(input),
  })),
];
