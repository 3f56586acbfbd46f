import type { Consistency } from "../model/consistency.ts";
import { SECOND } from "../model/time.ts";
import type { Env } from "../ports/env.ts";
import { neverAborted } from "../ports/never-aborted.ts";
import type { EngineCall } from "../ports/storage-engine.ts";
import { type Log, logTable } from "./log.ts";
import { type Namespace, tablesOf } from "./namespace.ts";

/** Longest that making one table may take, microseconds. */
const PROVISION_TIMEOUT = 60 * SECOND;

/** Makes the tables of a namespace, or sees that they are as wanted. Rejects with `KvError`. */
export async function provisionNamespace(namespace: Namespace, env: Env): Promise<void> {
  const { consistency } = namespace;
  for (const { engine, ...spec } of tablesOf(namespace)) {
    await engine.provision(spec, provisionCall(consistency, env));
  }
}

/** Makes the table of a log. Rejects with `KvError`. */
export async function provisionLog(log: Log, env: Env): Promise<void> {
  await log.engine.provision(logTable(log), provisionCall(log.consistency, env));
}

function provisionCall(consistency: Consistency, { clock }: Env): EngineCall {
  const deadline = clock.monotonic() + PROVISION_TIMEOUT;
  return { deadline, signal: neverAborted, consistency, now: clock.wall() };
}
