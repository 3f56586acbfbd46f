/**
 * The collector of chunks that nothing refers to: of overwritten and deleted values, and of puts that never came
 * (CHUNK-3, CHUNK-4). It keeps nothing in memory: what it found out lies beside the chunks, so any server goes on
 * where another stopped.
 */
import { EMPTY_BYTES } from "../model/bytes.ts";
import { type ChunkOwner, decodeOwner } from "../model/chunk.ts";
import type { Micros } from "../model/time.ts";
import { NONCE_BYTES } from "../model/token.ts";
import { deleteVersion, putVersion, type Version } from "../model/version.ts";
import type { Namespace } from "../namespace/namespace.ts";
import { type ChunkFate, fateOfChunks } from "../policy/collect-chunks.ts";
import type { EngineCall, Mutation, Row, ScanPage } from "../ports/storage-engine.ts";

/** A step of collection. */
export type CollectRequest = {
  /** Where the last step ended; undefined to begin. */
  readonly cursor: Uint8Array | undefined;
  /** Most rows to look at. */
  readonly rowLimit: number;
};

/** How far a step came, in partitions of chunks. `cursor` is undefined when the store has been gone through. */
export type CollectOutcome = {
  readonly doomed: number;
  readonly collected: number;
  readonly cursor: Uint8Array | undefined;
};

/** The key of the row that says since when a partition is doomed: before those of all chunks. */
const DOOM_KEY = EMPTY_BYTES;
const NO_NONCE = new Uint8Array(NONCE_BYTES);

/** One step of collection, by the call's `now`. Rejects with `KvError`; what was done until then stays done. */
export async function collectChunks(
  request: CollectRequest,
  namespace: Namespace,
  call: EngineCall,
): Promise<CollectOutcome> {
  const { chunks } = namespace;
  const strong = { ...call, consistency: chunks.consistency };
  const read = { table: chunks.table, segment: { index: 0, of: 1 }, projection: "keys" } as const;
  const page = await chunks.engine.scan({ ...read, ...request }, strong);
  let [doomed, collected] = [0, 0];
  for (const [id, owner] of partitionsOf(page)) {
    const fate = await decide(id, owner, namespace, strong);
    if (fate === "doom") doomed += 1;
    if (fate === "collect") collected += 1;
    await carryOut(fate, id, namespace, strong);
  }
  return { doomed, collected, cursor: page.cursor };
}

/** Partitions in a page of rows, each once, and whose chunks they hold. */
function partitionsOf(page: ScanPage): ReadonlyMap<string, ChunkOwner> {
  const partitions = new Map<string, ChunkOwner>();
  for (const { id, row } of page.entries) {
    if (row.key.length === 0 || partitions.has(id)) continue;
    const owner = ownerOf(row);
    if (owner !== undefined) partitions.set(id, owner);
  }
  return partitions;
}

function ownerOf({ metadata, version }: Row): ChunkOwner | undefined {
  const owner = decodeOwner(metadata);
  if (owner === undefined) return undefined;
  return { ...owner, token: { generationTime: version.time, nonce: version.nonce } };
}

async function decide(
  id: string,
  owner: ChunkOwner,
  namespace: Namespace,
  call: EngineCall,
): Promise<ChunkFate> {
  const { chunks } = namespace;
  const { now } = call;
  const facts = { staged: owner.token, head: undefined, doomedAt: undefined };
  // Young ones need no look at the item, and most of those looked at are the item's own.
  if (fateOfChunks(facts, now, chunks) === "keep") return "keep";
  const head = await headOf(owner, namespace, call);
  if (fateOfChunks({ ...facts, head }, now, chunks) === "keep") return "keep";
  return fateOfChunks({ ...facts, head, doomedAt: await doomOf(id, namespace, call) }, now, chunks);
}

/** The write that the item is from now, by the most that the primary can promise. */
async function headOf(
  { id, key }: ChunkOwner,
  { engine, table }: Namespace,
  call: EngineCall,
): Promise<ChunkOwner["token"] | undefined> {
  const { consistency } = engine.capabilities;
  const strong = {
    ...call,
    consistency: consistency.includes("quorum") ? "quorum" : "eventual",
  } as const;
  const { rows } = await engine.readKeys({ table, id, keys: [key], projection: "keys" }, strong);
  const [row] = rows;
  if (row === undefined || isOver(row.version, call.now)) return undefined;
  return { generationTime: row.version.time, nonce: row.version.nonce };
}

function isOver({ expiry }: Version, now: Micros): boolean {
  return expiry !== 0 && expiry <= now;
}

async function doomOf(
  id: string,
  { chunks }: Namespace,
  call: EngineCall,
): Promise<Micros | undefined> {
  const read = { table: chunks.table, id, keys: [DOOM_KEY], projection: "keys" } as const;
  const { rows } = await chunks.engine.readKeys(read, call);
  return rows[0]?.version.time;
}

async function carryOut(
  fate: ChunkFate,
  id: string,
  { chunks }: Namespace,
  call: EngineCall,
): Promise<void> {
  const mutation = mutationFor(fate, call.now);
  if (mutation === undefined) return;
  const outcomes = await chunks.engine.write({ table: chunks.table, id }, [mutation], call);
  for (const outcome of outcomes) if (outcome.kind === "failed") throw outcome.error;
}

function mutationFor(fate: ChunkFate, now: Micros): Mutation | undefined {
  const token = { generationTime: now, nonce: NO_NONCE };
  switch (fate) {
    case "keep":
    case "wait":
      return undefined;
    case "doom":
      return {
        kind: "put",
        row: {
          key: DOOM_KEY,
          value: EMPTY_BYTES,
          metadata: EMPTY_BYTES,
          version: putVersion(token, 0),
        },
      };
    case "collect":
      return { kind: "delete_record", version: deleteVersion(token) };
    default:
      throw fate satisfies never;
  }
}
