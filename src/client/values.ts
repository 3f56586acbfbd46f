/** Values on their way: compressed and staged before a put, fetched and decoded after a read. */
import type { CodecParts } from "../codec/codec-parts.ts";
import { EMPTY_BYTES } from "../model/bytes.ts";
import type { ClientCapabilities, ServerFacts } from "../model/capabilities.ts";
import { isInChunks, type Item } from "../model/item.ts";
import { matchKeys } from "../model/predicate.ts";
import type { GetItemsRequest, KvRequest, KvResponseOf, PutItem } from "../model/request.ts";
import type { IdempotencyToken } from "../model/token.ts";
import type { Random } from "../ports/random.ts";
import { checkBeforeStaging } from "./check-staged.ts";
import { type ChunkTraffic, fetchingBy, stagingBy } from "./chunk-requests.ts";
import { compressItems, type DecodeParts, decodeItems, isCompressed } from "./compressed-values.ts";
import type { ValueReader } from "./inputs.ts";
import {
  fetchLargeItems,
  type LargeReads,
  mayNeedStaging,
  onePiece,
  stageItem,
  stageLargeItems,
  valueStream,
} from "./large-values.ts";

/** What one call's values are moved with. */
export type ValueParts = {
  readonly capabilities: ClientCapabilities;
  readonly codec: CodecParts;
  readonly random: Random;
  readonly limits: { readonly chunkWindow: number; readonly wholeBytesMax: number };
  /** Sends a request of the call to its end, retries included. */
  readonly send: <R extends KvRequest>(request: R) => Promise<KvResponseOf<R>>;
  /**
   * Asks what a namespace is now. Chunks and the put that commits them must meet in one namespace, also when the name
   * is an alias that is pointed elsewhere in between (NS-4).
   */
  readonly greet: (namespace: string) => Promise<ServerFacts>;
};

/** The record that a put is of; its namespace may be an alias. */
export type PutTarget = {
  readonly namespace: string;
  readonly id: string;
  readonly token: IdempotencyToken;
  readonly ifAbsent?: true | undefined;
};

/** What is left to send: the items as they are stored, and the namespace that holds their chunks. */
export type ReadyPut = { readonly namespace: string; readonly items: readonly PutItem[] };

/** Whether nothing is to be compressed or staged: most puts, which then need not wait for any of that. */
export function goAsTheyAre(
  items: readonly PutItem[],
  facts: ServerFacts | undefined,
  { chunking }: ClientCapabilities,
): boolean {
  if (facts !== undefined && facts.limits.compression.codec !== "none") return false;
  return !chunking || !mayNeedStaging(items, facts?.limits);
}

/** Makes the items of a put ready; `facts` are what is known of the namespace, undefined before the first reply. */
export async function readyItems(
  plain: readonly PutItem[],
  target: PutTarget,
  facts: ServerFacts | undefined,
  parts: ValueParts,
): Promise<ReadyPut> {
  const { namespace, id, token } = target;
  const items = await compressItems(plain, namespace, facts, parts.codec);
  const canStage = parts.capabilities.chunking && mayNeedStaging(items, facts?.limits);
  if (!canStage) return { namespace, items };
  const pinned = await parts.greet(namespace);
  checkBeforeStaging(items, target, pinned.limits);
  const staging = stagingBy(trafficOf(pinned, parts));
  const at = { namespace: pinned.namespace, id, token };
  return { namespace: pinned.namespace, items: await stageLargeItems(items, at, staging) };
}

/** Makes one item ready whose value comes as a stream. */
export async function readyStream(
  bare: Omit<PutItem, "value">,
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  { namespace, id, token }: PutTarget,
  parts: ValueParts,
): Promise<ReadyPut> {
  const pinned = await parts.greet(namespace);
  checkBeforeStaging([{ ...bare, value: EMPTY_BYTES }], { id }, pinned.limits);
  const at = { namespace: pinned.namespace, id, token };
  const item = await stageItem(bare, source, at, stagingBy(trafficOf(pinned, parts)));
  return { namespace: pinned.namespace, items: [item] };
}

/** How chunks are sent and asked for, by the limits of the namespace that has them. */
function trafficOf({ limits }: ServerFacts, parts: ValueParts): ChunkTraffic {
  const { send, capabilities } = parts;
  return { send, capabilities, limits, window: parts.limits.chunkWindow, random: parts.random };
}

/** What a page was, for its values to be got: where its items were found, and how they were asked for. */
export type ReadOrigin = {
  readonly request: GetItemsRequest;
  readonly server: ServerFacts;
};

/** Whether the items came with their values as they were put, or without any because that is what was asked for. */
export function haveArrived(items: readonly Item[]): boolean {
  return !items.some((item) => isInChunks(item) || isCompressed(item));
}

/** The items of a page with their values as they were put. */
export async function arrivedItems(
  items: readonly Item[],
  origin: ReadOrigin,
  parts: ValueParts,
): Promise<readonly Item[]> {
  if (haveArrived(items)) return items;
  const { wholeBytesMax } = parts.limits;
  const withoutLarger = (some: readonly Item[]): readonly Item[] =>
    some.map((item) => (isLarger(item, wholeBytesMax) ? omitted(item) : item));
  const stored = await fetchLargeItems(withoutLarger(items), largeReads(origin, parts));
  // What took another's place may be longer than that was.
  return decodeItems(withoutLarger(stored), decodeParts(origin, parts));
}

/** Whether the value is compressed, and too long to come with its item once it is decoded. */
function isLarger({ metadata: { compression } }: Item, bytesMax: number): boolean {
  return compression !== undefined && compression.originalBytes > bytesMax;
}

function omitted(item: Item): Item {
  return { ...item, value: EMPTY_BYTES, valueOmitted: true };
}

/** One item with its value as a stream; undefined when it went away meanwhile. */
export async function arrivedStream(
  item: Item,
  origin: ReadOrigin,
  parts: ValueParts,
): Promise<ValueReader | undefined> {
  const bare = omitted(item);
  if (!isCompressed(item)) {
    return { item: bare, value: valueStream(item, largeReads(origin, parts)) };
  }
  // What was compressed whole is decoded whole: nothing is too long to come, since there is no other way to it.
  const limits = { ...parts.limits, wholeBytesMax: Number.POSITIVE_INFINITY };
  const [whole] = await arrivedItems([item], origin, { ...parts, limits });
  // It may have been overwritten since the first look: what is said of the value is of the same write.
  return whole && { item: omitted(whole), value: onePiece(whole.value) };
}

/** How chunks are fetched: from the namespace in which their items were found. */
function largeReads(origin: ReadOrigin, parts: ValueParts): LargeReads {
  const { request, server } = origin;
  const traffic = trafficOf(server, parts);
  return {
    fetching: (key) => fetchingBy({ namespace: server.namespace, id: request.id, key }, traffic),
    wholeBytesMax: parts.limits.wholeBytesMax,
    reread: async (key) => (await parts.send(onlyKey(key, origin))).items[0],
  };
}

function decodeParts(origin: ReadOrigin, parts: ValueParts): DecodeParts {
  const { send, codec } = parts;
  const { namespace, limits } = origin.server;
  return {
    namespace,
    valueBytesMax: limits.maxValueBytes,
    codec,
    rereadPlain: async (key) => {
      const request = onlyKey(key, origin);
      const capabilities = { ...request.capabilities, codecs: [], dictionaries: false };
      const { items } = await send({ ...request, capabilities });
      // Overwritten meanwhile, it may be a value that lies in chunks; what takes its place in turn is to be plain, too.
      const plain = { ...origin, request: { ...origin.request, capabilities } };
      return (await fetchLargeItems(items, largeReads(plain, parts)))[0];
    },
  };
}

/** The same read, of one item alone. */
function onlyKey(key: Uint8Array, { request, server }: ReadOrigin): GetItemsRequest {
  const { namespace } = server;
  return { ...request, namespace, predicate: matchKeys(key), pageToken: undefined };
}
