/** Runs cases, several at a time, each in its own store and within its own time. Knows no test runner. */
import { KvError, type Micros, SECOND } from "kvdal";
import type { Env } from "kvdal/client";
import type { Case } from "./conformance-case.ts";
import { ConformanceFailure } from "./failure.ts";
import { show } from "./show.ts";

/** What became of a case. A skip says why, and never counts as passed. */
export type CaseResult = {
  readonly id: string;
  readonly rules: readonly string[];
  readonly title: string;
  readonly status: "passed" | "failed" | "skipped";
  /** How long it took, milliseconds. */
  readonly millis: number;
  /** Why it was skipped, and what that means to a user. */
  readonly reason?: string;
  /** Why it failed, on one line. */
  readonly message?: string;
  /** Of a check that failed. */
  readonly what?: string;
  readonly found?: string;
  readonly wanted?: string;
  /** The one command that runs this case again. */
  readonly repeat?: string;
  /** How it failed beside others, for want of time: then it was run once more, alone, and this is how that went. */
  readonly beside?: string;
};

/** A case made ready: skipped, or a function that runs it in a fresh store. */
export type Prepared =
  | { readonly kind: "skip"; readonly reason: string }
  | {
      readonly kind: "run";
      readonly run: () => Promise<void>;
      /** Told that its time is up, and that it is left behind; says in words what is under way. */
      readonly abandon?: () => readonly string[];
    };

/** How cases are run. */
export type RunOptions<C> = {
  readonly cases: readonly C[];
  /** Looks at a case's needs; called once a case, before it runs. `index` is its place among the cases. */
  readonly prepare: (test: C, index: number) => Prepared;
  readonly env: Env;
  /** The command that repeats a case. */
  readonly repeat: (test: C) => string;
  /** Cases at a time. */
  readonly parallel: number;
  /** Time a case has, microseconds; default two minutes. */
  readonly caseTimeout?: Micros | undefined;
  /** Told of each result as it comes, in order of completion. */
  readonly onResult?: ((result: CaseResult) => void) | undefined;
};

/** Time a case has when the options name none. */
const CASE_TIMEOUT: Micros = 120 * SECOND;

/** Runs all cases; results come in the order of the cases. Rejects only when a callback throws. */
export async function runCases<C extends Case<never, unknown>>(
  options: RunOptions<C>,
): Promise<readonly CaseResult[]> {
  const results: CaseResult[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < options.cases.length; index = next++) {
      const result = await runOne(options.cases[index] as C, index, options);
      results[index] = result;
      options.onResult?.(result);
    }
  };
  const workers = Math.max(1, Math.min(options.parallel, options.cases.length));
  await Promise.all(Array.from({ length: workers }, worker));
  return results;
}

async function runOne<C extends Case<never, unknown>>(
  test: C,
  index: number,
  options: RunOptions<C>,
): Promise<CaseResult> {
  const { clock } = options.env;
  const { id, rules, title } = test;
  const begun = clock.monotonic();
  const result = (status: CaseResult["status"], more: Partial<CaseResult> = {}): CaseResult => ({
    id,
    rules,
    title,
    status,
    millis: Math.round((clock.monotonic() - begun) / 1000),
    ...more,
  });
  try {
    const prepared = options.prepare(test, index);
    if (prepared.kind === "skip") return result("skipped", { reason: prepared.reason });
    await within(options.caseTimeout ?? CASE_TIMEOUT, options.env, prepared);
    return result("passed");
  } catch (error) {
    return result("failed", { ...describe(error), repeat: options.repeat(test) });
  }
}

/** Settles as the case does, or fails when the time is up; one that hangs is left behind, and where it hangs is said. */
async function within(
  timeout: Micros,
  env: Env,
  { run, abandon }: Extract<Prepared, { kind: "run" }>,
): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const cancel = env.timers.after(timeout, () => {
    const left = abandon?.() ?? [];
    const underWay = left.length === 0 ? "" : `; under way: ${left.join(", ")}`;
    const found = `no end after ${timeout / SECOND} s${underWay}`;
    reject(new ConformanceFailure("the case", found, "an end within its time"));
  });
  try {
    await Promise.race([run(), promise]);
  } finally {
    cancel();
  }
}

function describe(error: unknown): Partial<CaseResult> {
  if (error instanceof ConformanceFailure) {
    const { message, what, found, wanted } = error;
    return { message, what, found, wanted };
  }
  const message =
    error instanceof KvError ? `${error.message} (applied: ${error.applied})` : show(error);
  return { message, what: "a call of the case", found: message, wanted: "success" };
}
