/** What every API of the server works with. */
import type { ServerFacts } from "../model/capabilities.ts";
import type { Micros } from "../model/time.ts";
import type { Namespace } from "../namespace/namespace.ts";
import type { Env } from "../ports/env.ts";
import type { MacKeyring } from "../ports/mac.ts";
import type { Consistency, EngineCall } from "../ports/storage-engine.ts";

/** What a server is made of. */
export type ServiceParts = {
  readonly env: Env;
  /** Seals and opens page tokens: every server of a deployment knows each other's current key (PAGE-3). */
  readonly mac: MacKeyring;
  readonly namespaces: readonly Namespace[];
};

/** What goes with one request. */
export type ServiceCall = {
  /** Monotonic instant of this server after which it starts no backend work (SLO-1). */
  readonly deadline: Micros;
  /** Aborted when the caller gave up (SLO-3). */
  readonly signal: AbortSignal;
};

/** The engine call that a request becomes. */
export function engineCall(call: ServiceCall, consistency: Consistency, now: Micros): EngineCall {
  return { deadline: call.deadline, signal: call.signal, consistency, now };
}

/** What every reply tells of this server (SIG-1). */
export function serverFacts(namespace: Namespace, env: Env): ServerFacts {
  return { time: env.clock.wall(), limits: namespace.limits };
}
