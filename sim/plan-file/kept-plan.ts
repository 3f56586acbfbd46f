/** A failure as it is kept: the plan, how it failed, and what it failed over. It repeats without its seed. */
import type { Plan } from "../workload/plan.ts";

/** The form of plan files that is written. A field that a plan gains has a default, so that older files can be read. */
export const PLAN_FILE_VERSION = 1;

/** How a world failed. */
export type KeptFailure = {
  /** Rule id of the contract. */
  readonly rule: string;
  readonly what: string;
  readonly operations: readonly number[];
  /** Rules that other oracles saw broken in it, too. */
  readonly also: readonly string[];
};

/** What a plan file holds. */
export type KeptPlan = {
  readonly failure: KeptFailure;
  /** 16 hexadecimal digits over every event and every answer of the failing run. */
  readonly fingerprint: string;
  /** What stood in the engine's place: `replicated`, or the name of a real one. */
  readonly engine: string;
  /** The real cache in front; undefined for the simulated one of the plan, if it has one. */
  readonly cache: string | undefined;
  /** The planted bug that was on. */
  readonly mutant: string | undefined;
  /** Version of the code that failed, and its commit where that was known. */
  readonly code: string;
  /** Why the file is kept, for people; empty where nobody has said. */
  readonly reason: string;
  readonly plan: Plan;
};
