/** What a campaign has come to so far, in memory and, where it is to be gone on with, in its file. */
import { addSums, type CampaignState, noSums, type Part, withPart } from "kvdal/sim";
import { writtenNow } from "../targets.ts";
import type { Done } from "./executor.ts";
import { appendPart } from "./state-file.ts";

/** Least time between two lines of the file, milliseconds: what the end of the process can cost. */
const LINE_MILLIS = 2_000;

/** The ledger of one campaign. */
export class Ledger {
  #state: CampaignState;
  readonly #file: string | undefined;
  #pending: { done: Done["range"][]; millis: number; sums: Part["sums"] } = nothing();
  #toldAt: number = performance.now();
  #isSaved = true;
  /** Nothing was done yet, this time. */
  #isNew = true;

  constructor(state: CampaignState, file: string | undefined) {
    this.#state = state;
    this.#file = file;
  }

  /** All that was done so far. */
  get state(): CampaignState {
    return this.#state;
  }

  /** Whether its file could be written so far; what could not is said once. */
  get isSaved(): boolean {
    return this.#isSaved;
  }

  /** Takes in turns that were done just now. */
  take({ range, sums }: Done): void {
    const now = performance.now();
    const millis = now - this.#toldAt;
    this.#toldAt = now;
    this.#state = withPart(this.#state, { done: [range], millis, sums });
    if (this.#file === undefined) return;
    this.#pending.done.push(range);
    this.#pending.millis += millis;
    addSums(this.#pending.sums, sums);
    const isNews = this.#isNew || sums.failures.length > 0;
    if (isNews || this.#pending.millis >= LINE_MILLIS) this.flush();
  }

  /** Writes down what is not yet in the file; a campaign whose file is full goes on, to its summary. */
  flush(): void {
    if (this.#file === undefined || !this.#isSaved || this.#pending.done.length === 0) return;
    const [path, part] = [this.#file, this.#pending];
    this.#isSaved = writtenNow({ option: "--state", path, kind: "file" }, () =>
      appendPart(path, part),
    );
    this.#isNew = false;
    this.#pending = nothing();
  }
}

function nothing(): { done: Done["range"][]; millis: number; sums: Part["sums"] } {
  return { done: [], millis: 0, sums: noSums() };
}
