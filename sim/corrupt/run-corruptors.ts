/**
 * Applies every corruptor to many sound worlds, one drawn answer of each, and sees what the oracles say. A damage that
 * they pass is looked at by the brute-force checker: where some world explains every answer that it touches, it has
 * changed nothing that anybody could tell, and does not count.
 */
import type { BackendFactory } from "../backends/backend.ts";
import { TWO_REGIONS } from "../backends/replicated/backend.ts";
import { explainRead, isCertain } from "../check/brute/worlds.ts";
import type { History, Oracle, ReadRecord, WriteRecord } from "../check/history.ts";
import { ORACLES } from "../check/oracles.ts";
import { runPlan } from "../run-plan.ts";
import { drawPlan } from "../workload/plan.ts";
import { planRandom } from "../world/keyed-random.ts";
import type { Corruptor } from "./corruptor.ts";
import { CORRUPTORS } from "./list.ts";

/** What became of one corruptor over all worlds. */
export type CorruptorResult = {
  readonly name: string;
  readonly what: string;
  /** Worlds in which it changed what a sound system could have answered, and how many of them were caught. */
  readonly applied: number;
  readonly caught: number;
  /** Worlds in which it changed nothing that anybody could tell. */
  readonly harmless: number;
  /** Seeds in which it was not caught. */
  readonly missed: readonly number[];
  /** How often each rule was the one reported, and each oracle the first to report. */
  readonly rules: Readonly<Record<string, number>>;
  readonly oracles: Readonly<Record<string, number>>;
};

/** Which worlds. */
export type CorruptorsOptions = {
  readonly factory: BackendFactory;
  readonly firstSeed: number;
  readonly seeds: number;
  /** All of them where none are named; so are the oracles. */
  readonly corruptors?: readonly Corruptor[];
  readonly oracles?: readonly Oracle[];
  /** Called now and then with the worlds done so far. */
  readonly onProgress?: (done: number) => void;
};

/** Beside so many worlds there is one of two regions, for what is of these alone. */
const REGIONS_EVERY = 4;
/** Worlds between two calls of `onProgress`. */
const PROGRESS_EVERY = 100;
/** Most writes whose effect is open that the checker is asked about: its work doubles with each. */
const OPEN_MAX = 14;

/** Runs the worlds and damages their histories. Throws where the world itself is not sound. */
export async function runCorruptors(
  options: CorruptorsOptions,
): Promise<readonly CorruptorResult[]> {
  const { corruptors = CORRUPTORS, oracles = ORACLES } = options;
  const tallies = corruptors.map((corruptor) => new Tally(corruptor, oracles));
  const [near, far] = [false, true].map((isFar) => tallies.filter((one) => one.isFar === isFar));
  for (let i = 0; i < options.seeds; i += 1) {
    const seed = options.firstSeed + i;
    await add(near, seed, options.factory);
    if (i % REGIONS_EVERY === 0) await add(far, seed, TWO_REGIONS);
    const done = i + 1;
    if (done % PROGRESS_EVERY === 0) options.onProgress?.(done);
  }
  return tallies.map((tally) => tally.result());
}

async function add(
  tallies: readonly Tally[] | undefined,
  seed: number,
  factory: BackendFactory,
): Promise<void> {
  if (tallies === undefined || tallies.length === 0) return;
  const history = await soundHistory(seed, factory);
  for (const tally of tallies) tally.add(seed, history);
}

async function soundHistory(seed: number, factory: BackendFactory): Promise<History> {
  let kept: History | undefined;
  await runPlan(drawPlan(seed, factory.topology), factory, undefined, (history) => {
    kept = history;
    return undefined;
  });
  const found = kept && firstReport(kept, ORACLES);
  if (kept === undefined || found !== undefined) {
    throw new Error(`world ${seed} is not sound: ${found?.rule ?? "it has no history"}`);
  }
  return kept;
}

/** The oracle that is the first to report anything, and the rule. */
function firstReport(
  history: History,
  oracles: readonly Oracle[],
): { readonly oracle: string; readonly rule: string } | undefined {
  for (const { name, check } of oracles) {
    const found = check(history);
    if (found !== undefined) return { oracle: name, rule: found.rule };
  }
  return undefined;
}

class Tally {
  readonly #corruptor: Corruptor;
  readonly #judges: readonly Oracle[];
  readonly #counts = { caught: 0, harmless: 0 };
  readonly #missed: number[] = [];
  readonly #rules = new Map<string, number>();
  readonly #oracles = new Map<string, number>();

  constructor(corruptor: Corruptor, judges: readonly Oracle[]) {
    this.#corruptor = corruptor;
    this.#judges = judges;
  }

  /** Whether it is applied to worlds of two regions. */
  get isFar(): boolean {
    return this.#corruptor.hasRegions === true;
  }

  add(seed: number, sound: History): void {
    const { name, corrupt } = this.#corruptor;
    const damaged = corrupt(sound, planRandom(seed, `corruptor ${name}`));
    if (damaged === undefined) return;
    const report = firstReport(damaged, this.#judges);
    if (report !== undefined) {
      this.#counts.caught += 1;
      this.#rules.set(report.rule, (this.#rules.get(report.rule) ?? 0) + 1);
      this.#oracles.set(report.oracle, (this.#oracles.get(report.oracle) ?? 0) + 1);
    } else if (isExplained(damaged, sound)) this.#counts.harmless += 1;
    else this.#missed.push(seed);
  }

  result(): CorruptorResult {
    const { name, what } = this.#corruptor;
    return {
      name,
      what,
      applied: this.#counts.caught + this.#missed.length,
      ...this.#counts,
      missed: this.#missed,
      rules: Object.fromEntries(this.#rules),
      oracles: Object.fromEntries(this.#oracles),
    };
  }
}

/** Whether some world explains each answer that the damage touches; what is beside answers explains itself to nobody. */
function isExplained(damaged: History, sound: History): boolean {
  const touched = damaged.reads.filter((read) => isTouched(read, damaged, sound));
  const isAboutReads = damaged.reads !== sound.reads || damaged.writes !== sound.writes;
  return isAboutReads && touched.every((read) => isPossible(read, damaged));
}

function isTouched(read: ReadRecord, damaged: History, sound: History): boolean {
  if (!sound.reads.includes(read)) return true;
  if (damaged.writes === sound.writes) return false;
  const changed = damaged.writes.filter((write, i) => write !== sound.writes[i]);
  return changed.some(({ record, keys }) => record === read.record && (keys & read.answered) !== 0);
}

function isPossible(read: ReadRecord, history: History): boolean {
  const writes = history.writes.filter(
    ({ record, keys }) => record === read.record && (keys & read.answered) !== 0,
  );
  if (openIn(writes, read).length > OPEN_MAX) return isPossibleByKey(read, { ...history, writes });
  const { what, isOnlyKeyByKey } = explainRead(read, { ...history, writes });
  return what === undefined && (!isOnlyKeyByKey || mayBeApart(read, { ...history, writes }));
}

/** Whether the keys of one answer may be of different moments: what the oracle of halves has nothing to say of. */
function mayBeApart(read: ReadRecord, { writesAtOnce, repairsKeys, writes }: History): boolean {
  const isOneLook = read.atOnce && writesAtOnce && repairsKeys !== true;
  return !isOneLook || writes.some(({ chunked }) => chunked !== 0);
}

/** Each key by itself, by the writes that may be its newest: those below one that was certainly found are not. */
function isPossibleByKey(read: ReadRecord, history: History): boolean {
  for (let key = 0; key < 31; key += 1) {
    const bit = 1 << key;
    if ((read.answered & bit) === 0) continue;
    const ofKey = history.writes.filter(({ keys }) => (keys & bit) !== 0);
    const open = openIn(ofKey, read);
    const certain = ofKey.filter((write) => isCertain(write, read));
    const floor = Math.max(...certain.map(({ order }) => order.time));
    const newer = open.filter(({ order }) => order.time >= floor);
    if (newer.length > OPEN_MAX) return false;
    const items = read.items.filter((item) => item.key === key);
    const alone = { ...read, answered: bit, items };
    const writes = [...certain, ...newer];
    if (explainRead(alone, { ...history, writes }).what !== undefined) return false;
  }
  return true;
}

/** Writes that the read may or may not have found. */
function openIn(writes: readonly WriteRecord[], read: ReadRecord): readonly WriteRecord[] {
  return writes.filter(
    (write) => !isCertain(write, read) && write.begun < read.ended && !write.refused,
  );
}
