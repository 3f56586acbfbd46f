/** What hunts came to, in a file that a later run goes on with. */
import { KeptLines } from "../kept-lines.ts";
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

/** A line of the file. */
type Line = { readonly name: string } & KeptMessage;

const NOTHING: Known = { hunt: undefined, ablations: [] };

/** What is known, by the name of the bug. */
export class HuntState {
  readonly #lines: KeptLines<Line>;
  readonly #known = new Map<string, Known>();

  /** Without a file it is forgotten at the end. Throws `CliError` for a file of other hunts. */
  constructor(file: string | undefined, settings: HuntSettings) {
    this.#lines = new KeptLines(file, { kvdal: "mutants", ...settings });
    for (const { name, ...message } of this.#lines.before) this.#note(name, message);
  }

  of(name: string): Known {
    return this.#known.get(name) ?? NOTHING;
  }

  /** Keeps what the hunt for a bug told. */
  add(name: string, message: KeptMessage): void {
    if ("hunt" in message && this.of(name).hunt !== undefined) return;
    this.#note(name, message);
    this.#lines.add({ name, ...message });
  }

  #note(name: string, message: KeptMessage): void {
    const { hunt, ablations } = this.of(name);
    const now =
      "hunt" in message
        ? { hunt: message.hunt, ablations }
        : { hunt, ablations: [...ablations, message.ablation] };
    this.#known.set(name, now);
  }
}
