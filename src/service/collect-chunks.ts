/**
 * The collector of chunks that nothing refers to: of overwritten and deleted values, and of puts that never came
 * (CHUNK-3, CHUNK-4). It keeps nothing in memory: what it found out lies beside the chunks, so any server goes on
 * where another stopped.
 */
import { decodeMetadata } from "../codec/item-metadata.ts";
import { EMPTY_BYTES } from "../model/bytes.ts";
import { type ChunkOwner, decodeOwner, type Staging } from "../model/chunk.ts";
import { asKvError, KvError } from "../model/error.ts";
import { DAY, type Micros } from "../model/time.ts";
import { NONCE_BYTES } from "../model/token.ts";
import { deleteVersion, putVersion, type Version } from "../model/version.ts";
import type { Namespace } from "../namespace/namespace.ts";
import { type ChunkFacts, type ChunkFate, fateOfChunks } from "../policy/collect-chunks.ts";
import type { EngineCall, Mutation, Row, ScanPage } from "../ports/storage-engine.ts";

/** A step of collection. */
export type CollectRequest = {
  /** Where the last step ended; undefined to begin. */
  readonly cursor: Uint8Array | undefined;
  /** Most rows to look at. */
  readonly rowLimit: number;
};

/** How far a step came, in partitions of chunks. */
export type CollectOutcome = {
  readonly doomed: number;
  readonly collected: number;
  /** Undefined when the store has been gone through. */
  readonly cursor: Uint8Array | undefined;
  /** Of the first partition that was kept since what it belongs to does not decode. */
  readonly damage: KvError | undefined;
};

/** The key of the row that says since when a partition is doomed: before those of all chunks. */
const DOOM_KEY = EMPTY_BYTES;
/**
 * How much longer than the grace that row lives. It ends by itself, since two collectors at once may leave one behind
 * in a partition that has nothing else any more, and nobody would look there again.
 */
const DOOM_SLACK: Micros = 30 * DAY;
const NO_NONCE = new Uint8Array(NONCE_BYTES);

/**
 * One step of collection, by the call's `now`. Rejects with `KvError`; what was done until then stays done. Damage holds
 * up nothing but the partition that it is found in.
 */
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
  let damage: KvError | undefined;
  for (const partition of partitionsOf(page, request.cursor !== undefined)) {
    const verdict = await unlessDamaged(decide(partition, namespace, strong));
    if (verdict instanceof KvError) {
      damage ??= verdict;
      continue;
    }
    if (verdict.fate === "doom") doomed += 1;
    if (verdict.fate === "collect") collected += 1;
    await carryOut(verdict, partition.id, namespace, strong);
  }
  return { doomed, collected, cursor: page.cursor, damage };
}

async function unlessDamaged(verdict: Promise<Verdict>): Promise<Verdict | KvError> {
  try {
    return await verdict;
  } catch (thrown) {
    const error = asKvError(thrown);
    if (error.code === "DATA_LOSS") return error;
    throw error;
  }
}

/** A partition of chunks, as one page of a scan shows it. */
type Partition = {
  readonly id: string;
  readonly owner: ChunkOwner;
  /** Whether its first row says that it is doomed, or lies on an earlier page and may. */
  readonly seemsDoomed: boolean;
};

/** Partitions in a page of rows, each once; of one that goes on from the page before only the end is in it. */
function partitionsOf(page: ScanPage, goesOn: boolean): readonly Partition[] {
  const partitions = new Map<string, Partition>();
  const [first] = page.entries;
  const doomed = new Set(goesOn && first !== undefined ? [first.id] : []);
  for (const { id, row } of page.entries) {
    if (row.key.length === 0) doomed.add(id);
    const owner = partitions.has(id) ? undefined : ownerOf(row);
    if (owner !== undefined) partitions.set(id, { id, owner, seemsDoomed: doomed.has(id) });
  }
  return [...partitions.values()];
}

function ownerOf({ metadata, version }: Row): ChunkOwner | undefined {
  const owner = decodeOwner(metadata);
  if (owner === undefined) return undefined;
  return { ...owner, token: { generationTime: version.time, nonce: version.nonce } };
}

/** What becomes of a partition, and when it was doomed. */
type Verdict = { readonly fate: ChunkFate; readonly doomedAt: Micros | undefined };

async function decide(
  { id, owner, seemsDoomed }: Partition,
  namespace: Namespace,
  call: EngineCall,
): Promise<Verdict> {
  const { chunks } = namespace;
  const keep: Verdict = { fate: "keep", doomedAt: undefined };
  const facts = { staged: owner, head: undefined, doomedAt: undefined };
  const isKept = (known: ChunkFacts): boolean => fateOfChunks(known, call.now, chunks) === "keep";
  // Young ones need no look at the item, and most of those looked at are the item's own.
  if (isKept(facts)) return keep;
  const head = await headOf(owner, namespace, call);
  if (!seemsDoomed && isKept({ ...facts, head })) return keep;
  const doomedAt = await doomOf(id, namespace, call);
  return { fate: fateOfChunks({ ...facts, head, doomedAt }, call.now, chunks), doomedAt };
}

/**
 * The staging that the item's value is of now, by every copy of it: a put that reached one copy and was never
 * acknowledged is found by no quorum today, and by one tomorrow, when its chunks must still be there.
 */
async function headOf(
  { id, key }: ChunkOwner,
  { engine, table }: Namespace,
  call: EngineCall,
): Promise<Staging | undefined> {
  const settled = { ...call, consistency: "all" } as const;
  const { rows } = await engine.readKeys({ table, id, keys: [key], projection: "keys" }, settled);
  const [row] = rows;
  if (row === undefined || isOver(row.version, call.now)) return undefined;
  const { chunk } = decodeMetadata(row.metadata);
  const { time: generationTime, nonce } = row.version;
  return chunk && { token: { generationTime, nonce }, staging: chunk.staging };
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
  const [row] = (await chunks.engine.readKeys(read, call)).rows;
  return row === undefined || isOver(row.version, call.now) ? undefined : row.version.time;
}

async function carryOut(
  verdict: Verdict,
  id: string,
  namespace: Namespace,
  call: EngineCall,
): Promise<void> {
  const { chunks } = namespace;
  const mutation = mutationFor(verdict, call.now, namespace);
  if (mutation === undefined) return;
  const outcomes = await chunks.engine.write({ table: chunks.table, id }, [mutation], call);
  for (const outcome of outcomes) if (outcome.kind === "failed") throw outcome.error;
}

function mutationFor(
  { fate, doomedAt = 0 }: Verdict,
  now: Micros,
  { chunks, retention }: Namespace,
): Mutation | undefined {
  // A doom may be of a clock that ran ahead: what takes it back must be the newer one all the same.
  const token = { generationTime: Math.max(now, doomedAt), nonce: NO_NONCE };
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
          version: putVersion(token, now + chunks.grace + DOOM_SLACK),
        },
      };
    case "pardon":
      return {
        kind: "delete_key",
        key: DOOM_KEY,
        version: deleteVersion(token),
        removeAt: token.generationTime + retention,
      };
    case "collect":
      return { kind: "delete_record", version: deleteVersion(token) };
    default:
      throw fate satisfies never;
  }
}
