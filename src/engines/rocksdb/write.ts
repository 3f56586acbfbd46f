/** Read, compare, write: how the mutations of one record take effect, all in one batch. */
import { concatBytes, EMPTY_BYTES } from "../../model/bytes.ts";
import { KvError } from "../../model/error.ts";
import { checkKey, checkRange } from "../../model/limits.ts";
import { isEmptyRange } from "../../model/range.ts";
import type { Micros } from "../../model/time.ts";
import { compareVersions, type Version } from "../../model/version.ts";
import type {
  Mutation,
  MutationOutcome,
  Partition,
  PutIfAbsentOutcome,
  Row,
} from "../../ports/storage-engine.ts";
import { elect } from "../shared/last-write-wins.ts";
import { decodeRowVersion, encodeRow, type StoredRow } from "../shared/row-codec.ts";
import {
  isCovered,
  type RangeTombstone,
  tombstoneOf,
  withTombstone,
} from "../shared/tombstones.ts";
import { isLive } from "../shared/visibility.ts";
import { type Change, getAll, type NativeDb, writeAll } from "./binding.ts";
import { recordPrefix, ROWS, TOMBSTONES } from "./keys.ts";
import { type Claim, nameOf, rowsClaimed } from "./row-lock.ts";
import { decodeTombstones, encodeTombstones } from "./tombstone-list.ts";

const APPLIED: MutationOutcome = { kind: "applied" };
const SUPERSEDED: MutationOutcome = { kind: "superseded" };

/** A record as it is being changed: what the mutations so far have made of the parts that matter. */
type Draft = {
  readonly rowsPrefix: Uint8Array;
  readonly tombstonesKey: Uint8Array;
  /** Versions by native key, in a text of one unit a byte. */
  readonly versions: Map<string, Version>;
  /** Rows to write, by the same. */
  readonly rows: Map<string, Change>;
  readonly stored: readonly RangeTombstone[];
  tombstones: readonly RangeTombstone[];
};

/** Throws INVALID_ARGUMENT or TOO_LARGE when a mutation may not be stored. To be asked before anything is done. */
export function checkMutation(mutation: Mutation, valueBytesMax: number): void {
  switch (mutation.kind) {
    case "put":
      return checkRow(mutation.row, valueBytesMax);
    case "delete_key":
      return checkKey(mutation.key);
    case "delete_range": {
      const { range } = mutation;
      checkRange(range);
      if (isEmptyRange(range)) {
        throw new KvError("INVALID_ARGUMENT", "range is empty, wanted a start before its end");
      }
      return;
    }
    case "delete_record":
      return;
    default:
      throw mutation satisfies never;
  }
}

/** Throws TOO_LARGE when a key or value is past its limit. */
export function checkRow(row: Row, valueBytesMax: number): void {
  checkKey(row.key);
  if (row.value.length > valueBytesMax) {
    const found = `value is ${row.value.length} bytes`;
    throw new KvError("TOO_LARGE", `${found}, wanted at most ${valueBytesMax}`);
  }
}

/** What mutations change, and read in order to: their rows, or all of the record where a range of it goes. */
export function claimOf(mutations: readonly Mutation[]): Claim {
  const isByRow = mutations.every(({ kind }) => kind === "put" || kind === "delete_key");
  return isByRow ? rowsClaimed(mutations.flatMap(keyOf)) : undefined;
}

/** Applies mutations in order. What they claim must be held. */
export async function applyMutations(
  db: NativeDb,
  partition: Partition,
  mutations: readonly Mutation[],
): Promise<readonly MutationOutcome[]> {
  const draft = await loadDraft(db, partition, mutations.flatMap(keyOf));
  const outcomes = mutations.map((mutation) => applyMutation(draft, mutation));
  await writeAll(db, changesOf(draft));
  return outcomes;
}

/** Puts the row where none is live and no newer write was (PUT-5). The row must be held. */
export async function insertIfAbsent(
  db: NativeDb,
  partition: Partition,
  row: Row,
  now: Micros,
): Promise<PutIfAbsentOutcome> {
  const draft = await loadDraft(db, partition, [row.key]);
  const present = draft.versions.get(nameOf(concatBytes(draft.rowsPrefix, row.key)));
  if (present !== undefined && compareVersions(present, row.version) !== 0) {
    if (isLive(row.key, present, draft.tombstones, now)) return { kind: "present" };
  }
  const outcome = applyMutation(draft, { kind: "put", row });
  await writeAll(db, changesOf(draft));
  return { kind: outcome.kind === "applied" ? "inserted" : "present" };
}

async function loadDraft(
  db: NativeDb,
  partition: Partition,
  keys: readonly Uint8Array[],
): Promise<Draft> {
  const rowsPrefix = recordPrefix(ROWS, partition);
  const tombstonesKey = recordPrefix(TOMBSTONES, partition);
  const nativeKeys = keys.map((key) => concatBytes(rowsPrefix, key));
  const [list, ...rows] = await getAll(db, [tombstonesKey, ...nativeKeys]);
  const versions = new Map<string, Version>();
  for (const [i, bytes] of rows.entries()) {
    if (bytes !== undefined) {
      versions.set(nameOf(nativeKeys[i] as Uint8Array), decodeRowVersion(bytes));
    }
  }
  const stored = decodeTombstones(list);
  return { rowsPrefix, tombstonesKey, versions, rows: new Map(), stored, tombstones: stored };
}

function applyMutation(draft: Draft, mutation: Mutation): MutationOutcome {
  switch (mutation.kind) {
    case "put": {
      const { key, value, metadata, version } = mutation.row;
      return applyRow(draft, key, { version, removeAt: 0, metadata, value });
    }
    case "delete_key": {
      const { key, version, removeAt } = mutation;
      const marker = { version, removeAt, metadata: EMPTY_BYTES, value: EMPTY_BYTES };
      return applyRow(draft, key, marker);
    }
    case "delete_range":
    case "delete_record":
      return applyTombstone(draft, tombstoneOf(mutation));
    default:
      throw mutation satisfies never;
  }
}

function applyRow(draft: Draft, key: Uint8Array, row: StoredRow): MutationOutcome {
  if (isCovered(draft.tombstones, key, row.version)) return SUPERSEDED;
  const nativeKey = concatBytes(draft.rowsPrefix, key);
  const name = nameOf(nativeKey);
  const election = elect(draft.versions.get(name), row.version);
  if (election.kind === "answer") return election.outcome;
  draft.versions.set(name, row.version);
  draft.rows.set(name, { key: nativeKey, bytes: encodeRow(row) });
  return APPLIED;
}

function applyTombstone(draft: Draft, added: RangeTombstone): MutationOutcome {
  const before = draft.tombstones;
  draft.tombstones = withTombstone(before, added);
  if (draft.tombstones !== before) return APPLIED;
  const repeats = before.some(({ version }) => compareVersions(version, added.version) === 0);
  return repeats ? APPLIED : SUPERSEDED;
}

function changesOf(draft: Draft): readonly Change[] {
  const changes = [...draft.rows.values()];
  if (draft.tombstones === draft.stored) return changes;
  return [...changes, { key: draft.tombstonesKey, bytes: encodeTombstones(draft.tombstones) }];
}

function keyOf(mutation: Mutation): readonly Uint8Array[] {
  if (mutation.kind === "put") return [mutation.row.key];
  return mutation.kind === "delete_key" ? [mutation.key] : [];
}
