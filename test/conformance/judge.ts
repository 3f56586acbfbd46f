/** Runs the suite for tests of the suite: quickly, and with the failed cases as the answer. */
import { runStorageCases, storageCases } from "kvdal/conformance";
import type { CaseResult, ConformanceCase, ConformanceReport, Door, Mode } from "kvdal/conformance";
import { SECOND } from "../../src/model/time.ts";
import type { Env } from "../../src/ports/env.ts";
import { systemEnv } from "../../src/system/env.ts";
import { steppedEnv, type SteppedEnv, WALL_BEGIN } from "../fakes/stepped-env.ts";

export const env: Env = systemEnv();

/** Every case, or those of `cases`, that this door's engine can be asked. Time is stepped, so that nobody really waits; chance is real. */
export async function judge(
  engine: string,
  open: (env: Env) => Promise<Door>,
  mode: Mode = {},
  cases: readonly ConformanceCase[] = storageCases,
): Promise<ConformanceReport> {
  const stepped = steppedEnv();
  const world = { ...stepped, random: env.random };
  const target = { engine, door: await open(world), mode };
  const options = { env: world, parallel: 16, caseTimeout: 20 * SECOND };
  return passTime(stepped, runStorageCases(cases, target, options));
}

export function failedIds(report: ConformanceReport): readonly string[] {
  return report.cases.filter(({ status }) => status === "failed").map(({ id }) => id);
}

/** Failures as the report would show them, for the message of a test. */
export function failures(cases: readonly CaseResult[]): readonly string[] {
  return cases.flatMap(({ id, status, message }) =>
    status === "failed" ? [`${id}: ${message}`] : [],
  );
}

/** Moves the stepped world on until the work is done. */
export async function passTime<T>(stepped: SteppedEnv, work: Promise<T>): Promise<T> {
  const done = new AbortController();
  const end = (): void => done.abort();
  work.then(end, end);
  const begun = stepped.clock.wall() - WALL_BEGIN;
  while (!done.signal.aborted) {
    await stepped.advance(SECOND / 20);
    if (stepped.clock.wall() - WALL_BEGIN - begun > 3600 * SECOND) {
      throw new Error("an hour has passed");
    }
  }
  return work;
}
