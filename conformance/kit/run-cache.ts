/** Runs cache cases against a cache. */
import type { Env } from "kvdal/client";
import { type ConformanceReport, makeReport } from "../report/report.ts";
import { type CacheDoor, openCacheStore } from "./cache-store.ts";
import type { CacheCase } from "./conformance-case.ts";
import { unmetCacheReason } from "./need.ts";
import { cleanedUp, repeatLine, type SuiteOptions } from "./run-storage.ts";
import { runUnhurried } from "./once-more.ts";
import { type Prepared, runCases } from "./runner.ts";

/** The cache under judgement. */
export type CacheTarget = {
  /** Its name, for reports. */
  readonly engine: string;
  readonly door: CacheDoor;
};

/** Bytes in front of every key of a case, random: no earlier run's keys are met. */
const PREFIX_BYTES = 8;

type OnResult = NonNullable<SuiteOptions["onResult"]>;

/** Runs the cases; each opens engines of its own over the cache and closes them. */
export async function runCacheCases(
  cases: readonly CacheCase[],
  target: CacheTarget,
  options: SuiteOptions,
): Promise<ConformanceReport> {
  const { env } = options;
  const begun = env.clock.monotonic();
  const part = (part: readonly CacheCase[], parallel: number, onResult?: OnResult) =>
    runCases({
      env,
      caseTimeout: options.caseTimeout,
      onResult,
      cases: part,
      parallel,
      repeat: ({ id }) => repeatLine(options, "cacheCases", id),
      prepare: (test) => prepare(test, target, env),
    });
  const results = await runUnhurried(
    cases,
    options,
    (onResult) => part(cases, options.parallel, onResult),
    (heldUp) => part(heldUp, 1),
  );
  return makeReport(target.engine, results, Math.round((env.clock.monotonic() - begun) / 1000));
}

function prepare(test: CacheCase, target: CacheTarget, env: Env): Prepared {
  for (const need of test.needs) {
    const reason = unmetCacheReason(need, target.engine, target.door.isShared);
    if (reason !== undefined) return { kind: "skip", reason };
  }
  return { kind: "run", run: () => runOne(test, target.door, env) };
}

async function runOne(test: CacheCase, door: CacheDoor, env: Env): Promise<void> {
  const { store, close } = await openCacheStore(door, env, env.random.bytes(PREFIX_BYTES));
  await cleanedUp(close, () => test.run(store));
}
