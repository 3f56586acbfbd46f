/** What every API of the server works with. */
import type { CodecParts } from "../codec/codec-parts.ts";
import type { ServerFacts } from "../model/capabilities.ts";
import type { Consistency } from "../model/consistency.ts";
import { KvError } from "../model/error.ts";
import type {
  Done,
  MutateItemsRequest,
  MutationStatusRequest,
  MutationStatusResponse,
} from "../model/request.ts";
import type { NamespaceSignals } from "../model/signals.ts";
import type { Micros } from "../model/time.ts";
import type { Namespace } from "../namespace/namespace.ts";
import type { NamespaceRegistry } from "../namespace/registry.ts";
import type { Env } from "../ports/env.ts";
import type { MacKeyring } from "../ports/mac.ts";
import type { EngineCall } from "../ports/storage-engine.ts";
import type { SystemLoad } from "../ports/system-load.ts";
import type { CacheTiers } from "./cache-tier.ts";

/** What a server is made of. */
export type ServiceParts = {
  readonly env: Env;
  /** Seals and opens page tokens: every server of a deployment knows each other's current key (PAGE-3). */
  readonly mac: MacKeyring;
  /** A list that stays as it is, or a registry that may be given others while the service runs (NS-5). */
  readonly namespaces: readonly Namespace[] | NamespaceRegistry;
  /** Decodes for clients that cannot; without, such clients get an error, and nothing is compressed (COMP-1). */
  readonly codec?: CodecParts | undefined;
  /** Keeps lists of mutations; without, they are UNSUPPORTED (MUT-1). */
  readonly log?: ListKeeper | undefined;
  /** Most requests in progress at a time; one more is OVERLOADED. Default 10,000 (RES-2). */
  readonly requestsMax?: number | undefined;
  /** Measures what is told of processors and storage; default: that is not told (SIG-1). */
  readonly load?: SystemLoad | undefined;
};

/** What accepts lists of mutations and tells of them (`mutation-log.ts`). */
export type ListKeeper = {
  /** The caches of its server, through which it applies what it keeps (CACHE-2). */
  readonly tiers: CacheTiers;
  readonly accept: (request: MutateItemsRequest, call: ServiceCall) => Promise<Done>;
  readonly status: (
    request: MutationStatusRequest,
    call: ServiceCall,
  ) => Promise<MutationStatusResponse>;
};

/** What goes with one request. */
export type ServiceCall = {
  /** Monotonic instant of this server after which it starts no backend work (SLO-1). */
  readonly deadline: Micros;
  /** Aborted when the caller gave up (SLO-3). */
  readonly signal: AbortSignal;
};

/** The call, begun at the monotonic instant `begun`, within its longest latency, undefined for none (SLO-1). */
export function withinLatency(
  call: ServiceCall,
  max: Micros | undefined,
  begun: Micros,
): ServiceCall {
  if (max === undefined) return call;
  return { ...call, deadline: Math.min(call.deadline, begun + max) };
}

/** Throws CANCELLED or DEADLINE_EXCEEDED for a call that is over: nothing is begun for it (SLO-1, SLO-3). */
export function checkCall(call: ServiceCall, now: Micros): void {
  if (call.signal.aborted) {
    throw new KvError("CANCELLED", "the caller gave up", { applied: "no" });
  }
  const late = now - call.deadline;
  if (late < 0) return;
  const found = `the deadline passed ${late} µs ago`;
  throw new KvError("DEADLINE_EXCEEDED", `${found}, wanted time left`, { applied: "no" });
}

/** The engine call that a request becomes. */
export function engineCall(call: ServiceCall, consistency: Consistency, now: Micros): EngineCall {
  return { deadline: call.deadline, signal: call.signal, consistency, now };
}

/** What every reply tells of this server (SIG-1). */
export function serverFacts(
  { name, limits }: Namespace,
  { slo, utilization, advice }: NamespaceSignals,
  env: Env,
  codecs: readonly string[],
): ServerFacts {
  const time = env.clock.wall();
  return { time, namespace: name, codecs, limits, slo, utilization, advice };
}
