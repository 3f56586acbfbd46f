/** What hunts came to, in a file that a later run goes on with: lines are only ever added. */
import { appendFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { CliError, EXIT_USAGE } from "../exit.ts";
import type { Ablation, Hunt, HuntMessage, MeasuredNeed } from "./hunt.ts";

/** How all hunts of a file are done; the first line. */
export type HuntSettings = {
  readonly seeds: number;
  readonly trials: number;
  readonly seconds: number;
};

/** What is known of one bug. */
export type Known = { readonly hunt: Hunt | undefined; readonly ablations: readonly Ablation[] };

/** What is kept of what a hunt tells. */
type KeptMessage = Exclude<HuntMessage, { readonly needs: readonly MeasuredNeed[] }>;

const NOTHING: Known = { hunt: undefined, ablations: [] };

/** What is known, by the name of the bug. */
export class HuntState {
  readonly #file: string | undefined;
  readonly #known = new Map<string, Known>();

  /** Without a file it is forgotten at the end. Throws `CliError` for a file of other hunts. */
  constructor(file: string | undefined, settings: HuntSettings) {
    this.#file = file;
    if (file === undefined) return;
    const head = JSON.stringify({ kvdal: "mutants", ...settings });
    if (existsSync(file)) this.#read(file, head);
    else writeFileSync(file, `${head}\n`);
  }

  of(name: string): Known {
    return this.#known.get(name) ?? NOTHING;
  }

  /** Keeps what the hunt for a bug told. */
  add(name: string, message: KeptMessage): void {
    if ("hunt" in message && this.of(name).hunt !== undefined) return;
    this.#note(name, message);
    if (this.#file !== undefined) {
      appendFileSync(this.#file, `${JSON.stringify({ name, ...message })}\n`);
    }
  }

  #note(name: string, message: KeptMessage): void {
    const { hunt, ablations } = this.of(name);
    const now =
      "hunt" in message
        ? { hunt: message.hunt, ablations }
        : { hunt, ablations: [...ablations, message.ablation] };
    this.#known.set(name, now);
  }

  /** A last line without an end was being written when the program was ended: it is cut off. */
  #read(file: string, head: string): void {
    const text = readFileSync(file, "utf8");
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    const [first, ...lines] = whole.split("\n");
    if (first !== head) {
      const message = `${file} is of other hunts: its first line is ${first}, wanted ${head}`;
      throw new CliError(EXIT_USAGE, message);
    }
    for (const line of lines.filter((each) => each !== "")) {
      const { name, ...message } = JSON.parse(line) as KeptMessage & { readonly name: string };
      this.#note(name, message);
    }
    truncateSync(file, Buffer.byteLength(whole));
  }
}
