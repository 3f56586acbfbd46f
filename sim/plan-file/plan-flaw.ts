/** Whether the parts of a plan fit together: every number that names something names something that is there. */
import { compareBytes, DAY, MINUTE } from "kvdal";
import { type ListedOperation, type Operation, WORLD_KEYS_MAX } from "../workload/operation.ts";
import { listOf } from "../workload/lists-plan.ts";
import { recordsOf } from "../workload/places.ts";
import { LOSSES } from "../faults/trouble-groups.ts";
import type { Plan } from "../workload/plan.ts";

/** What is wrong with a plan file: where, what was found, what is wanted. */
export type PlanFlaw = {
  readonly path: string;
  readonly found: string;
  readonly wanted: string;
  /** Of an unknown key: those that are known at its place. */
  readonly known?: readonly string[];
};

/** The flaws of a plan whose parts are sound one by one: of operations all, of anything else the first of its kind. */
export function planFlaws(plan: Plan): readonly PlanFlaw[] {
  const others = [
    partsFlaw(plan),
    namespaceFlaw(plan),
    nodesFlaw(plan),
    regionsFlaw(plan),
    troublesFlaw(plan),
  ];
  return [...others.filter((found) => found !== undefined), ...operationsFlaws(plan)];
}

function partsFlaw({ topology, clocks, keys, operations, network }: Plan): PlanFlaw | undefined {
  const nodes = topology.clients + topology.servers + topology.replicas;
  if (clocks.length !== nodes) return counted("clocks", clocks.length, nodes, "one a node");
  if (operations.length !== topology.clients) {
    return counted("operations", operations.length, topology.clients, "one list a client");
  }
  if (keys.length > WORLD_KEYS_MAX) {
    return flaw("keys", `${keys.length} keys`, `at most ${WORLD_KEYS_MAX}`);
  }
  const at = keys.findIndex((key, i) => i > 0 && compareBytes(keys[i - 1] as Uint8Array, key) >= 0);
  if (at > 0) return flaw(`keys[${at}]`, "not past the key before it", "keys in order, each once");
  if (network.latencyMax < network.latencyMin) {
    return flaw("network.latencyMax", String(network.latencyMax), "at least latencyMin");
  }
  return undefined;
}

/** Markers of deletions outlive every token that is admitted, and a minute more (DEL-5): all of it is in a day. */
function namespaceFlaw({ namespace: { maxAge, maxDrift } }: Plan): PlanFlaw | undefined {
  const most = DAY - MINUTE - maxDrift;
  if (maxAge <= most) return undefined;
  return flaw("namespace.maxAge", String(maxAge), `with maxDrift at most ${DAY - MINUTE}`);
}

function nodesFlaw(plan: Plan): PlanFlaw | undefined {
  const { topology, cuts, crashes, flips, cache } = plan;
  const { clients, servers, replicas } = topology;
  const nodes = clients + servers + replicas;
  for (const [i, { island }] of cuts.entries()) {
    const wrong = island.find((node) => node >= nodes);
    if (wrong !== undefined) return named(`cuts[${i}].island`, wrong, "node", nodes);
  }
  for (const [i, { node }] of crashes.entries()) {
    if (node >= nodes) return named(`crashes[${i}].node`, node, "node", nodes);
    if (node < clients) {
      return flaw(`crashes[${i}].node`, `client ${node}`, "a server or a replica");
    }
  }
  const { versions } = plan;
  if (versions !== undefined && versions.loader >= clients) {
    return named("versions.loader", versions.loader, "client", clients);
  }
  const flip = flips.findIndex(({ server }) => server >= servers);
  if (flip >= 0) return named(`flips[${flip}].server`, flips[flip]?.server, "server", servers);
  const cutOff = cache?.cutOff.findIndex(({ server }) => server >= servers) ?? -1;
  if (cutOff < 0) return undefined;
  return named(`cache.cutOff[${cutOff}].server`, cache?.cutOff[cutOff]?.server, "server", servers);
}

/** Each region has servers and replicas of its own, and what it is spared by is of one region. */
function regionsFlaw({ regions, topology, cache, lists }: Plan): PlanFlaw | undefined {
  if (regions === undefined) return undefined;
  const { second, cuts, failovers } = regions;
  for (const kind of ["clients", "servers", "replicas"] as const) {
    const most = kind === "clients" ? topology[kind] : topology[kind] - 1;
    if (second[kind] > most) {
      return flaw(`regions.second.${kind}`, String(second[kind]), `at most ${most}`);
    }
  }
  if (cache !== undefined || lists !== undefined) {
    return flaw("regions", "two regions with a cache or lists", "two regions without");
  }
  const spans = [...cuts, ...failovers];
  const ends = spans.find(({ at, until }) => until < at);
  return (
    ends && flaw("regions", `a fault from ${ends.at} to ${ends.until}`, "an end after its begin")
  );
}

/** What a world survives is bounded: of its replicas one at most may lose anything. */
function troublesFlaw({ troubles, topology, core }: Plan): PlanFlaw | undefined {
  const { clients, servers, replicas } = topology;
  if (core !== undefined && core.server >= servers) {
    return named("core.server", core.server, "server", servers);
  }
  if (core !== undefined && (core.withoutReplica >= replicas || replicas < 3)) {
    return flaw(
      "core.withoutReplica",
      String(core.withoutReplica),
      "one of three replicas or more",
    );
  }
  const nodes = clients + servers + replicas;
  const damaged = troubles.find(({ kind }) => LOSSES.has(kind));
  for (const [i, { kind, node, other, at, until }] of troubles.entries()) {
    if (node >= nodes) return named(`troubles[${i}].node`, node, "node", nodes);
    if (other >= nodes) return named(`troubles[${i}].other`, other, "node", nodes);
    if (until < at) return flaw(`troubles[${i}].until`, String(until), "no earlier than at");
    if (!LOSSES.has(kind)) continue;
    if (node < clients + servers) return flaw(`troubles[${i}].node`, `node ${node}`, "a replica");
    if (node !== damaged?.node) {
      return flaw(`troubles[${i}].node`, "a second replica that loses something", "one at most");
    }
  }
  return undefined;
}

function operationsFlaws(plan: Plan): readonly PlanFlaw[] {
  const seen = new Set<number>();
  const flaws: PlanFlaw[] = [];
  for (const [client, operations] of plan.operations.entries()) {
    for (const [i, operation] of operations.entries()) {
      const path = `operations[${client}][${i}]`;
      if (seen.has(operation.index)) {
        flaws.push(flaw(`${path}.index`, `${operation.index} once more`, "a number of its own"));
      }
      seen.add(operation.index);
      const wrong = operationFlaw(operation, path, plan) ?? listedFlaw(operation, path);
      if (wrong !== undefined) flaws.push(wrong);
    }
  }
  return flaws;
}

function operationFlaw(operation: Operation, path: string, plan: Plan): PlanFlaw | undefined {
  const { keys, lists } = plan;
  const places = recordsOf(plan);
  const parts: readonly (Operation | ListedOperation)[] =
    operation.kind === "list" ? [operation, ...operation.mutations] : [operation];
  if (lists === undefined && (operation.kind === "list" || operation.kind === "status")) {
    return flaw(`${path}.kind`, operation.kind, "no lists where the plan has none");
  }
  for (const part of parts) {
    if (part.record >= places) return named(`${path}.record`, part.record, "record", places);
    const most = Math.max(-1, ...keysIn(part));
    if (most >= keys.length) return named(path, most, "key", keys.length);
  }
  return undefined;
}

/** The numbers of a list's mutations say which list they are of. */
function listedFlaw(operation: Operation, path: string): PlanFlaw | undefined {
  if (operation.kind !== "list") return undefined;
  const numbers = operation.mutations.map((mutation) => mutation.operation);
  const at = numbers.findIndex(
    (number, i) => listOf(number) !== operation.index || numbers.indexOf(number) !== i,
  );
  if (at < 0) return undefined;
  const wanted = "a number of its own, of those of its list";
  return flaw(`${path}.mutations[${at}].operation`, String(numbers[at]), wanted);
}

/** Indexes of keys that it names; ends of ranges may be past the last. */
function keysIn(operation: Operation | ListedOperation): readonly number[] {
  switch (operation.kind) {
    case "put":
      return "items" in operation ? operation.items.map(({ key }) => key) : operation.keys;
    case "get":
    case "delete_keys":
      return operation.keys;
    case "page":
    case "delete_range":
      return [operation.from, operation.to - 1];
    case "delete_record":
    case "scan":
    case "list":
    case "status":
      return [];
    default:
      throw operation satisfies never;
  }
}

function counted(path: string, found: number, wanted: number, why: string): PlanFlaw {
  return flaw(path, `a list of ${found}`, `a list of ${wanted}: ${why}`);
}

function named(path: string, found: number | undefined, what: string, count: number): PlanFlaw {
  return flaw(path, `${what} ${found}`, `one of the ${count} that there are, counted from 0`);
}

function flaw(path: string, found: string, wanted: string): PlanFlaw {
  return { path: `plan.${path}`, found, wanted };
}
