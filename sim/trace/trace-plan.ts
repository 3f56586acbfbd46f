/** Runs one plan and writes down all that happens in it. */
import type { BackendFactory } from "../backends/backend.ts";
import { PlanRun } from "../plan-run.ts";
import type { Plan } from "../workload/plan.ts";
import { chainOf } from "./chain.ts";
import { faultsOf, nodesOf } from "./plan-faults.ts";
import { TraceRecorder } from "./recorder.ts";
import type { Trace } from "./trace.ts";

/** The trace of a plan; `mutant` names the bug that is planted in this process, if one is. */
export async function tracePlan(
  plan: Plan,
  factory: BackendFactory,
  mutant?: string,
): Promise<Trace> {
  const recorder = new TraceRecorder(plan);
  const run = new PlanRun(plan, factory, undefined, recorder);
  const result = run.result(await run.run());
  const { seed, fingerprint, violation, virtualMicros } = result;
  const { events, calls, marks } = recorder;
  // What is still out when the world ends arrives nowhere.
  const messages = recorder.messages.map((message) =>
    message.fate === "down" && message.copies.every(({ arrives }) => arrives > virtualMicros)
      ? { ...message, fate: "away" as const }
      : message,
  );
  const operations = recorder.operations.all();
  const nodes = nodesOf(plan);
  const chain = violation && chainOf(violation, { events, messages, operations });
  return {
    format: "kvdal trace 1",
    seed,
    ...(mutant === undefined ? {} : { mutant }),
    fingerprint,
    ...(violation === undefined ? {} : { verdict: violation }),
    ...(chain === undefined ? {} : { chain }),
    nodes,
    keys: recorder.words.keys.texts,
    records: plan.records + (plan.lists?.others ?? 0),
    operations,
    messages,
    events,
    calls,
    faults: faultsOf(plan, nodes, events),
    marks,
  };
}
