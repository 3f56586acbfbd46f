/**
 * Dashboards over an interval cache on kvdal, in virtual time: viewers who ask for the same last hours again and again,
 * a store of results under the published rules (`interval-cache.ts`), and a source that takes its time for what is not in
 * it. Real clients and a real server over an engine of given latency; nothing fails.
 */
import { matchRange, type Micros, MINUTE, SECOND } from "kvdal";
import { createClient, type KvClient, sleep } from "kvdal/client";
import { lifeSeconds, prefixLength, toStore } from "../workload/consumers/interval-cache.ts";
import { hash32, scale } from "../world/keyed-random.ts";
import { Network } from "../world/network.ts";
import { SimNode } from "../world/node.ts";
import { runWorld } from "../world/run-loop.ts";
import { WALL_ORIGIN, World } from "../world/world.ts";
import { EXACT, LOAD_NAMESPACE, NETWORK, openServer } from "./load-world.ts";
import { Station } from "./station.ts";
import { transportOf } from "./load-transport.ts";

/** What is looked at, by how many. */
export type DashboardsPlan = {
  readonly seed: number;
  readonly viewers: number;
  /** Queries of one load of the dashboard. */
  readonly queries: number;
  readonly refresh: Micros;
  /** Buckets of a minute that a query is about, up to the present one. */
  readonly buckets: number;
  /** Share of queries that nobody asks twice, thousandths. */
  readonly oneOffPerMille: number;
  /** Figures are of what begins after `from` and before `until`. */
  readonly from: Micros;
  readonly until: Micros;
  /** Whether results are stored at all. */
  readonly isCached: boolean;
  /** How long the engine takes for its nth call, and the source for its nth query of so many buckets. */
  readonly engineMicros: (n: number) => Micros;
  readonly sourceMicros: (n: number, buckets: number) => Micros;
};

/** One query, as it went. Times are virtual. */
export type DashboardQuery = {
  readonly took: Micros;
  /** The look into the store alone; 0 without one. */
  readonly looked: Micros;
  readonly buckets: number;
  /** Buckets of it that came from the store. */
  readonly hit: number;
};

/** One bucket in so many has nothing in it. */
const EMPTY_IN = 20;
const VALUE_BYTES = 40;
const SENTINEL: Uint8Array = new Uint8Array(0);
const VALUE: Uint8Array = new Uint8Array(VALUE_BYTES).fill(7);
const WORKERS = 256;
const VIEWER_CODE = 46_000;

/** Runs it to its end. Rejects only for faults of the simulator. */
export async function runDashboards(plan: DashboardsPlan): Promise<readonly DashboardQuery[]> {
  const world = new World(plan.seed);
  const network = new Network(world, NETWORK, []);
  const station = new Station(world, 0, { workers: WORKERS, micros: plan.engineMicros });
  const [clientNode, serverNode] = [0, 1].map(
    (index) => new SimNode(world, { index, clock: EXACT }),
  );
  const [here, there] = [clientNode as SimNode, serverNode as SimNode];
  const service = await openServer(there, station, { requestsMax: Number.POSITIVE_INFINITY });
  const servers = [{ node: there, service }];
  const transport = transportOf(here, { network, servers, onSend: () => undefined });
  const client = createClient({ env: here.env(), transport });
  const dashboard = new Dashboard(world, here, client, plan);
  for (let viewer = 0; viewer < plan.viewers; viewer += 1) {
    const first = scale(hash32(plan.seed, viewer, 0xda5), plan.refresh);
    world.after(first, VIEWER_CODE, () => dashboard.watch(viewer));
  }
  await runWorld(world);
  if (dashboard.fault !== undefined) {
    throw new Error("a query was not answered", { cause: dashboard.fault });
  }
  return dashboard.done;
}

/** Everybody's dashboard. */
class Dashboard {
  readonly done: DashboardQuery[] = [];
  fault: unknown;
  readonly #world: World;
  readonly #node: SimNode;
  readonly #client: KvClient;
  readonly #plan: DashboardsPlan;
  #asked = 0;

  constructor(world: World, node: SimNode, client: KvClient, plan: DashboardsPlan) {
    this.#world = world;
    this.#node = node;
    this.#client = client;
    this.#plan = plan;
  }

  /** A viewer loads it, and again after the refresh interval. */
  watch(viewer: number): void {
    const { refresh, until, queries } = this.#plan;
    const world = this.#world;
    for (let query = 0; query < queries; query += 1) {
      this.#ask(query).catch((error: unknown) => {
        this.fault ??= error;
      });
    }
    if (world.now + refresh < until) world.after(refresh, VIEWER_CODE, () => this.watch(viewer));
  }

  async #ask(query: number): Promise<void> {
    const { isCached, sourceMicros, buckets, seed, oneOffPerMille, from } = this.#plan;
    this.#asked += 1;
    const number = this.#asked;
    const isOneOff = scale(hash32(seed, number, 0x0ff), 1_000) < oneOffPerMille;
    const id = isOneOff ? `one-off ${number}` : `query ${query}`;
    const begun = this.#world.now;
    const last = Math.floor(begun / MINUTE);
    const wanted = Array.from({ length: buckets }, (_, i) => last - buckets + 1 + i);
    const hit = isCached ? await this.#look(id, wanted) : 0;
    const looked = this.#world.now - begun;
    const missing = wanted.slice(hit);
    if (missing.length > 0) {
      await sleep(this.#node.env().timers, sourceMicros(number, missing.length));
    }
    if (begun >= from) {
      this.done.push({ took: this.#world.now - begun, looked, buckets, hit });
    }
    if (isCached) await this.#store(id, missing);
  }

  /** How much of what is wanted is a hit. */
  async #look(id: string, wanted: readonly number[]): Promise<number> {
    const predicate = matchRange(keyOf(wanted[0] ?? 0));
    const stored: number[] = [];
    for await (const page of this.#client.pages({ namespace: LOAD_NAMESPACE, id, predicate })) {
      stored.push(...page.items.map(({ key }) => bucketOf(key)));
    }
    return prefixLength(wanted, stored);
  }

  /** Behind the answer: nobody waits for it. */
  async #store(id: string, missing: readonly number[]): Promise<void> {
    const now = Math.floor(this.#world.now / MINUTE);
    const items = toStore(missing, (bucket) => hash32(bucket, 0xe0) % EMPTY_IN === 0).map(
      ({ bucket, isSentinel }) => ({
        key: keyOf(bucket),
        value: isSentinel ? SENTINEL : VALUE,
        ttlMicros: lifeSeconds(now - bucket) * SECOND,
      }),
    );
    if (items.length > 0) await this.#client.putItems({ namespace: LOAD_NAMESPACE, id, items });
  }
}

/** Minutes since the world's beginning, shifted so that none is below zero. */
const SHIFT = WALL_ORIGIN / MINUTE;

function keyOf(bucket: number): Uint8Array {
  const key = new Uint8Array(8);
  new DataView(key.buffer).setBigUint64(0, BigInt(bucket + SHIFT));
  return key;
}

function bucketOf(key: Uint8Array): number {
  return Number(new DataView(key.buffer, key.byteOffset).getBigUint64(0)) - SHIFT;
}
