/** A server of the world: the real service on a node that can crash. */
import { KvError, type Micros, toHex } from "kvdal";
import type { KvRequest } from "kvdal/client";
import {
  createService,
  decodeOwner,
  type KvService,
  namespaceRegistry,
  namespaceSnapshot,
  type NamespaceSnapshot,
  type ReplaceableRegistry,
  maintain,
  type Namespace,
  type NamespaceOptions,
  resolveNamespace,
  type Tiers,
} from "kvdal/service";
import type { WorldBackend } from "../backends/backend.ts";
import type { ChunkedValue } from "../check/history.ts";
import type { RequestRecord } from "../check/request-words.ts";
import type { AdmissionRecord } from "../check/server-history.ts";
import { DOOMED_NAMESPACE, OTHER_NAMESPACE } from "../workload/lists-plan.ts";
import { ALIAS, EMPTY_NAMESPACE } from "../workload/namespace-plan.ts";
import type { WorldCache } from "../backends/cache/world-cache.ts";
import { CallWatch } from "./call-watch.ts";
import { type ListsSetup, ServerLog } from "./server-log.ts";
import type { SimNode } from "./node.ts";
import type { SentTo, ServerAnswer } from "./server-call.ts";
import { keysAt } from "./server-keys.ts";
import { isBusy } from "./is-busy.ts";
import { StepCrashes } from "./step-crash.ts";

/** What a server has beside its engine. */
export type SimServerParts = {
  readonly requestsMax: number;
  /** Counted among the servers. */
  readonly number: number;
  readonly cache: WorldCache | undefined;
  readonly lists: ListsSetup | undefined;
  /** Whether there are two versions of a dataset behind the alias. */
  readonly hasVersions: boolean;
};

/** A server. */
export class SimServer {
  readonly node: SimNode;
  readonly watch: CallWatch;
  readonly #backend: WorldBackend;
  readonly #requestsMax: number;
  readonly #lists: ListsSetup | undefined;
  readonly #cache: WorldCache | undefined;
  readonly #steps: StepCrashes | undefined;
  #options: NamespaceOptions;
  #namespace: Namespace;
  #empty: Namespace;
  /** Those that only worlds with lists have. */
  #more: readonly Namespace[];
  #doomed = false;
  #dropped = false;
  readonly #hasVersions: boolean;
  #registry: ReplaceableRegistry;
  #service: KvService;
  #log: ServerLog | undefined;
  /** Part of the configuration: a restart changes nothing of it. */
  #flipped = false;

  constructor(
    node: SimNode,
    backend: WorldBackend,
    options: NamespaceOptions,
    { requestsMax, number, cache, lists, hasVersions }: SimServerParts,
  ) {
    this.node = node;
    this.#requestsMax = requestsMax;
    this.#cache = cache;
    this.#steps = StepCrashes.of(this);
    const rowsPerCallMax = options.rowsPerCallMax ?? Number.POSITIVE_INFINITY;
    this.watch = new CallWatch(node, { number, rowsPerCallMax, cache: cache?.watch });
    this.#backend = backend;
    this.#options = options;
    this.#lists = lists;
    this.#hasVersions = hasVersions;
    [this.#namespace, this.#empty, this.#more] = this.#resolve(this.#openTiers());
    [this.#registry, this.#service, this.#log] = this.#start();
  }

  /** The log of its present life; undefined in a world without lists. */
  get log(): ServerLog | undefined {
    return this.#log;
  }

  /** From now on the doomed namespace is gone, here. */
  doom(): void {
    this.#doomed = true;
    this.#registry.replace(this.#snapshot());
  }

  /** From now on the namespace that the alias pointed at first is gone, here. */
  drop(): void {
    this.#dropped = true;
    this.#registry.replace(this.#snapshot());
  }

  /** From now on the alias points at the other of its two namespaces, here. */
  flipAlias(): void {
    this.#flipped = !this.#flipped;
    this.#registry.replace(this.#snapshot());
  }

  /** From now on the namespace has these options in place of those that it had, here. */
  configure(options: Partial<NamespaceOptions>): void {
    this.#options = { ...this.#options, ...options };
    const cache = this.#namespace.cache?.engine;
    const tiers = { primary: this.#namespace.engine, cache };
    [this.#namespace, this.#empty, this.#more] = this.#resolve(tiers);
    this.#cache?.watch.disturbed();
    this.#registry.replace(this.#snapshot());
  }

  /** Works on a request for at most `budget` microseconds; answers once, unless the server crashes before. */
  receive(
    request: KvRequest,
    { key, budget, operation }: SentTo,
    reply: (answer: ServerAnswer) => void,
  ): void {
    const { node } = this;
    const { work } = node;
    const inProgress = work.requests;
    work.requests += 1;
    const isPage = request.kind === "get_items" || request.kind === "scan_items";
    const isRead = request.kind === "get_items" || request.kind === "get_chunks";
    const most = isRead ? this.#readMax() : Number.POSITIVE_INFINITY;
    const deadline = node.monotonic() + budget;
    const over = node.monotonic() + Math.min(budget, most);
    const scope = { server: node, key, deadline: over };
    node.world.trace?.served(node, key);
    const watched = this.watch.begin(key, request, { operation, budget, longest: most, over });
    const judge = this.#admission(request, watched);
    const send = (answer: ServerAnswer): void => {
      if (!node.up || node.work !== work) return;
      work.requests -= 1;
      if (work.requests === 0) node.expectIdle("without any request");
      reply(answer);
    };
    this.#backend
      .within(scope, (signal) => this.#service.handle(request, { deadline, signal }))
      .then(
        (answer) => {
          judge?.("taken");
          const reads = this.watch.end(key, isPage);
          const isGet = request.kind === "get_items";
          const cached = reads === 0 && this.#cache !== undefined && isGet;
          send({ kind: "answer", answer, cached, inSteps: reads > 1 && isGet });
        },
        (error: unknown) => {
          const { code } = error as KvError;
          if (code === "TOKEN_FROM_PAST" || code === "TOKEN_FROM_FUTURE") judge?.(code);
          this.watch.failedBy(key, code);
          if (isBusy(error, request)) {
            const { watch } = this;
            const requestsMax = this.#requestsMax;
            watch.refusals.push({ inProgress, requestsMax, request: watched });
          }
          if (request.kind === "get_items" && this.#cache !== undefined) {
            this.watch.failed(key, error as KvError, this.#cache.watch);
          }
          this.watch.end(key, false);
          send({ kind: "error", error: error as KvError });
        },
      );
  }

  /** Notes how a token is judged that arrives now; undefined where the request has none of its own. */
  #admission(
    request: KvRequest,
    watched: RequestRecord,
  ): ((verdict: AdmissionRecord["verdict"]) => void) | undefined {
    if (request.kind !== "put_items" && request.kind !== "delete_items") return undefined;
    const { generationTime: time } = request.token;
    const at = { time, wall: this.node.wall(), request: watched };
    return (verdict) => this.watch.admissions.push({ ...at, verdict });
  }

  /** The longest latency of the namespace's reads, by its options. */
  #readMax(): Micros {
    return this.#options.slo?.read?.max ?? Number.POSITIVE_INFINITY;
  }

  crash(): void {
    this.node.crash();
  }

  /** Starts anew, knowing nothing of what it was doing. */
  restart(): void {
    this.node.restart();
    [this.#namespace, this.#empty, this.#more] = this.#resolve(this.#openTiers());
    [this.#registry, this.#service, this.#log] = this.#start();
  }

  /** One round of clean-up, under a key of its own; a round that fails leaves its work to the next. */
  async maintain(key: number, timeout: Micros): Promise<KvError | undefined> {
    const { node } = this;
    if (!node.up) return undefined;
    const scope = { server: node, key, deadline: node.monotonic() + timeout };
    const { work } = node;
    work.requests += 1;
    node.world.trace?.working(node, key, "clean-up");
    try {
      await this.#backend.within(scope, (signal) => maintain(this.#namespace, node.env(), signal));
      return undefined;
    } catch (error) {
      if (error instanceof KvError) return error;
      throw error;
    } finally {
      work.requests -= 1;
    }
  }

  /** The values that have chunks in the store, as a look through this server finds them. */
  async chunkedValues(key: number, timeout: Micros): Promise<readonly ChunkedValue[]> {
    const { node } = this;
    const { engine, table, consistency } = this.#namespace.chunks;
    const deadline = node.monotonic() + timeout;
    const found: ChunkedValue[] = [];
    const scope = { server: node, key, deadline };
    // A request that arrives late, and ends meanwhile, is not the last thing that is under way.
    node.work.requests += 1;
    node.world.trace?.working(node, key, "a look at all chunks");
    await this.#backend.within(scope, async (signal) => {
      const call = { deadline, signal, consistency, now: node.wall() };
      const segment = { index: 0, of: 1 };
      let cursor: Uint8Array | undefined;
      do {
        const read = { table, segment, cursor, rowLimit: 1_000, projection: "keys" } as const;
        const page = await engine.scan(read, call);
        for (const { row } of page.entries) {
          const owner = decodeOwner(row.metadata);
          if (owner === undefined) continue;
          const { id, key, staging } = owner;
          found.push({
            id,
            key: toHex(key),
            writeTime: row.version.time,
            staging: toHex(staging),
          });
        }
        ({ cursor } = page);
      } while (cursor !== undefined);
    });
    node.work.requests -= 1;
    return found;
  }

  #openTiers(): Tiers {
    const { node } = this;
    const opened = this.#backend.openEngine(node);
    const traced = node.world.trace?.engine(node, opened) ?? opened;
    const watched = this.watch.over(this.#steps?.over(traced) ?? traced);
    const engine = this.#lists?.watch.over(watched, this) ?? watched;
    const primary = this.#cache?.behind(node, engine) ?? engine;
    return { primary, cache: this.#cache?.open(node) };
  }

  #start(): [ReplaceableRegistry, KvService, ServerLog | undefined] {
    const { node } = this;
    const namespaces = namespaceRegistry(this.#snapshot());
    const { engine } = this.#namespace;
    const lists = this.#lists;
    const log = lists && new ServerLog(node, this.#backend, lists, engine, namespaces);
    const service = createService({
      env: node.env(),
      mac: keysAt(node),
      namespaces,
      log: log?.log,
      requestsMax: this.#requestsMax,
    });
    return [namespaces, service, log];
  }

  #resolve(tiers: Tiers): [Namespace, Namespace, readonly Namespace[]] {
    const named = (name: string): Namespace => resolveNamespace({ ...this.#options, name }, tiers);
    const beside = this.#hasVersions ? [OTHER_NAMESPACE] : [];
    const more = this.#lists === undefined ? beside : [OTHER_NAMESPACE, DOOMED_NAMESPACE];
    return [resolveNamespace(this.#options, tiers), named(EMPTY_NAMESPACE), more.map(named)];
  }

  #snapshot(): NamespaceSnapshot {
    const [flipped, doomed] = [this.#flipped, this.#doomed];
    const more = this.#more.filter(({ name }) => !doomed || name !== DOOMED_NAMESPACE);
    const first = { namespace: this.#namespace, aliases: flipped ? [] : [ALIAS] };
    return namespaceSnapshot(String(flipped), [
      ...(this.#dropped ? [] : [first]),
      { namespace: this.#empty, aliases: flipped ? [ALIAS] : [] },
      ...more.map((namespace) => ({ namespace, aliases: [] })),
    ]);
  }
}
