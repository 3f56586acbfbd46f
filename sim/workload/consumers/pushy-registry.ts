/**
 * Pushy's registry: which node a device is connected to. Published: device id to node; 300,000 messages a second, each a
 * look-up; a reconnect of every device about every 30 minutes, staggered; about 200,000 connections a node, so that the
 * loss of one is as many upserts within seconds; entries that expire by themselves. Derived: 56,000 to 167,000 upserts a
 * second, so two to five look-ups an upsert.
 *
 * Here (1 min is 2 ms; 1 : 20,000,000 of the devices): 10 devices, records of one item under the empty key, 6 to 20 bytes,
 * that expire after 35 min (70 ms); 6 nodes of 50 calls; 3 look-ups a registration; one call in 30 is a disconnect. Twice
 * a world a node is lost: its devices register at two others each within 1 ms, some of them at both. No cache but where
 * one is drawn.
 *
 * Own measure: a device's last registration wins: what is shown is no older than one, at whatever node, that was
 * made after it by more than clocks differ, and acknowledged before the look-up (TOK-9).
 */
import { type Micros, MILLISECOND } from "kvdal";
import type { Violation } from "../../check/history.ts";
import { between, chance, type KeyedRandom } from "../../world/keyed-random.ts";
import type { Plan } from "../plan.ts";
import type { Consumer, ConsumerView } from "./consumer.ts";
import { type Drawn, numbered, putOf, smallValuesIn, topologyOf } from "./draw.ts";

const DEVICES = 10;
const TTL: Micros = 70 * MILLISECOND;
/** Nodes are lost at these shares of a world. */
const LOSSES: readonly number[] = [1 / 3, 2 / 3];

/** The consumer. */
export const pushyRegistry: Consumer = {
  name: "pushy-registry",
  line: "which node a device is at: look-ups, registrations that expire, and storms of them when a node is lost",
  isCached: false,
  topologyFrom: (given) => topologyOf(given, 6, 50),
  shape,
  check: checkLastWins,
};

function shape({ topology, namespace }: Plan, random: KeyedRandom): Partial<Plan> {
  const { clients, operationsPerClient } = topology;
  const think = between(random, 2, 8) * MILLISECOND;
  const drawNode = (node: number): readonly Drawn[] => {
    const drawn: Drawn[] = [];
    for (let i = 0; i < operationsPerClient; i += 1) {
      const loss = LOSSES.findIndex((share) => Math.floor(share * operationsPerClient) === i);
      // Those of a lost node come to the others, each to two of them.
      const come = loss === -1 ? [] : devicesOf(loss, clients).filter((d) => (d + node) % 3 !== 0);
      drawn.push(
        ...come.map((device) => registration(random, device, random.below(MILLISECOND))),
        drawCall(random, think),
      );
    }
    return drawn;
  };
  return {
    keys: [new Uint8Array(0)],
    records: DEVICES,
    namespace: smallValuesIn(namespace),
    operations: Array.from({ length: clients }, (_, node) =>
      numbered(drawNode(node), node, topology, random),
    ),
  };
}

function devicesOf(node: number, nodes: number): readonly number[] {
  return Array.from({ length: DEVICES }, (_, device) => device).filter((d) => d % nodes === node);
}

function drawCall(random: KeyedRandom, thinkMax: Micros): Drawn {
  const device = random.below(DEVICES);
  const think = random.below(thinkMax + 1);
  if (chance(random, 1, 30)) return { kind: "delete_keys", record: device, think, keys: [0] };
  if (chance(random, 1, 4)) return registration(random, device, think);
  return { kind: "get", record: device, think, keys: [0] };
}

function registration(random: KeyedRandom, device: number, think: Micros): Drawn {
  return putOf(device, think, { keys: [0], bytes: between(random, 6, 20), ttl: TTL });
}

function checkLastWins({ history }: ConsumerView): Violation | undefined {
  const { writes, reads, clientSkew } = history;
  for (const read of reads) {
    const [shown] = read.items;
    if (shown === undefined) continue;
    const registered = writes.find(({ operation }) => operation === shown.valueFrom);
    const later =
      registered &&
      writes.find(
        ({ record, begun, acknowledged }) =>
          record === read.record &&
          acknowledged <= read.begun &&
          begun > registered.ended + clientSkew,
      );
    if (registered === undefined || later === undefined) continue;
    return {
      rule: "TOK-9",
      what: `device ${read.record} is shown where it registered before, wanted where it did so last: ${later.begun - registered.ended} µs later, with clocks at most ${clientSkew} µs apart`,
      operations: [read.operation, registered.operation, later.operation],
    };
  }
  return undefined;
}
