/** The faults of a world as spans to be shown: those of its plan, and from its events when nodes were down. */
import type { Micros } from "kvdal";
import { troubleWords } from "../words/trouble-words.ts";
import { failoverWords } from "../words/region-words.ts";
import { duration, percent, share } from "../words/measures.ts";
import type { CachePlan } from "../faults/cache.ts";
import { regionOf } from "../faults/regions.ts";
import { type FaultEntry, TROUBLES, type TroubleName } from "../faults/registry/index.ts";
import type { Cut } from "../world/network.ts";
import type { ClockPlan } from "../world/node.ts";
import type { Plan } from "../workload/plan.ts";
import type { TraceEvent, TraceFault, TraceNode } from "./trace.ts";

/** The nodes of a plan's world, by number. */
export function nodesOf({ topology, clocks, cache, regions }: Plan): readonly TraceNode[] {
  const { clients, servers, replicas } = topology;
  const engine = replicas === 1 ? "engine" : "replica";
  const named = (kind: TraceNode["kind"], count: number): Pick<TraceNode, "name" | "kind">[] =>
    Array.from({ length: count }, (_, i) => ({ name: count === 1 ? kind : `${kind} ${i}`, kind }));
  const nodes = [
    ...named("client", clients),
    ...named("server", servers),
    ...named(engine, replicas),
  ];
  const all = nodes.map(({ name, kind }, i) => ({
    name: regions === undefined ? name : `${name} (region ${regionOf(i, topology, regions)})`,
    kind,
    clock: clockText(clocks[i] as ClockPlan),
  }));
  return cache === undefined ? all : [...all, { name: "cache", kind: "cache", clock: "" }];
}

/** All faults, in the order in which they begin. */
export function faultsOf(
  plan: Plan,
  nodes: readonly TraceNode[],
  events: readonly TraceEvent[],
): readonly TraceFault[] {
  const { cuts, cache, flips, topology, slowEngine, network, healAt } = plan;
  const name = (node: number): string => nodes[node]?.name ?? `node ${node}`;
  const faults: TraceFault[] = [
    ...cuts.map((cut) => cutFault(cut, name)),
    ...timesDown(events).map(({ node, from, until }) => ({
      ...spanOf("crash", from, until),
      nodes: [node],
      text: `${name(node)} is down`,
    })),
    ...flips.map(({ server, at }) => ({
      ...spanOf("configuration", at, at),
      nodes: [topology.clients + server],
      text: "the alias is flipped",
    })),
    ...(cache === undefined ? [] : cacheFaults(cache, topology.clients, nodes.length - 1)),
    ...regionFaults(plan),
    ...plan.troubles.map((trouble) => ({
      ...spanOf(kindOf(trouble.kind), trouble.at, trouble.until),
      nodes: trouble.other < 0 ? [trouble.node] : [trouble.node, trouble.other],
      text: troubleWords(trouble, plan),
    })),
  ];
  const weather = networkText(network);
  if (weather !== "") {
    faults.push({ ...spanOf("partition", 0, healAt), nodes: [], text: weather });
  }
  if (slowEngine.ppm > 0) {
    const text = `slow engine: ${share(slowEngine.ppm)} reads take up to ${duration(slowEngine.max)} longer`;
    faults.push({ ...spanOf("slow engine", 0, healAt), nodes: [], text });
  }
  return faults.toSorted((a, b) => a.from - b.from);
}

/** Faults of two regions: those of one of them at its nodes, all else at the whole network. */
function regionFaults({ regions, topology, clocks, healAt }: Plan): readonly TraceFault[] {
  if (regions === undefined) return [];
  const { cuts, failovers, lag, spread, lossPpm } = regions;
  const all = [
    ...(lag + spread > 0 ? [`take ${duration(lag)} to ${duration(lag + spread)} longer`] : []),
    ...(lossPpm > 0 ? [`${percent(lossPpm)} lost`] : []),
  ];
  const text = `messages between regions: ${all.join(", ")}`;
  return [
    ...(all.length > 0 ? [{ ...spanOf("partition", 0, healAt), nodes: [], text }] : []),
    ...cuts.map(({ at, until }) => ({
      ...spanOf("partition", at, until),
      nodes: [],
      text: "nothing passes between the regions",
    })),
    ...failovers.map((failover) => ({
      ...spanOf("partition", failover.at, failover.until),
      nodes: clocks
        .map((_, node) => node)
        .filter((node) => node >= topology.clients)
        .filter((node) => regionOf(node, topology, regions) === failover.region),
      text: failoverWords(failover),
    })),
  ];
}

/** What troubles of a family are shown as. */
const SHOWN: Readonly<Record<FaultEntry["family"], TraceFault["kind"]>> = {
  time: "clock",
  network: "partition",
  node: "node",
  coordinator: "node",
  storage: "storage",
  backend: "slow engine",
  cache: "cache",
  caller: "node",
  region: "partition",
};

function kindOf(trouble: TroubleName): TraceFault["kind"] {
  const { family } = TROUBLES.find(({ name }) => name === trouble) ?? { family: "node" };
  return SHOWN[family];
}

/** From each crash to the restart that follows it, or to the last event. */
function timesDown(
  events: readonly TraceEvent[],
): readonly { readonly node: number; readonly from: Micros; readonly until: Micros }[] {
  const end = events.at(-1)?.at ?? 0;
  return events.flatMap(({ kind, node, at }, i) => {
    if (kind !== "crash") return [];
    const back = events.slice(i).find((later) => later.node === node && later.kind === "restart");
    return [{ node, from: at, until: back?.at ?? end }];
  });
}

function spanOf(
  kind: TraceFault["kind"],
  from: Micros,
  until: Micros,
): Pick<TraceFault, "kind" | "from" | "until"> {
  return { kind, from, until };
}

function cutFault(
  { from, until, island, direction }: Cut,
  name: (n: number) => string,
): TraceFault {
  const how = {
    both: "cut off from the others",
    out: "cannot reach the others",
    in: "cannot be reached by the others",
  };
  const names = island.map(name).join(", ");
  const text =
    island.length === 0 ? "partition of nobody" : `partition: ${names} ${how[direction]}`;
  return { ...spanOf("partition", from, until), nodes: island, text };
}

function cacheFaults(plan: CachePlan, clients: number, node: number): readonly TraceFault[] {
  return [
    ...plan.flushes.map((at) => ({
      ...spanOf("cache", at, at),
      nodes: [node],
      text: "the cache is emptied",
    })),
    ...plan.cutOff.map(({ server, at, until }) => ({
      ...spanOf("cache", at, until),
      nodes: [clients + server, node],
      text: `server ${server} does not reach the cache`,
    })),
  ];
}

function networkText({ lossPpm, duplicatePpm, tailPpm, tailMax }: Plan["network"]): string {
  const parts = [
    ...(lossPpm > 0 ? [`${share(lossPpm)} messages lost`] : []),
    ...(duplicatePpm > 0 ? [`${percent(duplicatePpm)} doubled`] : []),
    ...(tailPpm > 0 ? [`${percent(tailPpm)} up to ${duration(tailMax)} late`] : []),
  ];
  return parts.length === 0 ? "" : `network: ${parts.join(", ")}`;
}

function clockText({ offset, driftPpm, resolution }: ClockPlan): string {
  const parts = [
    ...(offset === 0 ? [] : [`${offset > 0 ? "+" : "−"}${duration(Math.abs(offset))}`]),
    ...(driftPpm === 0 ? [] : [`drift ${driftPpm < 0 ? "−" : "+"}${Math.abs(driftPpm)} ppm`]),
    ...(resolution === 1 ? [] : [`${duration(resolution)} steps`]),
  ];
  return parts.join(", ");
}
