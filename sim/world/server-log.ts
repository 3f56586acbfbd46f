/** The log of mutations at one server of a world: the real one, in the server's present life. */
import { KvError, type Micros } from "kvdal";
import type { StorageEngine } from "kvdal/engine";
import {
  type DeadLetter,
  type LogOptions,
  type MutationLog,
  mutationLog,
  type NamespaceRegistry,
  resolveLog,
} from "kvdal/service";
import type { WorldBackend } from "../backends/backend.ts";
import type { LogWatch } from "./log-watch.ts";
import type { NodeWork, SimNode } from "./node.ts";

/** What servers of a world with lists have beside others. */
export type ListsSetup = { readonly options: LogOptions; readonly watch: LogWatch };

/** The log of a server. */
export class ServerLog {
  readonly log: MutationLog;
  readonly #node: SimNode;
  readonly #backend: WorldBackend;
  readonly #watch: LogWatch;
  /** The life in which a round is under way: one at a time. */
  #round: NodeWork | undefined;

  constructor(
    node: SimNode,
    backend: WorldBackend,
    { options, watch }: ListsSetup,
    engine: StorageEngine,
    namespaces: NamespaceRegistry,
  ) {
    this.#node = node;
    this.#backend = backend;
    this.#watch = watch;
    this.log = mutationLog({ env: node.env(), log: resolveLog(options, engine), namespaces });
  }

  /** One round of the applier, under a key of its own. How many lists still wait; undefined when it was not ended. */
  async apply(key: number, timeout: Micros): Promise<number | undefined> {
    const { work } = this.#node;
    if (this.#round === work) return undefined;
    this.#round = work;
    this.#watch.rounds.add(key);
    this.#node.world.trace?.working(this.#node, key, "applier");
    try {
      const report = await this.#within(key, timeout, (signal) => this.log.apply(signal));
      return report?.pending;
    } finally {
      this.#round = undefined;
    }
  }

  /** The dead letters that are listed. */
  async letters(key: number, timeout: Micros): Promise<readonly DeadLetter[]> {
    const list = (signal: AbortSignal): Promise<readonly DeadLetter[]> =>
      this.log.deadLetters.list(undefined, signal);
    return (await this.#within(key, timeout, list)) ?? [];
  }

  async #within<T>(
    key: number,
    timeout: Micros,
    task: (signal: AbortSignal) => Promise<T>,
  ): Promise<T | undefined> {
    const node = this.#node;
    if (!node.up) return undefined;
    const { work } = node;
    const scope = { server: node, key, deadline: node.monotonic() + timeout };
    work.requests += 1;
    try {
      return await this.#backend.within(scope, task);
    } catch (error) {
      if (error instanceof KvError) return undefined;
      throw error;
    } finally {
      work.requests -= 1;
    }
  }
}
