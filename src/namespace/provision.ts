import { SECOND } from "../model/time.ts";
import type { Env } from "../ports/env.ts";
import { neverAborted } from "../ports/never-aborted.ts";
import { type Namespace, tablesOf } from "./namespace.ts";

/** Longest that making one table may take, microseconds. */
const PROVISION_TIMEOUT = 60 * SECOND;

/** Makes the tables of a namespace, or sees that they are as wanted. Rejects with `KvError`. */
export async function provisionNamespace(namespace: Namespace, env: Env): Promise<void> {
  const { consistency } = namespace;
  for (const { engine, ...spec } of tablesOf(namespace)) {
    await engine.provision(spec, {
      deadline: env.clock.monotonic() + PROVISION_TIMEOUT,
      signal: neverAborted,
      consistency,
      now: env.clock.wall(),
    });
  }
}
