/**
 * Three engines that are broken as engines are broken in earnest. The conformance suite must fail each of them in
 * exactly the cases that its flaw deserves; the lists are in the test.
 */
import type { EngineAdapter, Mutation, MutationOutcome } from "../../src/ports/storage-engine.ts";
import type { MemoryRecord } from "../../src/engines/memory/memory-record.ts";
import { successor } from "../../src/model/bytes.ts";
import { ALL_KEYS, type KeyRange } from "../../src/model/range.ts";
import { compareVersions, type Version } from "../../src/model/version.ts";
import { flawedMemory } from "./flaws/flawed-memory.ts";
import { withKeys } from "./flaws/with-keys.ts";

const APPLIED: MutationOutcome = { kind: "applied" };
const SUPERSEDED: MutationOutcome = { kind: "superseded" };

/** Ignores versions: whatever arrives last is what is there. */
export function lastArrivalWins(): EngineAdapter {
  return flawedMemory({ apply: (record, mutation) => arrive(record, mutation, () => true) });
}

/** Compares versions of what is there, but keeps no trace of a deletion: what arrives late comes back. */
export function forgetsDeletions(): EngineAdapter {
  return flawedMemory({
    apply: (record, mutation) =>
      arrive(record, mutation, (present, arriving) => compareVersions(arriving, present) >= 0),
  });
}

/** Sorts keys by signed bytes, as languages with signed bytes do: 80 before 7f. */
export function sortsSigned(): EngineAdapter {
  const flip = (key: Uint8Array): Uint8Array => key.map((byte) => byte ^ 0x80);
  return flawedMemory(withKeys(flip, flip));
}

/** Carries out a mutation by presence alone; `replaces` says whether the arriving version takes a row's place. */
function arrive(
  record: MemoryRecord,
  mutation: Mutation,
  replaces: (present: Version, arriving: Version) => boolean,
): MutationOutcome {
  if (mutation.kind === "put") {
    const present = record.rows.get(mutation.row.key);
    if (present !== undefined && !replaces(present.version, mutation.row.version)) {
      return SUPERSEDED;
    }
    record.rows.set({ ...mutation.row, removeAt: 0 });
    return APPLIED;
  }
  const range = rangeOf(mutation);
  const doomed: Uint8Array[] = [];
  record.rows.visit(range, false, (row) => {
    if (replaces(row.version, mutation.version)) doomed.push(row.key);
    return true;
  });
  for (const key of doomed) record.rows.delete(key);
  return APPLIED;
}

function rangeOf(mutation: Exclude<Mutation, { kind: "put" }>): KeyRange {
  if (mutation.kind === "delete_record") return ALL_KEYS;
  if (mutation.kind === "delete_range") return mutation.range;
  return { start: mutation.key, end: successor(mutation.key) };
}
