/** The Cassandra-shaped engine behind its port alone: three replicas that nothing befalls. */
import { KvError } from "kvdal";
import {
  checkCall,
  type EngineAdapter,
  type EngineCall,
  type EngineContext,
  type Mutation,
  ownMutation,
  ownRow,
  type Partition,
  type RowsPage,
  type StorageEngine,
} from "kvdal/engine";
import { createCoordinator } from "../backends/replicated/coordinator.ts";
import { Replica } from "../backends/replicated/replica.ts";
import { keyedSignal } from "../world/request-key.ts";
import { type StandingWorld, standingWorld } from "./standing-world.ts";

const REPLICAS = 3;

/** An adapter whose engines share three replicas in memory: what is in them goes with it. */
export function replicated(): EngineAdapter {
  const standing = standingWorld(REPLICAS);
  const replicas = standing.nodes.map((node) => new Replica(node));
  return {
    name: "replicated",
    open: async (context) => openCoordinator(standing, replicas, context),
  };
}

function openCoordinator(
  { network, pump, server: newServer, turn }: StandingWorld,
  replicas: readonly Replica[],
  { env, native }: EngineContext,
): StorageEngine {
  const server = newServer();
  const engine = createCoordinator({ server, network, replicas, slowness: () => 0 });
  let isClosed = false;
  /** The call by the world's clock: what is left of its time is left there, too. */
  const inside = (call: EngineCall): EngineCall => ({
    ...call,
    deadline: server.monotonic() + (call.deadline - env.clock.monotonic()),
    signal: keyedSignal(turn()),
  });
  const through =
    <A extends readonly unknown[], R>(
      label: string,
      verb: (...parts: [...A, EngineCall]) => Promise<R>,
    ): ((...parts: [...A, EngineCall]) => Promise<R>) =>
    async (...parts) => {
      const call = parts.at(-1) as EngineCall;
      if (isClosed) throw new KvError("UNAVAILABLE", "the engine is closed, wanted an open one");
      checkCall(call, env.clock, "no");
      return await native(label, async () => {
        const answer = verb(...(parts.slice(0, -1) as unknown as A), inside(call));
        pump();
        return await answer;
      });
    };
  return {
    capabilities: engine.capabilities,
    provision: through("provision", engine.provision),
    // Replicas share bytes with whoever hands them in: here they are somebody's own.
    write: through("write", (partition: Partition, mutations: readonly Mutation[], call) =>
      engine.write(partition, mutations.map(ownMutation), call),
    ),
    readKeys: through("read-keys", (read, call) => engine.readKeys(read, call).then(ownPage)),
    readRange: through("read-range", (read, call) => engine.readRange(read, call).then(ownPage)),
    // Refused, as by Cassandra, whatever the call.
    putIfAbsent: engine.putIfAbsent,
    scan: through("scan", async (read, call) => {
      const page = await engine.scan(read, call);
      const entries = page.entries.map(({ id, row }) => ({ id, row: ownRow(row) }));
      return { ...page, entries };
    }),
    sweep: through("sweep", engine.sweep),
    close: async () => {
      isClosed = true;
    },
  };
}

function ownPage(page: RowsPage): RowsPage {
  return { ...page, rows: page.rows.map(ownRow), resumeAfter: page.resumeAfter?.slice() };
}
