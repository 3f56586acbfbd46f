/** Where two runs of one plan part: the first step that one has and the other has not, or not so. */
import type { RealCacheFactory } from "../backends/cache/real-entries.ts";
import type { BackendFactory } from "../backends/backend.ts";
import { conclusive } from "../campaign/conclusive.ts";
import { eventWords } from "../words/event-words.ts";
import { nodeOf } from "../world/event-codes.ts";
import { nodeName } from "../words/node-name.ts";
import { PlanRun } from "../plan-run.ts";
import type { Plan } from "../workload/plan.ts";
import { logSteps, type Step } from "./step-log.ts";

/** An event of one run, told. */
export type ToldEvent = {
  /** Virtual time, microseconds. */
  readonly time: number;
  /** Where it happens, by name; null for what is not of one node. */
  readonly node: string | null;
  readonly what: string;
  /** Who scheduled it, nearest first; empty where that was before the world began. */
  readonly stack: readonly string[];
};

/** What one of the runs does where they part. */
export type DivergedSide = {
  readonly does: Step["kind"] | "ends";
  /** The event that it fires or schedules, or at which a client is told something; null at the end. */
  readonly event: ToldEvent | null;
  /** The event that this follows from; null where it is of the plan alone. */
  readonly cause: ToldEvent | null;
  /** What a client is told there, as the fingerprint takes it in; null for all else. */
  readonly told: number | null;
};

/** The first difference. */
export type Divergence = {
  /** Number of the event during which they part, from 1, and how many steps are alike before that. */
  readonly event: number;
  readonly alike: number;
  /** The run that came first, and the one that is unlike it. */
  readonly sides: readonly [DivergedSide, DivergedSide];
};

/** One run, with its steps. */
export type LoggedRun = {
  readonly steps: readonly Step[];
  readonly fingerprint: string;
  readonly events: number;
  /** Why it proves nothing, however often it was tried: a real engine failed by itself. */
  readonly inconclusive?: string | undefined;
  /** What the run threw. */
  readonly error?: unknown;
};

/** Runs a plan once and notes its steps. */
export type RunLogged = (plan: Plan) => Promise<LoggedRun>;

/** What does so over this engine, and this real cache where one is given. */
export function loggedRuns(factory: BackendFactory, realCache?: RealCacheFactory): RunLogged {
  const once = async (plan: Plan): Promise<LoggedRun> => {
    const run = new PlanRun(plan, factory, realCache);
    const { steps } = logSteps(run);
    const facts = (): Omit<LoggedRun, "error"> => ({
      steps,
      fingerprint: run.world.fingerprint.digest(),
      events: run.world.events,
    });
    try {
      const { inconclusive } = run.result(await run.run());
      return { ...facts(), inconclusive };
    } catch (error) {
      return { ...facts(), error };
    }
  };
  return async (plan) => {
    const run = await conclusive(() => once(plan));
    if (run.inconclusive === undefined) return run;
    return { ...run, error: new Error(`a real engine failed by itself: ${run.inconclusive}`) };
  };
}

/** Undefined where two runs are alike as far as their steps are known. */
export function divergenceOf(
  plan: Plan,
  first: Pick<LoggedRun, "steps">,
  second: Pick<LoggedRun, "steps">,
): Divergence | undefined {
  const alike = stepsAlike(first.steps, second.steps);
  const [one, other] = [first.steps[alike], second.steps[alike]];
  if (one === undefined && other === undefined) return undefined;
  return {
    event: one?.event ?? other?.event ?? 0,
    alike,
    sides: [sideOf(plan, first.steps, alike), sideOf(plan, second.steps, alike)],
  };
}

function stepsAlike(one: readonly Step[], other: readonly Step[]): number {
  const length = Math.min(one.length, other.length);
  for (let i = 0; i < length; i += 1) {
    const [a, b] = [one[i] as Step, other[i] as Step];
    const isAlike =
      a.kind === b.kind && a.event === b.event && a.time === b.time && a.code === b.code;
    if (!isAlike) return i;
  }
  return length;
}

function sideOf(plan: Plan, steps: readonly Step[], at: number): DivergedSide {
  const step = steps[at];
  if (step === undefined) return { does: "ends", event: null, cause: null, told: null };
  const tell = (told: Step | undefined): ToldEvent | null => toldEvent(plan, steps, told);
  const { kind } = step;
  switch (kind) {
    case "fires":
      return { does: kind, event: tell(step), cause: tell(causeOf(steps, step)), told: null };
    case "schedules": {
      const cause = handledAt(steps, at);
      return { does: kind, event: tell(step), cause: tell(cause), told: null };
    }
    case "tells": {
      const event = handledAt(steps, at);
      const cause = event && causeOf(steps, event);
      return { does: kind, event: tell(event), cause: tell(cause), told: step.code };
    }
    default:
      throw kind satisfies never;
  }
}

/** The event during which the step is made. */
function handledAt(steps: readonly Step[], at: number): Step | undefined {
  return steps.slice(0, at).findLast(({ kind }) => kind === "fires");
}

/** The event during which this one was scheduled. */
function causeOf(steps: readonly Step[], { scheduledAt }: Step): Step | undefined {
  return scheduledAt === undefined ? undefined : handledAt(steps, scheduledAt);
}

function toldEvent(plan: Plan, steps: readonly Step[], step: Step | undefined): ToldEvent | null {
  if (step === undefined) return null;
  const { time, code, scheduledAt } = step;
  const node = nodeOf(code);
  return {
    time,
    node: node === undefined ? null : nodeName(node, plan),
    what: eventWords({ time, code, answers: [] }, plan),
    stack: step.stack ?? steps[scheduledAt ?? -1]?.stack ?? [],
  };
}
