/** Runs storage cases against an engine behind its doors. */
import { type Micros, MILLISECOND, SECOND, toHex } from "kvdal";
import { type Env, sleep } from "kvdal/client";
import { type ConformanceReport, makeReport } from "../report/report.ts";
import type { ConformanceCase } from "./conformance-case.ts";
import type { Door } from "./door.ts";
import { ConformanceFailure } from "./failure.ts";
import type { Mode } from "./modes.ts";
import { ENGINE_CLOCK, unmetReason } from "./need.ts";
import { runUnhurried } from "./once-more.ts";
import { type CaseResult, type Prepared, runCases } from "./runner.ts";
import { show } from "./show.ts";
import { type OpenedStore, openStore } from "./store.ts";

/** The engine under judgement. */
export type StorageTarget = {
  /** Its name, for reports. */
  readonly engine: string;
  /** The mode of its doors; default: none. */
  readonly mode?: Mode;
  /** Behind which time stands still: the engine must not expire rows by its own clock here. */
  readonly door: Door;
  /** Behind which the engine expires rows by its own clock, soon enough to wait for; absent where it does not. */
  readonly engineClock?: {
    readonly door: Door;
    /** How long after its expiry a row may last, microseconds. */
    readonly removalWithin: Micros;
  };
};

/** How a suite is run, whatever it is of. */
export type SuiteOptions = {
  readonly env: Env;
  readonly parallel: number;
  /**
   * The line that runs one case again, by its id. Default: what picks that case in a test of the caller's own, which no
   * command is known of.
   */
  readonly repeat?: (id: string) => string;
  readonly caseTimeout?: Micros;
  readonly onResult?: (result: CaseResult) => void;
};

type OnResult = NonNullable<SuiteOptions["onResult"]>;

/** How long after a case what it has given up may still be under way, and how often that is looked at. */
const END_WITHIN: Micros = 5 * SECOND;
const POLL: Micros = 5 * MILLISECOND;
/** Nothing waits for the engine's clock where a case does not need it. */
const NO_REMOVAL: Micros = 30 * SECOND;

/** Runs the cases; each opens namespaces of names that no run before it used. Closing the doors is the caller's. */
export async function runStorageCases(
  cases: readonly ConformanceCase[],
  target: StorageTarget,
  options: SuiteOptions,
): Promise<ConformanceReport> {
  const { env } = options;
  const begun = env.clock.monotonic();
  const run = `k${toHex(env.random.bytes(4))}`;
  const waits = (test: ConformanceCase): boolean => test.needs.includes(ENGINE_CLOCK);
  type Cases = readonly ConformanceCase[];
  const part = (label: string, part: Cases, parallel: number, onResult?: OnResult) =>
    runCases({
      env,
      caseTimeout: options.caseTimeout,
      onResult,
      cases: part,
      parallel,
      repeat: ({ id }) => repeatLine(options, "storageCases", id),
      prepare: (test, index) => prepare(test, target, env, `${run}${label}${index}`),
    });
  const [swift, slow] = [cases.filter((test) => !waits(test)), cases.filter(waits)];
  // Cases of the engine's clock hardly do anything but wait: all of them at once, beside the others.
  const all = (onResult: OnResult) =>
    Promise.all([
      part("v", swift, options.parallel, onResult),
      part("e", slow, cases.length, onResult),
    ]);
  const results = await runUnhurried(
    cases,
    options,
    async (onResult) => (await all(onResult)).flat(),
    (heldUp) => part("a", heldUp, 1),
  );
  const millis = Math.round((env.clock.monotonic() - begun) / 1000);
  return makeReport(target.engine, results, millis);
}

/** The line that runs one of the cases again: of a test that runs them, what they are to be in it. */
export function repeatLine({ repeat }: SuiteOptions, cases: string, id: string): string {
  return repeat?.(id) ?? `${cases}.filter(({ id }) => id === "${id}")`;
}

function prepare(test: ConformanceCase, target: StorageTarget, env: Env, prefix: string): Prepared {
  const { engineClock } = target;
  const byEngineClock = test.needs.includes(ENGINE_CLOCK);
  const door = byEngineClock && engineClock !== undefined ? engineClock.door : target.door;
  const removesItself =
    engineClock !== undefined && engineClock.door.capabilities.ttl.removal === "native";
  for (const need of test.needs) {
    const { capabilities, isWatched, hasColumns, hasCache } = door;
    const { mode = {} } = target;
    const hasEngineClock = removesItself;
    const facts = { capabilities, hasEngineClock, isWatched, hasColumns, hasCache, mode };
    const reason = unmetReason(need, facts);
    if (reason !== undefined) return { kind: "skip", reason };
  }
  const removalWithin = engineClock?.removalWithin ?? NO_REMOVAL;
  let opened: OpenedStore | undefined;
  return {
    kind: "run",
    run: async () => {
      opened = await openStore(test, { door, env, prefix, removalWithin });
      const { store, left, dispose } = opened;
      await cleanedUp(dispose, async () => {
        await test.run(store);
        await nothingIsLeft(left, env);
      });
    },
    abandon: () => {
      const left = opened?.left() ?? ["the making of its namespaces"];
      opened?.cancelTimers();
      return left;
    },
  };
}

/** Does the work, then the clean-up, in any case; work that fails is what is told, whatever becomes of the clean-up. */
export async function cleanedUp(
  cleanUp: () => Promise<void>,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    await cleanUp().catch(() => undefined);
    throw error;
  }
  try {
    await cleanUp();
  } catch (error) {
    throw new ConformanceFailure("the clean-up after the case", show(error), "success", error);
  }
}

/**
 * Fails unless everything that the case began comes to its end (RES-1). What was given up may take the engine some
 * time yet; a timer left behind, or a call that waits for ever, does not go.
 */
async function nothingIsLeft(left: () => readonly string[], env: Env): Promise<void> {
  const until = env.clock.monotonic() + END_WITHIN;
  while (left().length > 0) {
    if (env.clock.monotonic() >= until) {
      throw new ConformanceFailure("what the case leaves", left().join(", "), "nothing (RES-1)");
    }
    await sleep(env.timers, POLL);
  }
}
