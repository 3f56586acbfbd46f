/**
 * The Cassandra-shaped engine as a server meets it: a coordinator that sends writes to all replicas and waits for
 * a quorum, and reads from a quorum, asking another replica when one is slow.
 */
import { KvError, type Micros } from "kvdal";
import {
  decodeRowPlace,
  type EngineCall,
  type MutationOutcome,
  type Partition,
  type RowsPage,
  type StorageEngine,
} from "kvdal/engine";
import type { ReplicasPlan } from "../../faults/replicas.ts";
import type { Slowness } from "../../faults/slow-engine.ts";
import { EVENTS } from "../../world/event-codes.ts";
import { hash32 } from "../../world/keyed-random.ts";
import type { Network } from "../../world/network.ts";
import type { SimNode } from "../../world/node.ts";
import { engineCallKey } from "../../world/request-key.ts";
import type { Carried } from "../../world/trace.ts";
import { REGIONS_CAPABILITIES, REPLICATED_CAPABILITIES } from "./capabilities.ts";
import { forgetLost, type Written } from "./acknowledged.ts";
import { agree, mergeSegments } from "./merge.ts";
import { mutationsOf, type Replica, type ReplicaReply } from "./replica.ts";
import { keysVerb, rangeVerb, type ReadVerb, type WriteVerb, writeVerb } from "./verbs.ts";

/** Wait for an answer before another replica is asked, microseconds. */
const SPECULATE_AFTER: Micros = 5_000;
/** Event codes of hints. */
const HINT_CODE = EVENTS.hint.code;
const ACCEPTED: MutationOutcome = { kind: "accepted" };

/** What a coordinator works with: its server, the network, the replicas and how slow they are. */
export type CoordinatorParts = {
  readonly server: SimNode;
  readonly network: Network;
  readonly replicas: readonly Replica[];
  /** Those in the server's region, where there are several. */
  readonly local?: readonly Replica[] | undefined;
  readonly slowness: Slowness;
  /** What replicas do beside; by default nothing. */
  readonly habits?: ReplicasPlan | undefined;
};

/** An engine for one life of one server. */
export function createCoordinator(parts: CoordinatorParts): StorageEngine {
  return {
    capabilities: parts.local === undefined ? REPLICATED_CAPABILITIES : REGIONS_CAPABILITIES,
    provision: async () => {},
    write: (partition, mutations, call) =>
      writeTo(reach(parts, call), parts, call, writeVerb(partition, mutations)).then(() =>
        mutations.map(() => ACCEPTED),
      ),
    readKeys: (read, call) =>
      call.consistency === "all"
        ? readAndRepair(everybody(parts), parts, read, call, keysVerb(read, expiredBy(parts)))
        : readAtQuorum(parts, read, call, keysVerb(read, expiredBy(parts))),
    readRange: (read, call) => readAtQuorum(parts, read, call, rangeVerb(read, expiredBy(parts))),
    putIfAbsent: () => unsupported("a conditional put"),
    scan: async (read, call) => {
      const from = read.after ?? (read.cursor && decodeRowPlace(read.cursor));
      return await readFrom(reach(parts, call), parts, call, {
        read,
        ask: (replica) => replica.readSegment(read, from),
        merge: (replies) => mergeSegments(replies, { ...read, expiredBy: expiredBy(parts) }),
      });
    },
    sweep: async (request, call) => {
      let [rowsExamined, rowsRemoved] = [0, 0];
      await writeTo({ among: parts.replicas, quorum: 1 }, parts, call, {
        carries: (signal) => ({ kind: "sweep", table: request.table, signal }),
        write: (replica) => {
          const swept = replica.sweep(request, call.now);
          rowsExamined = Math.max(rowsExamined, swept.rowsExamined);
          rowsRemoved = Math.max(rowsRemoved, swept.rowsRemoved);
          return swept;
        },
      });
      return { rowsExamined, rowsRemoved, cursor: undefined };
    },
    close: async () => {},
  };
}

/** Rows whose expiry is not after this are not shown: none without expiry by the engine. */
function expiredBy({ server, habits }: CoordinatorParts): Micros {
  return habits?.expirySlack === undefined ? 0 : server.wall() - habits.expirySlack;
}

function unsupported(what: string): Promise<never> {
  return Promise.reject(new KvError("UNSUPPORTED", `the simulated engine has no ${what}`));
}

/** Whom a call waits for, and for how many of them. */
type Reach = { readonly among: readonly Replica[]; readonly quorum: number };

/** A majority: of the region's replicas, or, where the call asks for that, of all. */
function reach(
  { replicas, local = replicas }: CoordinatorParts,
  { consistency }: EngineCall,
): Reach {
  const among = consistency === "global_quorum" ? replicas : local;
  return { among, quorum: Math.floor(among.length / 2) + 1 };
}

function everybody({ replicas }: CoordinatorParts): Reach {
  return { among: replicas, quorum: replicas.length };
}

/** Sends to every replica, of all regions; resolves once `quorum` of those that it waits for have it on disk. */
function writeTo(
  { among, quorum }: Reach,
  parts: CoordinatorParts,
  call: EngineCall,
  verb: WriteVerb,
): Promise<void> {
  const { server, network } = parts;
  const { world, incarnation } = server;
  if (isOver(server, call)) return Promise.reject(overAlready());
  return new Promise((resolve, reject) => {
    const ended = deadlineTimer(server, call, reject);
    const key = engineCallKey(call.signal);
    // By replica, not a count: a doubled message makes one replica answer twice.
    const acknowledged = new Map<Replica, Written>();
    let elsewhere: Set<Replica> | undefined;
    const acknowledge = (replica: Replica, entry: Written): void => {
      // A restarted coordinator knows nothing of old calls.
      if (server.incarnation !== incarnation) return;
      if (!among.includes(replica)) {
        elsewhere = (elsewhere ?? new Set()).add(replica);
        return;
      }
      acknowledged.set(replica, entry);
      if (acknowledged.size >= quorum) forgetLost(acknowledged);
      if (acknowledged.size === quorum) {
        ended();
        resolve();
      }
    };
    const { trace } = world;
    for (const replica of parts.replicas) {
      const take = (): void => {
        const entry = verb.write(replica, key);
        const wait = entry.durableAt - world.now;
        const hear = (): void => {
          if (!entry.lost) acknowledge(replica, entry);
        };
        // Whether it is lost shows when it arrives.
        const carried: Carried | undefined = trace && { kind: "taken", entry };
        network.send(replica.node, server, hash32(key, 2), hear, wait, carried);
      };
      network.send(server, replica.node, key, take, 0, trace && verb.carries(call.signal));
    }
    const isDone = (replica: Replica): boolean =>
      acknowledged.has(replica) || elsewhere?.has(replica) === true;
    hint(parts, key, verb, { call, isDone });
  });
}

/**
 * Sends a write again, after a while, to the replicas that have not acknowledged it, however it ended for its caller.
 * A coordinator that crashes takes its hints along.
 */
function hint(
  { server, network, replicas, habits }: CoordinatorParts,
  key: number,
  verb: WriteVerb,
  { call, isDone }: { readonly call: EngineCall; readonly isDone: (replica: Replica) => boolean },
): void {
  if (habits === undefined) return;
  const { world, incarnation } = server;
  for (const after of habits.hintsAfter) {
    const send = (): void => {
      if (server.incarnation !== incarnation) return;
      for (const replica of replicas) {
        if (isDone(replica)) continue;
        const carried = world.trace && verb.carries(call.signal);
        const take = (): void => void verb.write(replica, key);
        network.send(server, replica.node, hash32(key, after, 6), take, 0, carried);
      }
    };
    world.after(after, HINT_CODE + server.index, send, server);
  }
}

/** Reads at quorum; where that is a habit of the replicas, those that differ are made equal first. */
function readAtQuorum(
  parts: CoordinatorParts,
  at: Partition,
  call: EngineCall,
  verb: ReadVerb<ReplicaReply, RowsPage>,
): Promise<RowsPage> {
  const wanted = reach(parts, call);
  return parts.habits?.readRepair === true
    ? readAndRepair(wanted, parts, at, call, verb)
    : readFrom(wanted, parts, call, verb);
}

/** Asks so many replicas, and first gives each what the others have where they differ: blocking read repair. */
async function readAndRepair(
  wanted: Reach,
  parts: CoordinatorParts,
  at: Partition,
  call: EngineCall,
  { read, ask, merge }: ReadVerb<ReplicaReply, RowsPage>,
): Promise<RowsPage> {
  const replies = await readFrom(wanted, parts, call, { read, ask, merge: (each) => each });
  if (!agree(replies)) {
    const mutations = replies.flatMap(mutationsOf);
    await writeTo(wanted, parts, call, writeVerb(at, mutations));
  }
  return merge(replies);
}

/** Asks `quorum` replicas, and the others when those are slow; resolves with what the first `quorum` say. */
function readFrom<R extends object, A>(
  { among, quorum }: Reach,
  parts: CoordinatorParts,
  call: EngineCall,
  verb: ReadVerb<R, A>,
): Promise<A> {
  const { server, network } = parts;
  const { incarnation } = server;
  const { trace } = server.world;
  if (isOver(server, call)) return Promise.reject(overAlready());
  return new Promise((resolve, reject) => {
    const key = engineCallKey(call.signal);
    const replies: R[] = [];
    // Bits of the replicas that have answered: a doubled message makes one answer twice.
    let answered = 0;
    const arrived = (place: number, reply: R): void => {
      const isOld = server.incarnation !== incarnation || replies.length === quorum;
      if (isOld || (answered & (1 << place)) !== 0) return;
      answered |= 1 << place;
      replies.push(reply);
      if (replies.length < quorum) return;
      ended();
      notSlow();
      resolve(verb.merge(replies));
    };
    const first = hash32(key, 3) % among.length;
    const ask = (turn: number): void => {
      const place = (first + turn) % among.length;
      const replica = among[place] as Replica;
      const { read } = verb;
      const answer = (): void => {
        if (!replica.isWhole) return;
        const reply = verb.ask(replica);
        const slow = parts.slowness(hash32(key, replica.node.index), server.index);
        const wait = slow + replica.stall(key);
        const hear = (): void => arrived(place, reply);
        const carried: Carried | undefined = trace && { kind: "rows", read, reply };
        network.send(replica.node, server, hash32(key, 2), hear, wait, carried);
      };
      const carried: Carried | undefined = trace && { kind: "read", read, signal: call.signal };
      network.send(server, replica.node, key, answer, 0, carried);
    };
    for (let turn = 0; turn < quorum; turn += 1) ask(turn);
    const notSlow = server.timer(SPECULATE_AFTER, () => {
      for (let turn = quorum; turn < among.length; turn += 1) ask(turn);
    });
    const ended = deadlineTimer(server, call, (error) => {
      notSlow();
      reject(error);
    });
  });
}

/** Whether an engine starts nothing for the call any more. */
function isOver(server: SimNode, call: EngineCall): boolean {
  return call.deadline <= server.monotonic();
}

function overAlready(): KvError {
  return new KvError("DEADLINE_EXCEEDED", "the deadline has passed", { applied: "no" });
}

/** The call is out, and fails at its deadline; the function returned says that it has ended. */
function deadlineTimer(
  server: SimNode,
  call: EngineCall,
  fail: (error: KvError) => void,
): () => void {
  return server.engineCall(call.deadline - server.monotonic(), () => {
    fail(new KvError("DEADLINE_EXCEEDED", "no quorum answered in time"));
  });
}
