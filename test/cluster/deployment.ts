/** Servers over one Cassandra cluster, each with connections of its own, and clients that may meet any of them. */
import { policies } from "cassandra-driver";
import type { CassandraCluster } from "../../conformance/backends/cluster.ts";
import type { ClientParts } from "../../src/client/client-parts.ts";
import { createClient, type KvClient } from "../../src/client/kv-client.ts";
import { cassandra } from "../../src/engines/cassandra/adapter.ts";
import { type KvStore, open } from "../../src/open.ts";
import type { Env } from "../../src/ports/env.ts";
import type { EngineAdapter } from "../../src/ports/storage-engine.ts";
import type { Transport } from "../../src/ports/transport.ts";
import { inProcess } from "../../src/rpc/in-process.ts";
import { hmacSha256 } from "../../src/system/hmac.ts";

/** A name for the keyspace; all nodes keep a copy of it. */
export type Place = { readonly cluster: CassandraCluster; readonly keyspace: string };

/** The adapter over the whole cluster, or over one node of it alone. */
export function adapterOf({ cluster, keyspace }: Place, node?: number): EngineAdapter {
  const points = cluster.contactPoints();
  const { dataCenter } = cluster;
  const { AllowListPolicy, RoundRobinPolicy } = policies.loadBalancing;
  const only = node === undefined ? points : [points[node] as string];
  const loadBalancing = new AllowListPolicy(new RoundRobinPolicy(), [...only]);
  return cassandra({
    contactPoints: only,
    localDataCenter: dataCenter,
    keyspace,
    replication: { [dataCenter]: points.length },
    ...(node === undefined ? {} : { driver: { policies: { loadBalancing } } }),
  });
}

/** Opens one server, which makes the namespace's table where it is missing. All servers share the page tokens' key. */
export function openServer(place: Place, namespace: string, env: Env): Promise<KvStore> {
  return open({
    engine: adapterOf(place),
    namespaces: [{ name: namespace }],
    env,
    mac: hmacSha256(new Uint8Array(32).fill(7)),
  });
}

/** A client each of whose attempts goes to one of the servers, by chance. */
export function clientOf(
  servers: readonly KvStore[],
  env: Env,
  parts: Omit<ClientParts, "env" | "transport">,
): KvClient {
  const transports = servers.map(({ service }) => inProcess(service, env));
  const transport: Transport = (request, call) =>
    (transports[env.random.below(transports.length)] as Transport)(request, call);
  return createClient({ ...parts, env, transport });
}
