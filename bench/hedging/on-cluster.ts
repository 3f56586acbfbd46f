/** One slow node of three Cassandra nodes, a copy on each: it stands still for a while, again and again. */
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { policies } from "cassandra-driver";
import {
  hmacSha256,
  type KvStore,
  matchKeys,
  MILLISECOND,
  open,
  recordedTelemetry,
  SECOND,
  systemEnv,
  utf8,
} from "kvdal";
import { createClient, type KvClient, type Transport } from "kvdal/client";
import { type CassandraCluster, openCluster } from "kvdal/conformance";
import { cassandra } from "kvdal/engine";
import { inProcess } from "kvdal/service";
import { figuresOf, type HedgingFigures } from "./figures.ts";

const NAMESPACE = "hedging";
const RECORDS = 200;
const KEY = utf8("key");
const VALUE = new Uint8Array(256).fill(7);
/** Above what nearly all calls take on nodes that share two cores with their load, below what the stops cost. */
const LATENCIES = { target: 25 * MILLISECOND, max: 5 * SECOND };
/** The slow node stands still for so long out of so long, milliseconds. */
const STOP_MILLIS = 150;
const STOP_EVERY_MILLIS = 1_500;

/** Calls at quorum, of one verb a run: a call is slow where its server's own node is, and any two nodes will do. */
export const CLUSTER_VERBS = ["put", "get"] as const;

/** One of them. */
export type ClusterVerb = (typeof CLUSTER_VERBS)[number];

/** What a run is of, and how long it is. */
export type ClusterLoad = {
  readonly verb: ClusterVerb;
  readonly seconds: number;
  readonly perSecond: number;
};

/** A cluster with a server beside each node, which asks that node alone. */
export type HedgingCluster = {
  /** One run of calls while one node is slow. */
  readonly measure: (cap: number, load: ClusterLoad) => Promise<HedgingFigures>;
  readonly end: () => Promise<void>;
};

/** Starts one; a reason why not when it cannot be had here. */
export async function hedgingCluster(): Promise<HedgingCluster | string> {
  const cluster = await openCluster({ shared: false });
  if (!cluster.available) return `${cluster.why}; ${cluster.howToGet}`;
  const servers: KvStore[] = [];
  for (const point of cluster.contactPoints()) servers.push(await openServer(cluster, point));
  return {
    measure: (cap, load) => measure(cap, load, cluster, servers),
    end: async () => {
      for (const server of servers) await server.close();
      await cluster.release();
    },
  };
}

function openServer(cluster: CassandraCluster, point: string): Promise<KvStore> {
  const { AllowListPolicy, RoundRobinPolicy } = policies.loadBalancing;
  const loadBalancing = new AllowListPolicy(new RoundRobinPolicy(), [point]);
  return open({
    engine: cassandra({
      contactPoints: [point],
      localDataCenter: cluster.dataCenter,
      keyspace: NAMESPACE,
      replication: { [cluster.dataCenter]: cluster.nodes.length },
      driver: { policies: { loadBalancing } },
    }),
    namespaces: [{ name: NAMESPACE, slo: { read: LATENCIES, write: LATENCIES } }],
    env: systemEnv(),
    mac: hmacSha256(randomBytes(32)),
  });
}

async function measure(
  cap: number,
  { verb, seconds, perSecond }: ClusterLoad,
  cluster: CassandraCluster,
  servers: readonly KvStore[],
): Promise<HedgingFigures> {
  const telemetry = recordedTelemetry();
  const env = systemEnv(telemetry);
  let [requests, next] = [0, 0];
  const ways = servers.map(({ service }) => inProcess(service, env));
  // Calls take turns at the servers, and each further attempt of one goes to the server after.
  const firsts = new WeakMap<object, number>();
  const transport: Transport = (request, call) => {
    requests += 1;
    const first = firsts.get(request) ?? (next += 1);
    firsts.set(request, first);
    return (ways[(first + call.turn) % ways.length] as Transport)(request, call);
  };
  const client = createClient({ env, transport, limits: { hedgeShare: cap } });
  const stop = stopping(cluster);
  const micros: number[] = [];
  let failed = 0;
  const one = async (n: number): Promise<void> => {
    const begun = performance.now();
    await perform(client, verb, n).catch(() => (failed += 1));
    micros.push((performance.now() - begun) * 1000);
  };
  const calls: Promise<void>[] = [];
  const begun = performance.now();
  for (let n = 0; n < seconds * perSecond; n += 1) {
    // Callers keep coming, whether they are answered or not.
    const left = begun + (n * 1000) / perSecond - performance.now();
    if (left > 0) await sleep(left);
    calls.push(one(n));
  }
  await Promise.all(calls);
  await stop();
  const [hedges, hedgesWon] = [telemetry.counter("hedges"), telemetry.counter("hedges_won")];
  const extraRequests = requests - micros.length;
  return figuresOf(micros, { cap, calls: micros.length, failed, hedges, hedgesWon, extraRequests });
}

async function perform(client: KvClient, verb: ClusterVerb, n: number): Promise<unknown> {
  const at = { namespace: NAMESPACE, id: `record ${(n * 7919) % RECORDS}` };
  return verb === "put"
    ? client.putItems({ ...at, items: [{ key: KEY, value: VALUE }] })
    : client.getItems({ ...at, predicate: matchKeys(KEY) });
}

/** Stops the last node again and again, until the function returned is called. */
function stopping({ nodes }: CassandraCluster): () => Promise<void> {
  const slow = nodes.at(-1);
  const over = new AbortController();
  const cycle = (async () => {
    while (!over.signal.aborted) {
      await sleep(STOP_EVERY_MILLIS - STOP_MILLIS);
      await slow?.pause();
      await sleep(STOP_MILLIS);
      await slow?.resume();
    }
  })();
  return async () => {
    over.abort();
    await cycle;
  };
}
