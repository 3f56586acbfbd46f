/**
 * Progress of a campaign on stderr: on a terminal one line that is written over, elsewhere a line now and then; and a line
 * for the first world that breaks a rule, as soon as it has.
 */
import { type CampaignState, countCells, coverageOf } from "kvdal/sim";
import { COLUMNS } from "../fold.ts";
import { visible } from "../visible.ts";

/** How far a campaign is. */
export type ProgressOptions = {
  /** Worlds that it will have, in all; undefined where time decides. */
  readonly worlds: number | undefined;
  /** Time that it has, milliseconds; undefined where the worlds decide. */
  readonly millis: number | undefined;
};

/** Least time between two looks at a terminal, milliseconds. */
const REDRAW_MILLIS = 250;
/** Most time between two lines elsewhere. */
const LINE_MILLIS = 60_000;

/** Tells of one campaign. */
export class Progress {
  readonly #options: ProgressOptions;
  readonly #begun = performance.now();
  /** Worlds that were done before it began. */
  readonly #before: number;
  /** Rules whose first failure was told, and failures that were looked at for that. */
  readonly #rules = new Set<string>();
  #failures = 0;
  #tenths = 0;
  #toldAt = 0;

  constructor(options: ProgressOptions, before: number) {
    this.#options = options;
    this.#before = before;
  }

  /** So much is done. */
  tell(state: CampaignState): void {
    this.#tellFirsts(state);
    const passed = performance.now() - this.#begun;
    const share = this.#share(state);
    if (process.stderr.isTTY) {
      if (passed - this.#toldAt < REDRAW_MILLIS) return;
      process.stderr.write(`\r\u001b[K${this.#line(state, passed)}`);
    } else {
      const tenths = Math.floor(10 * share);
      if (tenths <= this.#tenths && passed - this.#toldAt < LINE_MILLIS) return;
      this.#tenths = tenths;
      process.stderr.write(`${this.#line(state, passed)}\n`);
    }
    this.#toldAt = passed;
  }

  /** Whoever wants to know no more may end the campaign there: it has its summary all the same. */
  #tellFirsts({ sums: { failures } }: CampaignState): void {
    for (const { rule, seed, what } of failures.slice(this.#failures)) {
      if (this.#rules.has(rule)) continue;
      this.#rules.add(rule);
      const line = `${rule}, seed ${seed}: ${what.split("\n", 1)[0] ?? ""}`;
      const clear = process.stderr.isTTY ? "\r\u001b[K" : "";
      const short = line.length > COLUMNS ? `${line.slice(0, COLUMNS - 2)} …` : line;
      process.stderr.write(`${clear}${visible(short)}\n`);
    }
    this.#failures = failures.length;
  }

  /** There is no more to tell. */
  end(): void {
    if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
  }

  #share({ sums, millis }: CampaignState): number {
    const { worlds, millis: time } = this.#options;
    return Math.max(
      worlds === undefined ? 0 : sums.counts.worlds / worlds,
      time === undefined ? 0 : millis / time,
    );
  }

  #line(state: CampaignState, passed: number): string {
    const { worlds } = this.#options;
    const done = state.sums.counts.worlds;
    const { length: failed } = state.sums.failures;
    const { hit, possible } = countCells(coverageOf(state));
    return [
      worlds === undefined ? `${done} worlds` : `${done} of ${worlds} worlds`,
      `${Math.round((done - this.#before) / (passed / 1000))} a second`,
      `coverage ${hit} of ${possible} cells`,
      failed === 0 ? "none failed" : `${failed} FAILED`,
      `${this.#secondsLeft(state, passed)} s left`,
    ].join(", ");
  }

  #secondsLeft({ sums, millis }: CampaignState, passed: number): number {
    const { worlds, millis: time } = this.#options;
    const done = sums.counts.worlds;
    const lefts = [
      worlds === undefined ? [] : [(passed / (done - this.#before)) * (worlds - done)],
      time === undefined ? [] : [time - millis],
    ].flat();
    return Math.max(0, Math.ceil(Math.min(...lefts) / 1000));
  }
}
