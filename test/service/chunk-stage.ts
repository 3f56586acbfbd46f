import { memory } from "../../src/engines/memory/adapter.ts";
import { matchKeys } from "../../src/model/predicate.ts";
import { utf8 } from "../../src/model/bytes.ts";
import { PLAIN_CLIENT } from "../../src/model/capabilities.ts";
import type {
  GetItemsRequest,
  PutItemsRequest,
  StageChunksRequest,
} from "../../src/model/request.ts";
import { MINUTE, SECOND } from "../../src/model/time.ts";
import {
  type Namespace,
  type NamespaceOptions,
  resolveNamespace,
  tablesOf,
} from "../../src/namespace/namespace.ts";
import { neverAborted } from "../../src/ports/never-aborted.ts";
import type { EngineCall, Row, StorageEngine } from "../../src/ports/storage-engine.ts";
import { steppedEnv } from "../fakes/stepped-env.ts";
import { serviceStage, type ServiceStage, tokenAt } from "./service-stage.ts";

/** Chunks of 16 bytes above 64; a window of ten minutes; a grace of five. */
export const SMALL: Partial<NamespaceOptions> = {
  tokens: { maxAge: 10 * MINUTE, maxDrift: SECOND },
  chunking: { aboveBytes: 64, chunkBytes: 16, graceMicros: 5 * MINUTE, putMicrosMax: MINUTE },
};

/** A server over the memory engine, whose verbs may be watched or replaced, and its namespace `users`. */
export type ChunkStage = ServiceStage & {
  readonly namespace: Namespace;
  readonly engineCall: () => EngineCall;
  /** Live rows of the chunk table, partition and row. */
  readonly rows: () => Promise<readonly { readonly id: string; readonly row: Row }[]>;
};

/** Opens one. `change` stands between server and engine. */
export async function chunkStage(
  change: (engine: StorageEngine) => Partial<StorageEngine> = () => ({}),
): Promise<ChunkStage> {
  const env = steppedEnv();
  const opened = await memory().open({ env, native: (_label, thunk) => thunk() });
  const engine = { ...opened, ...change(opened) };
  const stage = serviceStage(engine, SMALL, env);
  const namespace = resolveNamespace({ name: "users", ...SMALL }, { primary: engine });
  const engineCall = (): EngineCall => ({
    deadline: env.clock.monotonic() + MINUTE,
    signal: neverAborted,
    consistency: "quorum",
    now: env.clock.wall(),
  });
  for (const { engine: _, ...spec } of tablesOf(namespace)) {
    await opened.provision(spec, engineCall());
  }
  const rows: ChunkStage["rows"] = async () => {
    const read = { table: namespace.chunks.table, segment: { index: 0, of: 1 }, cursor: undefined };
    const page = await opened.scan({ ...read, rowLimit: 10_000, projection: "rows" }, engineCall());
    return page.entries;
  };
  return { ...stage, namespace, engineCall, rows };
}

/** Bytes that differ from place to place. */
export function valueOf(length: number, seed = 0): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 7 + seed) % 251);
}

const chunking = { ...PLAIN_CLIENT, chunking: true };

/** A put of one value under key `k` of record `r`. */
export function putOf(value: Uint8Array, at = 0): PutItemsRequest {
  const items = [{ key: utf8("k"), value }];
  return {
    kind: "put_items",
    namespace: "users",
    capabilities: PLAIN_CLIENT,
    id: "r",
    token: tokenAt(at),
    items,
  };
}

/** A read of key `k` of record `r`, whole or by a client that chunks. */
export function getOf(
  capabilities: GetItemsRequest["capabilities"] = PLAIN_CLIENT,
): GetItemsRequest {
  return {
    kind: "get_items",
    namespace: "users",
    capabilities,
    id: "r",
    predicate: matchKeys(utf8("k")),
    selection: {},
  };
}

/** The number of the only staging that tests make of a value. */
export const STAGING: Uint8Array = new Uint8Array(8).fill(7);

/** Chunks of 16 bytes of the value under key `k` of record `r`. */
export function stageOf(
  value: Uint8Array,
  changes: Partial<StageChunksRequest> = {},
): StageChunksRequest {
  const chunks = Array.from({ length: Math.ceil(value.length / 16) }, (_, i) =>
    value.slice(i * 16, i * 16 + 16),
  );
  return {
    kind: "stage_chunks",
    namespace: "users",
    capabilities: chunking,
    id: "r",
    key: utf8("k"),
    token: tokenAt(),
    staging: STAGING,
    chunkBytes: 16,
    first: 0,
    chunks,
    ...changes,
  };
}

/** What a client that chunks says of itself. */
export const CHUNKING: GetItemsRequest["capabilities"] = chunking;
