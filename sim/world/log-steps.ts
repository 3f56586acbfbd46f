/** The steps of the log, by what they ask of the engine: where a server may die, and where an oracle looks. */
import type { Mutation, RangeRead } from "kvdal/engine";

/** Every step: of accepting a list, then of applying it. */
export const LOG_STEPS = [
  "write content",
  "write head",
  "name queue",
  "accept",
  "read index",
  "read queue",
  "read record",
  "read content",
  "apply",
  "put off",
  "write letter",
  "list letter",
  "note letter",
  "note done",
  "remove marker",
  "leave queue",
] as const;

/** One of them. */
export type LogStep = (typeof LOG_STEPS)[number];

/** The first letters of keys in the record of a list. */
const [HEAD, DONE, OUTCOME, PIECE] = ["b", "d", "o", "p"].map((letter) => letter.charCodeAt(0));

/** Which step a read of the log is; undefined for one of an operator. */
export function readStep({ id, range }: Pick<RangeRead, "id" | "range">): LogStep | undefined {
  if (id.startsWith("index-")) return "read index";
  if (id.startsWith("queue-")) return "read queue";
  if (!id.startsWith("list-")) return undefined;
  return range.start?.[0] === PIECE ? "read content" : "read record";
}

/** Which step a write into the log is. */
export function writeStep(id: string, mutations: readonly Mutation[]): LogStep {
  const [first] = mutations;
  const isPut = first?.kind === "put";
  if (id.startsWith("index-")) return isPut ? "name queue" : "leave queue";
  if (id.startsWith("letters-")) return "list letter";
  if (id.startsWith("letter-")) return "write letter";
  if (id.startsWith("queue-")) {
    if (!isPut) return "remove marker";
    // A marker begins with the number of attempts.
    return first.row.value.subarray(0, 4).some((byte) => byte !== 0) ? "put off" : "accept";
  }
  const letter = isPut ? first.row.key[0] : undefined;
  if (letter === PIECE) return "write content";
  if (letter === HEAD) return "write head";
  if (letter === OUTCOME) return "note letter";
  // Where rows are written one by one, the content of a list that is done is dropped in a write of its own.
  if (letter === DONE || first?.kind === "delete_range") return "note done";
  throw new Error(`a write of ${id} that is no step of the log`);
}
