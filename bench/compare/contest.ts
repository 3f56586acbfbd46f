/** Contestants that put and get the same items, in turn, so that all of them meet the same load. */
import { type Spread, spreadOf } from "../report.ts";

/** One way to store items; `n` says which, and each contestant has its own. */
export type Contestant = {
  readonly name: string;
  readonly put: (n: number) => Promise<unknown>;
  /** The value's bytes. */
  readonly get: (n: number) => Promise<number>;
};

/** How long a contest is; `calls` are a multiple of 500 where turns are runs. */
export type ContestSize = { readonly rounds: number; readonly calls: number };

/** One contestant's calls of one verb. */
export type ContestFigures = {
  readonly name: string;
  readonly verb: "put" | "get";
  /** Microseconds a call, one sample a round. */
  readonly micros: Spread;
  /** Those in parts of the first contestant's in the same round: 2 is twice as slow. */
  readonly ratio: Spread;
};

const VERBS = ["put", "get"] as const;
const ITEMS = 1000;
const VALUE_BYTES = 256;
/** Calls of one contestant before it is the next one's turn: short, so that a load that comes and goes meets all. */
const RUN_CALLS = 500;

/**
 * The first contestant is what the others are compared with. `runs` is for calls of a microsecond: contestants take
 * turns after runs of calls, and a round's sample is their mean, garbage collection included. `calls` is for calls over
 * a wire: they take turns call by call, and the sample is a round's median.
 */
export async function contest(
  contestants: readonly [Contestant, ...Contestant[]],
  turns: "runs" | "calls",
  { rounds, calls }: ContestSize,
): Promise<readonly ContestFigures[]> {
  const samples = VERBS.map(() => contestants.map(() => [] as number[]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [v, verb] of VERBS.entries()) {
      const micros =
        turns === "runs"
          ? await inRuns(contestants, verb, calls)
          : await callByCall(contestants, verb, calls);
      // In the first round code is compiled, connections are opened, statements prepared.
      if (round > 0) for (const [c, sample] of micros.entries()) samples[v]?.[c]?.push(sample);
    }
  }
  return VERBS.flatMap((verb, v) =>
    contestants.map(({ name }, c) => {
      const own = samples[v]?.[c] ?? [];
      const first = samples[v]?.[0] ?? [];
      const ratio = own.map((sample, i) => sample / (first[i] ?? Number.NaN));
      return { name, verb, micros: spreadOf(own), ratio: spreadOf(ratio) };
    }),
  );
}

async function inRuns(
  contestants: readonly Contestant[],
  verb: "put" | "get",
  calls: number,
): Promise<readonly number[]> {
  const millis = contestants.map(() => 0);
  for (let done = 0; done < calls; done += RUN_CALLS) {
    for (const [c, contestant] of contestants.entries()) {
      const begun = performance.now();
      for (let i = done; i < done + RUN_CALLS; i += 1) await call(contestant, verb, i);
      millis[c] = (millis[c] ?? 0) + performance.now() - begun;
    }
  }
  return millis.map((sum) => (sum * 1000) / calls);
}

/** Microseconds a call of each, the median of calls that take turns one by one. */
export async function callByCall(
  contestants: readonly Contestant[],
  verb: "put" | "get",
  calls: number,
): Promise<readonly number[]> {
  const times = contestants.map(() => [] as number[]);
  for (let i = 0; i < calls; i += 1) {
    for (let turn = 0; turn < contestants.length; turn += 1) {
      // Nobody always comes after the same one.
      const c = (turn + i) % contestants.length;
      const begun = performance.now();
      await call(contestants[c] as Contestant, verb, i);
      times[c]?.push((performance.now() - begun) * 1000);
    }
  }
  return times.map((list) => spreadOf(list).median);
}

async function call(contestant: Contestant, verb: "put" | "get", i: number): Promise<void> {
  const n = i % ITEMS;
  if (verb === "put") {
    await contestant.put(n);
    return;
  }
  const bytes = await contestant.get(n);
  if (bytes !== VALUE_BYTES) throw new Error(`${contestant.name}: ${bytes} bytes came, not 256`);
}

/** A value, the same for all. */
export function contestValue(): Uint8Array {
  return Uint8Array.from({ length: VALUE_BYTES }, (_, i) => (i * 31) % 251);
}
