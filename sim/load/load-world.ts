/**
 * Worlds of load: callers who keep coming whether they are answered or not, real clients and servers, engines of
 * finite capacity. Not for correctness, which is judged elsewhere, but for what becomes of many calls together.
 */
import {
  type ClientLimits,
  memory,
  type Micros,
  type RecordedTelemetry,
  SECOND,
  utf8,
} from "kvdal";
import { createClient, type KvClient, neverAborted } from "kvdal/client";
import {
  createService,
  type KvService,
  type NamespaceOptions,
  resolveNamespace,
  tablesOf,
} from "kvdal/service";
import { hash32, remix, scale } from "../world/keyed-random.ts";
import { Network, type NetworkPlan } from "../world/network.ts";
import { type ClockPlan, SimNode } from "../world/node.ts";
import { runWorld } from "../world/run-loop.ts";
import { World } from "../world/world.ts";
import { Station, type StationPlan } from "./station.ts";
import { transportOf } from "./load-transport.ts";

/** A stretch of time with so many calls a second, of all clients together. */
export type LoadPhase = { readonly until: Micros; readonly perSecond: number };

/** What is to happen. */
export type LoadPlan = {
  readonly seed: number;
  readonly clients: number;
  readonly limits: Partial<ClientLimits>;
  /** One a server: each has an engine of its own. */
  readonly stations: readonly StationPlan[];
  /** Most requests in progress at a server; Infinity for no bound. */
  readonly requestsMax: number;
  readonly slo?: NamespaceOptions["slo"];
  /** In order; the last one's end is the end of all. */
  readonly phases: readonly LoadPhase[];
};

/** What became of one call. Times are virtual. */
export type LoadCall = {
  readonly begun: Micros;
  readonly took: Micros;
  readonly isAnswered: boolean;
};

/** What became of all. */
export type LoadResult = {
  readonly calls: readonly LoadCall[];
  /** Requests that clients sent, handshakes included. */
  readonly requests: number;
  /** Pieces of work that the engines did. */
  readonly worked: number;
  readonly telemetry: RecordedTelemetry;
};

/** The namespace of these worlds. */
export const LOAD_NAMESPACE = "load";
const RECORDS = 1_000;
const KEY = utf8("key");
const VALUE = utf8("0123456789abcdef");
/** A clock without a flaw. */
export const EXACT: ClockPlan = { offset: 0, driftPpm: 0, resolution: 1 };
const ARRIVAL_CODE = 45_000;
/** Quick and sound: these worlds are about queues. */
export const NETWORK: NetworkPlan = {
  latencyMin: 100,
  latencyMax: 400,
  tailPpm: 0,
  tailMax: 0,
  lossPpm: 0,
  duplicatePpm: 0,
};

/** Runs it to its end, with nothing under way any more. Rejects only for faults of the simulator. */
export async function runLoad(plan: LoadPlan): Promise<LoadResult> {
  const world = new World(plan.seed);
  const network = new Network(world, NETWORK, []);
  const stations = plan.stations.map((station, i) => new Station(world, i, station));
  const nodes = stations.map(
    (_, i) => new SimNode(world, { index: plan.clients + i, clock: EXACT }),
  );
  const servers = await Promise.all(
    nodes.map(async (node, i) => ({
      node,
      service: await openServer(node, stations[i] as Station, plan),
    })),
  );
  const counted = { requests: 0 };
  const clients = Array.from({ length: plan.clients }, (_, index) => {
    const node = new SimNode(world, { index, clock: EXACT });
    const transport = transportOf(node, {
      network,
      servers,
      onSend: () => (counted.requests += 1),
    });
    return createClient({ env: node.env(), transport, limits: plan.limits });
  });
  const calls: LoadCall[] = [];
  scheduleCalls(world, plan, (n) => {
    void perform(clients[n % clients.length] as KvClient, n, world, calls);
  });
  await runWorld(world);
  const worked = stations.reduce((sum, { done }) => sum + done, 0);
  return { calls, requests: counted.requests, worked, telemetry: world.telemetry };
}

/** A server whose engine keeps everything in memory, and does as much at a time, in as much time, as the station. */
export async function openServer(
  node: SimNode,
  station: Station,
  plan: Pick<LoadPlan, "slo" | "requestsMax">,
): Promise<KvService> {
  const env = node.env();
  let isOpen = false;
  const native = <T>(_label: string, thunk: () => Promise<T>): Promise<T> =>
    isOpen ? station.work(thunk) : thunk();
  const engine = await memory().open({ env, native });
  const options = { name: LOAD_NAMESPACE, ...(plan.slo && { slo: plan.slo }) };
  const namespace = resolveNamespace(options, { primary: engine });
  const now = node.wall();
  const call = { deadline: SECOND, signal: neverAborted, consistency: "quorum", now } as const;
  for (const { engine: _, ...table } of tablesOf(namespace)) await engine.provision(table, call);
  isOpen = true;
  // Nothing here is paged, so nothing is sealed.
  const mac = { current: 1, keys: new Map([[1, () => new Uint8Array(16)]]) };
  return createService({ env, mac, namespaces: [namespace], requestsMax: plan.requestsMax });
}

/** Callers come at random distances, on the average as many a second as the phase says. */
function scheduleCalls(world: World, { seed, phases }: LoadPlan, call: (n: number) => void): void {
  let [at, n] = [0, 0];
  const next = (): void => {
    const phase = phases.find(({ until }) => at < until);
    if (phase === undefined) return;
    n += 1;
    const number = n;
    const gap = scale(hash32(seed, n, 0x10ad), Math.round((2 * SECOND) / phase.perSecond));
    at += gap;
    world.after(gap, ARRIVAL_CODE, () => {
      call(number);
      next();
    });
  };
  next();
}

async function perform(
  client: KvClient,
  n: number,
  world: World,
  calls: LoadCall[],
): Promise<void> {
  const begun = world.now;
  const bits = hash32(world.seed, n, 0xca11);
  const at = { namespace: LOAD_NAMESPACE, id: `record ${scale(bits, RECORDS)}` };
  const work =
    scale(remix(bits, 1), 2) === 0
      ? client.putItems({ ...at, items: [{ key: KEY, value: VALUE }] })
      : client.getItems(at);
  const isAnswered = await work.then(
    () => true,
    () => false,
  );
  calls.push({ begun, took: world.now - begun, isAnswered });
}
