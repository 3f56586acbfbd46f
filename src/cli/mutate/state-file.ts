/** What became of mutants, in a file that a later run goes on with: lines are only ever added. */
import {
  appendFileSync,
  existsSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { CliError, EXIT_USAGE } from "../exit.ts";
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
};

/** Beside the file: which worlds execute which mutants, for as long as it is gone on with. */
const COVERING = ".covering";

/** What is known, by the name of the mutant. */
export class MutateState {
  readonly #file: string | undefined;
  readonly #known = new Map<string, Hunted>();

  /** Without a file it is forgotten at the end. Throws `CliError` for a file of other hunts. */
  constructor(file: string | undefined, head: MutateHead) {
    this.#file = file;
    if (file === undefined) return;
    if (!existsSync(file)) {
      writeFileSync(file, `${JSON.stringify(head)}\n`);
      rmSync(`${file}${COVERING}`, { force: true });
      return;
    }
    const kept = readHunted(file);
    if (JSON.stringify(kept.head) !== JSON.stringify(head)) {
      const found = `its first line is ${JSON.stringify(kept.head)}`;
      throw new CliError(
        EXIT_USAGE,
        `${file} is of other hunts: ${found}, wanted ${JSON.stringify(head)}`,
      );
    }
    truncateSync(file, kept.bytes);
    for (const one of kept.hunted) this.#known.set(one.name, one);
  }

  of(name: string): Hunted | undefined {
    return this.#known.get(name);
  }

  /** What worlds execute, looked at once a file. */
  async covering(look: () => Promise<Covering>): Promise<Covering> {
    const beside = this.#file === undefined ? undefined : `${this.#file}${COVERING}`;
    if (beside !== undefined && existsSync(beside)) {
      return new Map(JSON.parse(readFileSync(beside, "utf8")) as Iterable<[string, WorldName[]]>);
    }
    const covering = await look();
    if (beside !== undefined) writeFileSync(beside, JSON.stringify([...covering]));
    return covering;
  }

  add(hunted: Hunted): void {
    this.#known.set(hunted.name, hunted);
    if (this.#file !== undefined) appendFileSync(this.#file, `${JSON.stringify(hunted)}\n`);
  }
}

/** What such a file has, up to its last whole line: one without an end was being written when the program was ended. */
export function readHunted(file: string): {
  readonly head: MutateHead;
  readonly hunted: readonly Hunted[];
  readonly bytes: number;
} {
  const text = readFileSync(file, "utf8");
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  const [head = "{}", ...lines] = whole.split("\n").filter((line) => line !== "");
  return {
    head: JSON.parse(head) as MutateHead,
    hunted: lines.map((line) => JSON.parse(line) as Hunted),
    bytes: Buffer.byteLength(whole),
  };
}
