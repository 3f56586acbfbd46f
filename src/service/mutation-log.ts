/** The log of mutations at one server: what accepts lists, tells of them, applies them, and keeps the dead letters. */
import { NO_CODECS } from "../codec/codec-parts.ts";
import type { CodecParts } from "../codec/codec-parts.ts";
import { type Log, logCall, logTable } from "../namespace/log.ts";
import { fixedNamespaces, type NamespaceRegistry } from "../namespace/registry.ts";
import type { Namespace } from "../namespace/namespace.ts";
import type { Env } from "../ports/env.ts";
import { applyLists, type ApplyReport } from "./apply-lists.ts";
import { CacheTiers } from "./cache-tier.ts";
import { type DeadLetters, deadLetters } from "./dead-letters.ts";
import { listStates } from "./list-state.ts";
import { LogGauge, type LogParts } from "./log-parts.ts";
import { mutateItems } from "./mutate-items.ts";
import type { ListKeeper } from "./service-parts.ts";
import { sweepTable } from "./sweep-table.ts";

/** What a log at a server is made of. */
export type MutationLogParts = {
  readonly env: Env;
  readonly log: Log;
  /** As the service has them: a list that stays as it is, or a registry. */
  readonly namespaces: readonly Namespace[] | NamespaceRegistry;
  readonly codec?: CodecParts | undefined;
};

/** A log at one server. */
export type MutationLog = ListKeeper & {
  /** One round of the applier: safe at any time, on any number of servers at once. */
  readonly apply: (signal: AbortSignal) => Promise<ApplyReport>;
  /** Removes what has ended from the log's table, where the engine does not by itself. Rows removed. */
  readonly sweep: (signal: AbortSignal) => Promise<number>;
  readonly deadLetters: DeadLetters;
  /** Time between two rounds that it was made for, microseconds. */
  readonly everyMicros: number;
};

/** Makes one. It does nothing by itself: `startApplier` does. */
export function mutationLog({ env, log, namespaces, codec }: MutationLogParts): MutationLog {
  const registry = "current" in namespaces ? namespaces : fixedNamespaces(namespaces);
  const parts: LogParts = {
    env,
    log,
    namespaces: registry,
    codec: codec ?? NO_CODECS,
    tiers: new CacheTiers(env),
    gauge: new LogGauge(),
    knownQueues: new Map(),
    firstBuckets: new Map(),
  };
  return {
    tiers: parts.tiers,
    accept: (request, call) => mutateItems(request, parts, call),
    status: async ({ token }, { deadline, signal }) => {
      const mutations = await listStates(log, token, () => {
        const call = logCall(log, env, signal);
        return { ...call, deadline: Math.min(call.deadline, deadline) };
      });
      return { mutations };
    },
    apply: (signal) => applyLists(parts, signal),
    sweep: (signal) =>
      sweepTable({ engine: log.engine, ...logTable(log) }, () => logCall(log, env, signal)),
    deadLetters: deadLetters(parts),
    everyMicros: log.everyMicros,
  };
}
