/** Carries one operation out through the public client and notes what came of it. */
import {
  type CallOptions,
  type GetItemsInput,
  type GetItemsResult,
  KvError,
  matchAll,
  matchKeys,
  matchRange,
  type Micros,
  type Predicate,
} from "kvdal";
import type { KvClient } from "kvdal/client";
import { ALIAS } from "./namespace-plan.ts";
import { askStatus, handIn } from "./perform-lists.ts";
import type { Places } from "./places.ts";
import type { Operation } from "./operation.ts";
import { performScan } from "./perform-scan.ts";
import type { AcceptedLists } from "./list-recorder.ts";
import type { OpenOperation } from "./recorder.ts";
import { seen } from "./seen.ts";
import { valueOf } from "./values.ts";

/** What an operation is performed with. */
export type Task = {
  readonly operation: Operation;
  readonly id: string;
  /** The world's keys, sorted. */
  readonly keys: readonly Uint8Array[];
  readonly open: OpenOperation;
  /** The record of an id, -1 for none. */
  readonly recordOf: (id: string) => number;
  /** Time of the client passes. */
  readonly wait: (micros: Micros) => Promise<void>;
  /** Where the records are: of those of lists, too. */
  readonly places: Places;
  /** Lists that were accepted so far. */
  readonly lists: AcceptedLists;
};

/** Performs it to its end. Errors of the client are noted; anything else is a fault of the simulator and thrown. */
export async function perform(client: KvClient, task: Task, options?: CallOptions): Promise<void> {
  const { operation, id, keys, open, places } = task;
  const address = { namespace: places.namespaceOf(operation.record), id };
  try {
    switch (operation.kind) {
      case "put":
        await client.putItems({ ...address, items: itemsOf(operation, keys) }, options);
        return;
      case "get": {
        const predicate = matchKeys(...operation.keys.map((key) => keys[key] as Uint8Array));
        await getKeys(client, { ...address, predicate }, task, options);
        open.atOnce = open.pages.length === 1 && !open.inSteps;
        open.pages.length = 0;
        return;
      }
      case "page":
        await traverse(client, operation, task, options);
        return;
      case "scan":
        await performScan(client, operation, task, options);
        return;
      case "delete_keys":
      case "delete_range":
      case "delete_record":
        await client.deleteItems({ ...address, predicate: predicateOf(operation, keys) }, options);
        return;
      case "list":
        await handIn(client, operation, task, options);
        return;
      case "status":
        await askStatus(client, operation, task, options);
        return;
      default:
        throw operation satisfies never;
    }
  } catch (error) {
    if (!(error instanceof KvError)) throw error;
    open.error = error;
  }
}

function itemsOf(
  operation: Extract<Operation, { kind: "put" }>,
  keys: readonly Uint8Array[],
): Parameters<KvClient["putItems"]>[0]["items"] {
  const content = { note: valueOf(operation.index, 4) };
  const ttlMicros = operation.ttl;
  return operation.items.map(({ key, bytes }) => {
    const item = {
      key: keys[key] as Uint8Array,
      value: valueOf(operation.index, bytes),
      content,
    };
    return ttlMicros === 0 ? item : { ...item, ttlMicros };
  });
}

function predicateOf(
  operation: Extract<Operation, { kind: "delete_keys" | "delete_range" | "delete_record" }>,
  keys: readonly Uint8Array[],
): Predicate {
  switch (operation.kind) {
    case "delete_keys":
      return matchKeys(...operation.keys.map((key) => keys[key] as Uint8Array));
    case "delete_range":
      return matchRange(keys[operation.from], keys[operation.to]);
    case "delete_record":
      return matchAll;
    default:
      throw operation satisfies never;
  }
}

/** Reads a few keys by the verb for that; a slow engine makes them come in pages, too (SLO-2). */
async function getKeys(
  client: KvClient,
  input: GetItemsInput,
  task: Task,
  options: CallOptions | undefined,
): Promise<void> {
  let pageToken: Uint8Array | undefined;
  do {
    const page = await client.getItems({ ...input, pageToken }, options);
    see(page, task);
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
}

async function traverse(
  client: KvClient,
  operation: Extract<Operation, { kind: "page" }>,
  task: Task,
  options: CallOptions | undefined,
): Promise<void> {
  const { keys, id, places } = task;
  const { pageBytes, itemLimit, reverse, from, to, byAlias } = operation;
  const whole = from === 0 && to >= keys.length;
  const unlimited = { pageSizeBytes: pageBytes, reverse };
  const selection = itemLimit > 0 ? { ...unlimited, itemLimit } : unlimited;
  const predicate = whole ? matchAll : matchRange(keys[from], keys[to]);
  const namespace = byAlias ? ALIAS : places.namespaceOf(operation.record);
  const input = { namespace, id, predicate, selection };
  for await (const page of client.pages(input, options)) see(page, task);
}

/** Notes a page, and of each item which writes its parts say they are from. */
function see(page: GetItemsResult, { operation, keys, open }: Task): void {
  let bytes = 0;
  for (const item of page.items) {
    bytes += item.key.length + item.value.length;
    open.items.push(seen(item, keys));
  }
  const budget = operation.kind === "page" ? operation.pageBytes : Number.POSITIVE_INFINITY;
  const token = page.nextPageToken === undefined ? 0 : hashBytes(page.nextPageToken);
  open.pages.push({ items: page.items.length, bytes, budget, token });
}

/** Where a token begins to say where the traversal stands: before it are the seal, the format and the key's id. */
const POSITION_AT = 16 + 1 + 4;

/** 32 bits of where a token stands, never 0. */
function hashBytes(token: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (let i = POSITION_AT; i < token.length; i += 1) {
    hash = Math.imul(hash ^ (token[i] as number), 0x01000193);
  }
  return hash >>> 0 || 1;
}
