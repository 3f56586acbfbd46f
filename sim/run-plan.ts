/** Runs one plan: builds the world, lets it go through chaos, heals it, reads everything back and judges. */
import { type KvError, type Micros, MILLISECOND, type Priority } from "kvdal";
import { cacheCounters, createCache } from "./backends/cache/create.ts";
import type { RealCacheFactory } from "./backends/cache/real-entries.ts";
import type { WorldCache } from "./backends/cache/world-cache.ts";
import type { BackendFactory, WorldBackend } from "./backends/backend.ts";
import { type ChunkedValue, type History, type Judge, judge, type View } from "./check/index.ts";
import { slownessOf } from "./faults/slow-engine.ts";
import { LAST_CLEAN_UP, lastCleanUp } from "./last-clean-up.ts";
import { ListsRun } from "./lists-run.ts";
import type { PlanResult } from "./plan-result.ts";
import { ROUND_TIMEOUT, schedule } from "./schedule.ts";
import { VersionsRun } from "./versions-run.ts";
import { NO_STEPS } from "./world/log-watch.ts";
import { Network } from "./world/network.ts";
import { SimNode } from "./world/node.ts";
import { runWorld } from "./world/run-loop.ts";
import { LIMITS, SimClient, type SimClientParts } from "./world/sim-client.ts";
import { SimServer } from "./world/sim-server.ts";
import { Touches } from "./world/touches.ts";
import type { WorldTrace } from "./world/trace.ts";
import { World } from "./world/world.ts";
import { isCalm, optionsOf } from "./workload/of-plan.ts";
import { judgeOf } from "./workload/consumers/judge.ts";
import { chunkedItems, READ_BACK_FIRST, readBackOperations } from "./workload/read-back.ts";
import { type Places, placesOf } from "./workload/places.ts";
import type { Plan } from "./workload/plan.ts";
import { clientSkewOf, serverWallOf } from "./workload/plan-clocks.ts";
import { Recorder } from "./workload/recorder.ts";

/** Longest that anything sent before the healing can still be under way, microseconds. */
const SETTLE: Micros = 600 * MILLISECOND;
const PHASE_CODE = 30_000;

/** Runs `plan` over `factory`'s engine, and a real cache where one is given. Rejects only for faults of the simulator itself. */
export async function runPlan(
  plan: Plan,
  factory: BackendFactory,
  realCache?: RealCacheFactory,
  judgedBy: Judge = judge,
): Promise<PlanResult> {
  const run = new PlanRun(plan, factory, realCache);
  return run.result(await runWorld(run.world), judgedBy);
}

/** One run of one plan. */
export class PlanRun {
  readonly world: World;
  readonly #plan: Plan;
  readonly #network: Network;
  readonly #backend: WorldBackend;
  readonly #cache: WorldCache | undefined;
  readonly #servers: readonly SimServer[];
  readonly #clients: readonly SimClient[];
  /** Reads everything back: none of the others, whose servers may have refused much that they asked. */
  readonly #reader: SimClient;
  readonly #recorder: Recorder;
  readonly #places: Places;
  readonly #touches: Touches;
  /** Undefined in a world without lists of mutations, or without versions of a dataset. */
  readonly #lists: ListsRun | undefined;
  readonly #versions: VersionsRun | undefined;
  #storedChunks: readonly ChunkedValue[] = [];
  #views: readonly (readonly View[])[] = [];
  #finished = false;
  #answeredAll = false;
  #healed = false;
  #fault: unknown;

  constructor(
    plan: Plan,
    factory: BackendFactory,
    realCache: RealCacheFactory | undefined,
    trace?: WorldTrace,
  ) {
    const world = new World(plan.seed, trace);
    const { clients, servers } = plan.topology;
    this.#touches = new Touches({ clients, servers, clocks: plan.clocks });
    world.touches = this.#touches;
    const nodes = plan.clocks.map((clock, index) => new SimNode(world, { index, clock }));
    this.world = world;
    this.#plan = plan;
    this.#network = new Network(world, plan.network, plan.cuts);
    const engineNodes = nodes.slice(clients + servers);
    const isHealed = (): boolean => this.#healed;
    const slowness = slownessOf(world, plan.slowEngine, isHealed);
    const facts = { plan, isHealed };
    this.#backend = factory.create(world, this.#network, engineNodes, slowness, facts);
    this.#places = placesOf(plan, this.#backend);
    trace?.open(nodes, this.#places);
    this.#lists = this.#listsRun();
    const cache = createCache(world, this.#network, plan, realCache);
    this.#cache = cache;
    const setup = { lists: this.#lists?.setup, hasVersions: plan.versions !== undefined };
    const parts = { requestsMax: plan.requestsMax, cache, ...setup };
    const serverNodes = nodes.slice(clients, clients + servers);
    this.#servers = serverNodes.map(
      (node) => new SimServer(node, this.#backend, optionsOf(plan), parts),
    );
    const { namespace, records, versions } = plan;
    const network = this.#network;
    this.#versions = versions && new VersionsRun({ world, network, plan, servers: this.#servers });
    this.#recorder = new Recorder(world, plan.keys.length, namespace.chunkAboveBytes, records);
    this.#clients = nodes.slice(0, clients).map((node) => this.#clientOn(node, "normal"));
    this.#reader = this.#clientOn(nodes[0] as SimNode, "critical", { chunkWindow: 1 });
    schedule({
      world,
      plan,
      backend: this.#backend,
      nodes: nodes.slice(clients),
      servers: this.#servers,
      onFault: (error) => this.#fail(error),
    });
    world.after(0, PHASE_CODE, () => this.#start());
  }

  #clientOn(node: SimNode, priority: Priority, limits: SimClientParts["limits"] = {}): SimClient {
    return new SimClient({
      node,
      network: this.#network,
      servers: this.#servers,
      places: this.#places,
      recorder: this.#recorder,
      keys: this.#plan.keys,
      // The last one leaves splitting and assembling to the servers.
      chunking: node.index < this.#plan.topology.clients - 1,
      limits,
      priority,
    });
  }

  #listsRun(): ListsRun | undefined {
    const { lists: plan } = this.#plan;
    if (plan === undefined) return undefined;
    const isHealed = (): boolean => this.#healed;
    const [world, places, backend] = [this.world, this.#places, this.#backend];
    return new ListsRun({ world, plan, places, backend, isHealed });
  }

  #start(): void {
    const running = this.#clients.map((client, i) => {
      const own = this.#plan.operations[i] ?? [];
      return this.#versions?.carryOut(i, client, own) ?? client.run(own);
    });
    Promise.all(running).then(
      () => this.#heal(),
      (error: unknown) => this.#fail(error),
    );
  }

  /** Ends all faults, lets what is under way arrive, brings replicas together, reads everything back. */
  #heal(): void {
    const { world } = this;
    // What is called from now on is not of the workload, and nothing befalls it.
    world.touches = undefined;
    const wait = Math.max(0, this.#plan.healAt - world.now);
    world.after(wait, PHASE_CODE + 1, () => {
      this.#healed = true;
      this.#network.heal();
      this.#cache?.heal();
    });
    world.after(wait + SETTLE, PHASE_CODE + 2, () => this.#backend.repair());
    world.after(wait + 2 * SETTLE, PHASE_CODE + 3, () => {
      if (this.#lists === undefined) this.#settle();
      else this.#drain(this.#lists);
    });
  }

  /** Has everything applied that waits in the log, and lets it arrive everywhere. */
  #drain(lists: ListsRun): void {
    lists.drain(this.#servers).then(
      () => this.world.after(SETTLE, PHASE_CODE + 8, () => this.#settle()),
      (error: unknown) => this.#fail(error),
    );
  }

  #settle(): void {
    this.#views = this.#lookAround();
    this.#cleanUp();
  }

  #cleanUp(): void {
    lastCleanUp({
      world: this.world,
      namespace: this.#plan.namespace,
      servers: this.#servers,
      onDone: async () => {
        await this.#lookAtAll();
        this.#finished = true;
      },
      onFault: (error) => this.#fail(error),
    });
  }

  async #lookAtAll(): Promise<void> {
    const unanswered =
      (await this.#lists?.ask(this.#reader, this.#servers, this.#recorder)) ??
      (await this.#readBack());
    this.#answeredAll = unanswered === undefined;
    if (unanswered !== undefined) {
      this.world.noteLeft(`a question that a sound world did not answer: ${unanswered.message}`);
    }
    const server = this.#servers[0] as SimServer;
    this.#storedChunks = await server.chunkedValues(LAST_CLEAN_UP, ROUND_TIMEOUT);
  }

  /** What every replica shows of each record. */
  #lookAround(): readonly (readonly View[])[] {
    const { records, idOf, namespaceOf } = this.#places;
    const viewsOf = (record: number) => this.#backend.views(idOf(record), namespaceOf(record));
    return Array.from({ length: records }, (_, record) => viewsOf(record));
  }

  /** One client reads every record whole, through every server. */
  async #readBack(): Promise<KvError | undefined> {
    const { records } = this.#places;
    let failed: KvError | undefined;
    for (let server = 0; server < this.#servers.length; server += 1) {
      const first = READ_BACK_FIRST + server * records;
      const questions = readBackOperations(records, this.#plan.keys.length, first).filter(
        ({ record }) => this.#versions?.isGone(record) !== true,
      );
      const error = await this.#reader.runAt(server, questions);
      failed ??= error;
    }
    return failed;
  }

  #fail(error: unknown): void {
    this.#fault ??= error;
  }

  result(end: string, judgedBy: Judge = judge): PlanResult {
    if (this.#fault !== undefined) {
      throw new Error("the simulator itself failed", { cause: this.#fault });
    }
    const { world } = this;
    const inconclusive = this.#backend.inconclusive() ?? this.#cache?.trouble;
    const { counters } = this.#recorder;
    const judged = judgeOf(this.#plan, this.#versions, judgedBy);
    return {
      seed: this.#plan.seed,
      fingerprint: world.fingerprint.digest(),
      events: world.events,
      operations: counters.succeeded + counters.unknown + counters.failed,
      virtualMicros: world.now,
      outcomes: counters,
      cache: cacheCounters(world.telemetry),
      network: this.#network.counters,
      crashes: this.#plan.crashes.length,
      logSteps: this.#lists?.setup.watch.steps ?? NO_STEPS,
      touches: this.#touches.counts,
      isLive: this.#answeredAll && this.#finished,
      violation: inconclusive === undefined ? judged(this.#history(end)) : undefined,
      inconclusive,
    };
  }

  /** What is left of a world in which nothing happens any more. */
  #leftovers(end: string): readonly string[] {
    if (!this.#finished) return [`calls that wait for ever: the world stopped (${end})`];
    for (const { node } of this.#servers) node.expectIdle("at the end");
    return this.world.left;
  }

  #history(end: string): History {
    const { fault, writes, reads, unanswered, scans } = this.#recorder;
    return {
      writes,
      reads: this.#versions?.attributed(reads) ?? reads,
      unanswered,
      scans,
      writesAtOnce: this.#backend.writesAtOnce,
      serverWall: serverWallOf(this.#plan),
      tokenWindow: this.#plan.namespace,
      clientSkew: clientSkewOf(this.#plan, this.world.now),
      fault,
      cleanUps: this.#plan.namespace.cleanUps.map(({ at }) => at),
      views: this.#views,
      calls: this.#servers.flatMap(({ watch }) => watch.calls),
      answers: this.#servers.flatMap(({ watch }) => watch.answers),
      refusals: this.#servers.flatMap(({ watch }) => watch.refusals),
      failures: this.#servers.flatMap(({ watch }) => watch.failures),
      isCalm: isCalm(this.#plan),
      admissions: this.#servers.flatMap(({ watch }) => watch.admissions),
      cache: this.#cache?.watch.history,
      traffic: {
        limits: LIMITS,
        clients: [...this.#clients, this.#reader].map((each) => each.traffic),
      },
      lists: this.#lists?.history(this.#recorder),
      left: this.#leftovers(end),
      chunks: {
        stored: this.#storedChunks,
        referred: chunkedItems(reads, this.#plan.keys, this.#places),
      },
    };
  }
}
