/** What can be wrong with large values, and with the sources of tokens. */
import { KvError } from "../../../src/model/error.ts";
import { DAY, type Micros } from "../../../src/model/time.ts";
import { monotonicTokens, type TokenSource } from "../../../src/client/token-source.ts";
import type { Env } from "../../../src/ports/env.ts";
import type { Mutation, Partition } from "../../../src/ports/storage-engine.ts";
import { concatBytes } from "../../../src/model/bytes.ts";
import {
  aroundFlaw,
  clientFlaw,
  connectFlaw,
  deploymentFlaw,
  engineFlaw,
  type Flaw,
  overlayFlaw,
} from "./flaw.ts";

const isOfChunks = ({ table }: { readonly table: string }): boolean => table.endsWith("_chunks");

/** Partitions of chunks lack some parts of their names, of: time, nonce, owner, size, bucket. */
const without = (...left: readonly number[]) => ({
  partition: (partition: Partition): Partition => {
    const parts = partition.id.split(".");
    // A scan tells the name that a partition got here; it stays as it is.
    if (!isOfChunks(partition) || parts.length !== 5) return partition;
    return { ...partition, id: parts.filter((_, i) => !left.includes(i)).join(".") };
  },
});

/** Storage. */
const engineFlaws: readonly Flaw[] = [
  engineFlaw("stores no chunks", {
    mutations: (mutations, partition) => (isOfChunks(partition) ? [] : mutations),
  }),
  engineFlaw("has all chunks of a value in one partition", without(4)),
  engineFlaw("names partitions of chunks by write and item, not by staging", without(2)),
  engineFlaw("names partitions of chunks by the item alone", without(0, 1, 2)),
  engineFlaw("has one store of chunks for all namespaces", {
    partition: (partition) =>
      isOfChunks(partition) ? { ...partition, table: "all_chunks" } : partition,
  }),
  engineFlaw("writes into a partition of chunks once", writesOnce()),
  engineFlaw("gives chunks an expiry of a minute", {
    mutation: (mutation, now) =>
      mutation.kind === "put" && mutation.row.key.length === 4 && mutation.row.metadata[0] === 1
        ? expiring(mutation, now + 60e6)
        : mutation,
  }),
];

function writesOnce(): { mutations: (list: readonly Mutation[], at: Partition) => Mutation[] } {
  const seen = new Set<string>();
  return {
    mutations: (mutations, { table, id }) => {
      if (!isOfChunks({ table })) return [...mutations];
      const isNew = !seen.has(`${table} ${id}`);
      seen.add(`${table} ${id}`);
      return isNew ? [...mutations] : [];
    },
  };
}

function expiring(mutation: Extract<Mutation, { kind: "put" }>, expiry: Micros): Mutation {
  const { row } = mutation;
  return { ...mutation, row: { ...row, version: { ...row.version, rank: 1, expiry } } };
}

/** Namespaces. */
const namespaceFlaws: readonly Flaw[] = [
  overlayFlaw("stores a byte too many inline", ({ chunking, ...rest }) => ({
    ...rest,
    chunking: { ...chunking, aboveBytes: (chunking?.aboveBytes ?? 1024 * 1024 - 1) + 1 },
  })),
  overlayFlaw("stores no more than half a megabyte inline", ({ chunking, ...rest }) => ({
    ...rest,
    chunking: { aboveBytes: 512 * 1024, ...chunking },
  })),
  overlayFlaw("gives readers of the past no grace", ({ chunking, ...rest }) => ({
    ...rest,
    chunking: { ...chunking, graceMicros: 0 },
  })),
  overlayFlaw("joins values of any size", ({ chunking, ...rest }) => ({
    ...rest,
    chunking: { ...chunking, wholeBytesMax: 1e9 },
  })),
  overlayFlaw("takes tokens of any age", ({ tokens, ...rest }) => ({
    ...rest,
    tokens: { ...tokens, maxAge: DAY / 2 },
  })),
];

/** Servers. */
const serverFlaws: readonly Flaw[] = [
  aroundFlaw("puts what is staged at once", (transport) => async (request, call) => {
    const answer = await transport(request, call);
    if (request.kind === "stage_chunks") {
      const { namespace, id, token, capabilities, key, chunks } = request;
      const items = [{ key, value: concatBytes(...chunks) }];
      await transport({ kind: "put_items", namespace, id, token, capabilities, items }, call);
    }
    return answer;
  }),
  aroundFlaw("takes whatever is staged and committed", (transport) => async (request, call) => {
    try {
      return await transport(request, call);
    } catch (error) {
      const isWrite = request.kind === "stage_chunks" || request.kind === "put_items";
      if (!(error instanceof KvError) || error.code !== "INVALID_ARGUMENT" || !isWrite) throw error;
      const { namespace, capabilities } = request;
      const known = await transport({ kind: "handshake", namespace, capabilities }, call);
      return { ...known, outcomes: [] } as never;
    }
  }),
  aroundFlaw("stages under any token", (transport) => async (request, call) => {
    try {
      return await transport(request, call);
    } catch (error) {
      if (request.kind !== "stage_chunks") throw error;
      const { namespace, capabilities } = request;
      return (await transport({ kind: "handshake", namespace, capabilities }, call)) as never;
    }
  }),
  aroundFlaw("leaves joining to those who cannot", (transport) => (request, call) => {
    const capabilities = { ...request.capabilities, chunking: true };
    return transport(
      request.kind === "get_items" ? { ...request, capabilities } : request,
      call,
    ) as never;
  }),
];

/** Clean-up. */
const sweepFlaws: readonly Flaw[] = [
  deploymentFlaw("never collects chunks", () => ({ sweep: async () => undefined })),
  deploymentFlaw("collects every chunk", ({ sweep, chunkRows }, { namespaces }) => ({
    sweep: async () => {
      await sweep();
      for (const { name } of namespaces) {
        for (const row of await chunkRows(name).list()) await chunkRows(name).remove(row);
      }
    },
  })),
];

/** Clients. */
const clientFlaws: readonly Flaw[] = [
  connectFlaw("has more requests out than its window", ({ limits, ...wish }) => ({
    ...wish,
    limits: { ...limits, chunkWindow: 8 },
  })),
  connectFlaw("sends each request once", ({ limits, ...wish }) => ({
    ...wish,
    limits: { ...limits, attemptsMax: 1 },
  })),
  connectFlaw("sends what it stages in single chunks", ({ around = (same) => same, ...wish }) => ({
    ...wish,
    around: (transport) => {
      const outer = around(transport);
      return async (request, call) => {
        if (request.kind !== "stage_chunks") return outer(request, call);
        let answer: unknown;
        for (const [i, chunk] of request.chunks.entries()) {
          answer = await outer({ ...request, first: request.first + i, chunks: [chunk] }, call);
        }
        return answer as never;
      };
    },
  })),
  clientFlaw("takes a stream that fails for one that ends", (client) => ({
    putValue: (input, source, options) =>
      client.putValue(input, endingEarly(source), options).catch((error: unknown) => {
        if (error instanceof KvError && error.code === "TOO_LARGE") throw error;
        return client.putItems({ ...input, items: [] });
      }),
  })),
  clientFlaw("drops single bytes of a stream", (client) => ({
    putValue: (input, source, options) => client.putValue(input, longPieces(source), options),
  })),
  clientFlaw("forgets what comes with a stream", (client) => ({
    putValue: ({ content: _content, ttlMicros: _ttl, ...input }, source, options) =>
      client.putValue(input, source, options),
  })),
  clientFlaw("answers lost values as empty", (client) => ({
    getItems: async (input, options) => {
      try {
        return await client.getItems(input, options);
      } catch (error) {
        if (!(error instanceof KvError) || error.code !== "DATA_LOSS") throw error;
        return client.getItems({ ...input, selection: { include: "keys" } }, options);
      }
    },
  })),
  clientFlaw("says nothing of chunks", (client) => ({
    getItems: async (input, options) => {
      const { items, ...rest } = await client.getItems(input, options);
      const bare = items.map(({ metadata: { chunk: _chunk, ...metadata }, ...item }) => ({
        ...item,
        metadata,
      }));
      return { ...rest, items: bare };
    },
  })),
];

async function* endingEarly(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    yield* source;
  } catch {
    // What came until now is all there is.
  }
}

async function* longPieces(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  for await (const piece of source) if (piece.length > 1) yield piece;
}

/** Sources of tokens. */
const sourceFlaws: readonly Flaw[] = [
  connectFlaw("dates writes however far ahead", (wish, env) => ({
    tokens: { ...monotonicTokens(wish.env ?? env), observe: () => undefined },
    ...wish,
  })),
  connectFlaw("believes what it heard first", (wish, env) => ({
    tokens: observingOnce(wish.env ?? env),
    ...wish,
  })),
  connectFlaw("takes no tokens but its own", ({ tokens: _tokens, ...wish }) => wish),
];

function observingOnce(env: Env): TokenSource {
  const source = monotonicTokens(env);
  let heard = false;
  return {
    next: source.next,
    observe: (server) => {
      if (!heard) source.observe(server);
      heard = true;
    },
    refused: source.refused,
  };
}

export const chunkFlaws: readonly Flaw[] = [
  ...engineFlaws,
  ...namespaceFlaws,
  ...serverFlaws,
  ...sweepFlaws,
  ...clientFlaws,
  ...sourceFlaws,
];
