/** Operations as they begin. */
import type { Operation } from "./operation.ts";
import type { OpenOperation } from "./recorder.ts";

/** What stands for a call that is no operation of the workload, under its number. */
export function bareOperation(index: number, client: number, now: number): OpenOperation {
  const asked = { index, think: 0, giveUp: 0, record: 0, kind: "get", keys: [] } as const;
  return openOperation(asked, client, now);
}

/** One that begins now. */
export function openOperation(operation: Operation, client: number, now: number): OpenOperation {
  return {
    operation,
    client,
    begun: now,
    token: undefined,
    shown: undefined,
    doubled: false,
    error: undefined,
    requestId: undefined,
    told: undefined,
    cached: false,
    inSteps: false,
    atOnce: false,
    answeredIn: undefined,
    items: [],
    pages: [],
    scanned: undefined,
    stops: undefined,
  };
}
