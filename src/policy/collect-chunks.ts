/** What becomes of a partition of chunks that the collector meets (CHUNK-3, CHUNK-4). */
import { sameStaging, type Staging } from "../model/chunk.ts";
import type { Micros } from "../model/time.ts";

/** What is known of the partition. Times by the collector's clock. */
export type ChunkFacts = {
  readonly staged: Staging;
  /** What the item's value is, if it lies in chunks; undefined when it does not, or the item is not there. */
  readonly head: Staging | undefined;
  /** When a collector first found that nothing refers to them; undefined when none has, or it was taken back. */
  readonly doomedAt: Micros | undefined;
};

/** How long things are waited for. */
export type ChunkPatience = {
  /** Age of a token from which on nothing more can be written under it. */
  readonly settledAge: Micros;
  /** How long readers who hold the version may go on. */
  readonly grace: Micros;
};

/** The decision. */
export type ChunkFate =
  /** The item's own, or its put may still come. */
  | "keep"
  /** The item's own, and doomed by a look that saw otherwise, with a clock ahead for one: take that back. */
  | "pardon"
  /** Nothing refers to them: say so, beside them, and come back after the grace. */
  | "doom"
  /** Doomed, and readers may still hold the version. */
  | "wait"
  | "collect";

/**
 * Decides. Two looks at least `grace` apart must agree before anything is removed, and not before a put under the
 * token has become impossible: a reader never loses what it holds, and a slow writer never commits what is gone.
 */
export function fateOfChunks(facts: ChunkFacts, now: Micros, patience: ChunkPatience): ChunkFate {
  const { staged, head, doomedAt } = facts;
  // A doom that stayed would have the grace begin before the value is overwritten.
  if (head !== undefined && sameStaging(head, staged)) {
    return doomedAt === undefined ? "keep" : "pardon";
  }
  if (now - staged.token.generationTime <= patience.settledAge) return "keep";
  if (doomedAt === undefined) return "doom";
  return now - doomedAt < patience.grace ? "wait" : "collect";
}
