/** The requests that chunks travel in, for the upload and the download of values (CHUNK-6). */
import type { ClientCapabilities, NamespaceLimits } from "../model/capabilities.ts";
import type { KvRequest, KvResponseOf } from "../model/request.ts";
import type { Random } from "../ports/random.ts";
import type { Fetching } from "./chunked-download.ts";
import type { StagingTraffic } from "./chunked-upload.ts";

/** How one call sends its requests. */
export type ChunkTraffic = {
  /** Sends a request to its end, retries included, within the call's bounds. */
  readonly send: <R extends KvRequest>(request: R) => Promise<KvResponseOf<R>>;
  readonly capabilities: ClientCapabilities;
  readonly limits: NamespaceLimits;
  /** Requests under way at a time. */
  readonly window: number;
  readonly random: Random;
};

/** How chunks are staged. */
export function stagingBy({
  send,
  capabilities,
  limits,
  window,
  random,
}: ChunkTraffic): StagingTraffic {
  return {
    limits,
    window,
    random,
    send: async (target, portion) => {
      await send({ kind: "stage_chunks", ...target, ...portion, capabilities });
    },
  };
}

/** How the chunks of one item are fetched. */
export function fetchingBy(
  item: { readonly namespace: string; readonly id: string; readonly key: Uint8Array },
  { send, capabilities, limits, window }: ChunkTraffic,
): Fetching {
  return {
    limits,
    window,
    load: async (chunk, { first, count }) => {
      const { chunks } = await send({
        kind: "get_chunks",
        ...item,
        capabilities,
        chunk,
        first,
        count,
      });
      return chunks;
    },
  };
}
