/** A mutant as the machine makes it: one place of one file, and what stands there instead. */

/** A change of a source text. */
export type Site = {
  /** StrykerJS's name of the operator that made it. */
  readonly operator: string;
  /** Where what it replaces begins and ends in the text. */
  readonly start: number;
  readonly end: number;
  /** Line of `start`, from 1. */
  readonly line: number;
  readonly was: string;
  readonly becomes: string;
};

/** A mutant of the tree. */
export type MachineMutant = Site & {
  /** Says what it is and not where: it stays the same when lines above it change. */
  readonly name: string;
  /** Path from the top of the tree. */
  readonly file: string;
};

/** The text with the mutant in it. Throws when the text is not the one that it was made of. */
export function mutated(mutant: MachineMutant, source: string): string {
  const { start, end, was, becomes, name } = mutant;
  if (source.slice(start, end) !== was) {
    throw new Error(`mutant ${name}: its place in ${mutant.file} is not what it was`);
  }
  return source.slice(0, start) + becomes + source.slice(end);
}
