/** What became of mutants, in a file that a later run goes on with. */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { KeptLines, readKeptLines } from "../kept-lines.ts";
import type { Hunted } from "./hunted.ts";
import type { Covering } from "./hunts.ts";
import type { WorldName } from "./worlds.ts";

/** How all hunts of a file are done, and with which code; the first line. */
export type MutateHead = {
  readonly code: string;
  /** Most worlds a mutant. */
  readonly worlds: number;
  /** Mutants that were drawn, and of how many. */
  readonly drawn: number;
  readonly made: number;
  readonly wording: number;
  /** Which share, where it is not the first. */
  readonly draw?: number;
};

/** Beside the file: which worlds execute which mutants, for as long as it is gone on with. */
const COVERING = ".covering";

/** What is known, by the name of the mutant. */
export class MutateState {
  readonly #lines: KeptLines<Hunted>;
  readonly #known: Map<string, Hunted>;
  readonly #beside: string | undefined;

  /** Without a file it is forgotten at the end. Throws `CliError` for a file of other hunts. */
  constructor(file: string | undefined, head: MutateHead) {
    this.#beside = file === undefined ? undefined : `${file}${COVERING}`;
    const isFresh = file !== undefined && !existsSync(file);
    if (isFresh) rmSync(`${file}${COVERING}`, { force: true });
    this.#lines = new KeptLines(file, head);
    this.#known = new Map(this.#lines.before.map((hunted) => [hunted.name, hunted]));
  }

  of(name: string): Hunted | undefined {
    return this.#known.get(name);
  }

  /** What worlds execute, looked at once a file. */
  async covering(look: () => Promise<Covering>): Promise<Covering> {
    const beside = this.#beside;
    if (beside !== undefined && existsSync(beside)) {
      return new Map(JSON.parse(readFileSync(beside, "utf8")) as Iterable<[string, WorldName[]]>);
    }
    const covering = await look();
    if (beside !== undefined) writeFileSync(beside, JSON.stringify([...covering]));
    return covering;
  }

  add(hunted: Hunted): void {
    this.#known.set(hunted.name, hunted);
    this.#lines.add(hunted);
  }
}

/** What such a file has. */
export function readHunted(file: string): {
  readonly head: MutateHead;
  readonly hunted: readonly Hunted[];
} {
  const { head, lines } = readKeptLines(file);
  return { head: head as MutateHead, hunted: lines as readonly Hunted[] };
}
