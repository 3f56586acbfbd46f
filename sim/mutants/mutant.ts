/** Planted bugs: one-line changes of the source, applied while it is loaded. The source itself knows nothing of them. */
import type { FaultSwitch } from "../faults/only.ts";
import type { FaultName } from "../faults/registry/names.ts";
import type { WorkloadName } from "../workload/consumers/consumer.ts";

/** A bug to plant. `find` stands exactly once in `file`; planting fails loudly when it does not. */
export type Mutant = {
  readonly name: string;
  readonly family: string;
  /** The rule that it breaks. */
  readonly rule: string;
  /** Path from the top of the tree. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** The engine whose adapter it is planted in; absent for the simulated replicas. */
  readonly engine?: string;
  /** It is hunted in worlds that all have a simulated cache. */
  readonly cached?: boolean;
  /** It is hunted in worlds that all have two regions. */
  readonly regions?: boolean;
  /** It is hunted in worlds of this workload. */
  readonly workload?: WorkloadName;
  /** The kinds of fault that it needs: without any one of them worlds do not find it, or hardly. */
  readonly faults?: readonly FaultName[];
  /** Kinds of fault that its worlds do not have: they would reveal it, too. */
  readonly without?: readonly FaultSwitch[];
  /** The public bug that it is: an issue, a paper, or what a vendor's manual warns of. */
  readonly origin?: string;
  /** The proof that nobody can tell it from the code as it is; absent for a bug that does harm. */
  readonly equivalent?: string;
};

/** What planting takes: a change of one file. */
export type Change = Pick<Mutant, "name" | "file" | "find" | "replace">;

/** Whether the bug can be planted: its place is there, and once. */
export function hasPlace(mutant: Change, source: string): boolean {
  return placesOf(mutant, source) === 1;
}

/** The source with the bug in it. Throws when the place is not there, or there more than once. */
export function plant(mutant: Change, source: string): string {
  const places = placesOf(mutant, source);
  if (places !== 1) {
    throw new Error(
      `mutant ${mutant.name}: its place stands ${places} times in ${mutant.file}, wanted once`,
    );
  }
  return source.replace(mutant.find, () => mutant.replace);
}

function placesOf({ find }: Change, source: string): number {
  return source.split(find).length - 1;
}
