/** The logs of mutations at the servers of a deployment: one a server, over one table, driven by the case. */
import type { LogOptions } from "kvdal";
import { type CodecParts, type Env, neverAborted } from "kvdal/client";
import type { StorageEngine } from "kvdal/engine";
import {
  type ApplyReport,
  type DeadLetters,
  type MutationLog,
  mutationLog,
  type NamespaceRegistry,
  resolveLog,
} from "kvdal/service";

/** What a case sees of the logs, and does with them. */
export type ServerLogs = {
  /** A round of every server's applier, one after another; what each came to. */
  readonly apply: () => Promise<readonly ApplyReport[]>;
  /** The same, all at once. */
  readonly applyAtOnce: () => Promise<readonly ApplyReport[]>;
  /** As an operator meets them at the first server. */
  readonly deadLetters: DeadLetters;
};

/** Makes the logs of servers; the first is there from the beginning. */
export type LogMaker = {
  readonly logs: ServerLogs;
  /** The log of one more server. */
  readonly at: (namespaces: NamespaceRegistry) => MutationLog;
};

/** What the logs have in common. */
export type LogMakerParts = {
  readonly env: Env;
  readonly engine: StorageEngine;
  readonly codec: CodecParts;
  readonly options: LogOptions;
};

/** Makes the logs over one table, which the first to write in it has made. */
export function serverLogs({ env, engine, codec, options }: LogMakerParts): LogMaker {
  const log = resolveLog(options, engine);
  const all: MutationLog[] = [];
  const round = (one: MutationLog): Promise<ApplyReport> => one.apply(neverAborted);
  const first = (): DeadLetters => (all[0] as MutationLog).deadLetters;
  return {
    at: (namespaces) => {
      const made = mutationLog({ env, log, namespaces, codec });
      all.push(made);
      return made;
    },
    logs: {
      apply: async () => {
        const reports: ApplyReport[] = [];
        for (const one of all) reports.push(await round(one));
        return reports;
      },
      applyAtOnce: () => Promise.all(all.map(round)),
      deadLetters: {
        list: (after) => first().list(after),
        retry: (letterId) => first().retry(letterId),
        discard: (letterId) => first().discard(letterId),
      },
    },
  };
}
