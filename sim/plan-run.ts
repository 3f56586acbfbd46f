/** One run of one plan: builds the world, lets it go through chaos, heals it, reads everything back and judges. */
import { type Micros, MILLISECOND, type Priority } from "kvdal";
import { cacheCounters, createCache } from "./backends/cache/create.ts";
import type { RealCacheFactory } from "./backends/cache/real-entries.ts";
import type { WorldCache } from "./backends/cache/world-cache.ts";
import type { BackendFactory, WorldBackend } from "./backends/backend.ts";
import { type History, type Judge, judge, skewUse } from "./check/index.ts";
import { askCore, CORE_AFTER } from "./core-phase.ts";
import { costsOfCode } from "./costs/once.ts";
import type { CorePlan } from "./faults/core.ts";
import { askExactly } from "./exact/ask-exactly.ts";
import type { ExactFlaw } from "./exact/exact-flaw.ts";
import { linkFatesOf, nodesOf } from "./faults/of-plan.ts";
import { slownessOf } from "./faults/slow-engine.ts";
import { LAST_CLEAN_UP, lastCleanUp } from "./last-clean-up.ts";
import { ListsRun } from "./lists-run.ts";
import type { PlanResult } from "./plan-result.ts";
import { RegionsRun } from "./regions-run.ts";
import { ROUND_TIMEOUT, schedule } from "./schedule.ts";
import { VersionsRun } from "./versions-run.ts";
import { EVENTS } from "./world/event-codes.ts";
import { NO_STEPS } from "./world/log-watch.ts";
import { Network } from "./world/network.ts";
import { engineMember, type Member } from "./world/member.ts";
import type { SimNode } from "./world/node.ts";
import { PATIENT, readBack } from "./world/read-back.ts";
import { LIMITS } from "./world/client-limits.ts";
import { SimClient, type SimClientParts } from "./world/sim-client.ts";
import { serverHistory } from "./world/server-history.ts";
import { SimServer } from "./world/sim-server.ts";
import { Touches } from "./world/touches.ts";
import type { WorldTrace } from "./world/trace.ts";
import { runWorld } from "./world/run-loop.ts";
import { World } from "./world/world.ts";
import { isCalm, optionsOf } from "./workload/of-plan.ts";
import { judgeOf } from "./workload/consumers/judge.ts";
import { chunkedItems } from "./workload/read-back.ts";
import { inOneRegion } from "./workload/one-region.ts";
import { lookAround, type Places, placesOf } from "./workload/places.ts";
import type { Plan } from "./workload/plan.ts";
import { clientSkewOf, serverWallOf } from "./workload/plan-clocks.ts";
import { Recorder } from "./workload/recorder.ts";

/** Longest that anything sent before the healing can still be under way, microseconds. */
const SETTLE: Micros = 600 * MILLISECOND;

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
  readonly #regions: RegionsRun | undefined;
  /** Those of the engine. */
  readonly #replicas: readonly Member[];
  #coreFlaw: string | undefined;
  #storedChunks: History["chunks"]["stored"] = [];
  #views: History["views"] = [];
  #exact: ExactFlaw | undefined;
  #finished = false;
  #answeredAll = false;
  #fault: unknown;
  readonly #fail = (error: unknown): void => {
    this.#fault ??= error;
  };

  constructor(
    given: Plan,
    factory: BackendFactory,
    realCache: RealCacheFactory | undefined,
    trace?: WorldTrace,
  ) {
    const plan = factory.hasRegions === true ? given : inOneRegion(given);
    const world = new World(plan.seed, trace, plan);
    const { clients, servers } = plan.topology;
    this.#touches = new Touches({ clients, servers, clocks: plan.clocks });
    world.touches = this.#touches;
    const nodes = nodesOf(world, plan);
    this.world = world;
    this.#plan = plan;
    this.#network = new Network(world, plan.network, plan.cuts, linkFatesOf(world, plan));
    const engineNodes = nodes.slice(clients + servers);
    const slowness = slownessOf(world, plan.slowEngine);
    this.#backend = factory.create(world, this.#network, engineNodes, slowness, plan);
    this.#places = placesOf(plan, this.#backend);
    trace?.open(nodes, this.#places);
    this.#lists = ListsRun.of({ world, places: this.#places, backend: this.#backend }, plan);
    const cache = createCache(world, this.#network, plan, realCache);
    this.#cache = cache;
    world.amplifier.onCachePassed = () => cache?.watch.disturbed();
    const setup = { lists: this.#lists?.setup, hasVersions: plan.versions !== undefined };
    const parts = { requestsMax: plan.requestsMax, cache, ...setup };
    this.#servers = nodes.slice(clients, clients + servers).map((node, number) => {
      return new SimServer(node, this.#backend, optionsOf(plan), { ...parts, number });
    });
    this.#replicas = engineNodes.map((node) => engineMember(node, this.#backend));
    const members = [...this.#servers, ...this.#replicas];
    const around = { world, backend: this.#backend, servers: this.#servers, members };
    this.#regions = RegionsRun.of(around, plan);
    const { namespace, records, versions } = plan;
    this.#versions = versions && new VersionsRun({ world, plan, servers: this.#servers });
    this.#recorder = new Recorder(world, plan.keys.length, namespace.chunkAboveBytes, records);
    this.#clients = nodes.slice(0, clients).map((node) => this.#clientOn(node, "normal"));
    this.#reader = this.#clientOn(nodes[0] as SimNode, "critical", PATIENT);
    schedule({ ...around, plan, onFault: this.#fail });
    world.after(0, EVENTS.begin.code, () => this.#start());
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
      regions: this.#regions,
    });
  }

  #start(): void {
    const running = this.#clients.map((client, i) => {
      const own = this.#plan.operations[i] ?? [];
      return this.#versions?.carryOut(i, client, own) ?? client.run(own);
    });
    Promise.all(running).then(() => this.#heal(), this.#fail);
  }

  /** Ends all faults, lets what is under way arrive, brings replicas together, reads everything back. */
  #heal(): void {
    const { world } = this;
    // What is called from now on is not of the workload, and nothing befalls it.
    world.touches = undefined;
    const { workload, core: drawn } = this.#plan;
    // A consumer's own measure is of what it asked for itself.
    const core = workload === undefined ? drawn : undefined;
    world.after(Math.max(0, this.#plan.healAt - world.now), EVENTS.heal.code, () => {
      world.heal();
      if (core === undefined) this.#repair();
      else world.after(CORE_AFTER, EVENTS.core.code, () => this.#askCore(core));
    });
  }

  #askCore(core: CorePlan): void {
    askCore(core, {
      world: this.world,
      plan: this.#plan,
      servers: this.#servers,
      replicas: this.#replicas,
      // Others go by what they met before: they may hold back, as they should.
      client: this.#reader,
    }).then((flaw) => {
      this.#coreFlaw = flaw;
      this.#repair();
    }, this.#fail);
  }

  #repair(): void {
    const { world } = this;
    world.after(SETTLE, EVENTS.repair.code, () => this.#backend.repair());
    world.after(2 * SETTLE, EVENTS.settled.code, () => {
      if (this.#regions !== undefined) this.#regions.settledAt = world.now;
      if (this.#lists === undefined) return this.#cleanUp();
      // Everything is applied that waits in the log, and arrives everywhere.
      this.#lists.drain(this.#servers).then(() => {
        world.after(SETTLE, EVENTS.drained.code, () => this.#cleanUp());
      }, this.#fail);
    });
  }

  /** A look at replicas, then at everything once all is cleaned up. */
  #cleanUp(): void {
    this.#views = lookAround(this.#places, this.#backend);
    lastCleanUp({
      world: this.world,
      namespace: this.#plan.namespace,
      servers: this.#servers,
      onDone: async () => {
        await this.#lookAtAll();
        this.#finished = true;
      },
      onFault: this.#fail,
    });
  }

  async #lookAtAll(): Promise<void> {
    const [plan, client, servers] = [this.#plan, this.#reader, this.#servers];
    const unanswered =
      (await this.#lists?.ask(client, servers, this.#recorder)) ??
      (await readBack(client, servers.length, this.#places, plan, this.#versions));
    this.#answeredAll = unanswered === undefined;
    if (unanswered !== undefined) {
      this.world.noteLeft(`a question that a sound world did not answer: ${unanswered.message}`);
    }
    const server = servers[0] as SimServer;
    this.#storedChunks = await server.chunkedValues(LAST_CLEAN_UP, ROUND_TIMEOUT);
    this.#exact = await askExactly({ plan, client, server, backend: this.#backend });
  }

  /** From the beginning to the last question. */
  async run(): Promise<string> {
    const end = await runWorld(this.world);
    if (this.#plan.costs !== true || !this.#finished) return end;
    const { isDone, flaw, left } = await costsOfCode();
    this.#finished = isDone;
    this.#exact ??= flaw;
    for (const what of left) this.world.noteLeft(what);
    return end;
  }

  /** What it came to; `end` is what `run` gave. */
  result(end: string, judgedBy: Judge = judge): PlanResult {
    if (this.#fault !== undefined) {
      throw new Error("the simulator itself failed", { cause: this.#fault });
    }
    const { world } = this;
    const inconclusive = this.#backend.inconclusive() ?? this.#cache?.trouble;
    const { counters } = this.#recorder;
    const judged = judgeOf(this.#plan, this.#versions, judgedBy);
    const history = this.#history(end);
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
      faults: world.tally,
      amplified: world.amplifier.counts,
      skew: skewUse(history),
      regions: this.#regions?.counters(history.writes),
      logSteps: this.#lists?.setup.watch.steps ?? NO_STEPS,
      touches: this.#touches.counts,
      isLive: this.#answeredAll && this.#finished && this.#coreFlaw === undefined,
      violation: inconclusive === undefined ? judged(history) : undefined,
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
      writes: this.#regions?.told(writes) ?? writes,
      reads: this.#versions?.attributed(reads) ?? reads,
      unanswered,
      scans,
      writesAtOnce: this.#backend.writesAtOnce,
      repairsKeys: this.#plan.replicas?.readRepair,
      serverWall: serverWallOf(this.#plan),
      tokenWindow: this.#plan.namespace,
      clientSkew: clientSkewOf(this.#plan, this.world.now),
      fault,
      cleanUps: this.#plan.namespace.cleanUps.map(({ at }) => at),
      views: this.#views,
      ...serverHistory(this.#servers),
      isCalm: isCalm(this.#plan),
      cache: this.#cache?.watch.history,
      traffic: {
        limits: LIMITS,
        clients: [...this.#clients, this.#reader].map((each) => each.traffic),
      },
      arrivesWithin: this.#regions?.arrivesWithin,
      lists: this.#lists?.history(this.#recorder),
      exact: this.#exact,
      left: this.#leftovers(end),
      chunks: {
        stored: this.#storedChunks,
        referred: chunkedItems(reads, this.#plan.keys, this.#places),
      },
    };
  }
}
