/** Two regions in one run of a plan: which servers a client calls, the loss of a region, and what its failover costs. */
import type { Micros } from "kvdal";
import type { WorldBackend } from "./backends/backend.ts";
import type { WriteRecord } from "./check/history.ts";
import { faultPlace } from "./faults/registry/index.ts";
import { type FailoverPlan, regionOf, type RegionsPlan } from "./faults/regions.ts";
import { lastsAt } from "./faults/span.ts";
import { SYNC_MAX } from "./backends/replicated/replica.ts";
import { isHarmless } from "./workload/of-plan.ts";
import type { Plan } from "./workload/plan.ts";
import { EVENTS } from "./world/event-codes.ts";
import { type Member, takeDown } from "./world/member.ts";
import type { SimNode } from "./world/node.ts";
import type { ClientRegions } from "./world/client-regions.ts";
import type { SimServer } from "./world/sim-server.ts";
import type { World } from "./world/world.ts";

/** What a run has regions by. */
export type RegionsRunParts = {
  readonly world: World;
  readonly plan: Plan;
  readonly regions: RegionsPlan;
  readonly backend: Pick<WorldBackend, "arrived">;
  readonly servers: readonly SimServer[];
  /** Them, and those of the engine. */
  readonly members: readonly Member[];
};

/** What failovers cost, and how far regions were apart. */
export type RegionCounters = {
  failovers: number;
  /** Writes that the lost region had acknowledged by then. */
  acknowledged: number;
  /** Those of them that the other region had not when the failover began: what it may lose, for a while. */
  behind: number;
  /** Those that it had not when the lost region came back, either. */
  missing: number;
  /** Writes that came to the other region at all, and how long after their acknowledgement, together. */
  arrivals: number;
  lagMicros: Micros;
};

/** None of it. */
export function noRegions(): RegionCounters {
  return { failovers: 0, acknowledged: 0, behind: 0, missing: 0, arrivals: 0, lagMicros: 0 };
}

const FAILOVER = faultPlace("region_failover");

/** The regions of one run. */
export class RegionsRun implements ClientRegions {
  readonly #parts: RegionsRunParts;
  /** Servers by region. */
  readonly #servers: readonly (readonly SimServer[])[];
  /** Failovers by which some client has called another region. */
  readonly #used: Set<FailoverPlan> = new Set();
  /** When everything had been given to all replicas; Infinity until then. */
  settledAt: Micros = Number.POSITIVE_INFINITY;

  private constructor(parts: RegionsRunParts) {
    const { world, regions, servers } = parts;
    this.#parts = parts;
    this.#servers = [0, 1].map((region) =>
      servers.filter(({ node }) => this.regionAt(node) === region),
    );
    for (const failover of regions.failovers) {
      world.after(failover.at, EVENTS.failover.code, () => this.#lose(failover));
    }
  }

  /** Those of a plan; undefined where it has one region. */
  static of(parts: Omit<RegionsRunParts, "plan" | "regions">, plan: Plan): RegionsRun | undefined {
    const { regions } = plan;
    return regions && new RegionsRun({ ...parts, plan, regions });
  }

  /** The region of a node. */
  regionAt({ index }: SimNode): number {
    const { plan, regions } = this.#parts;
    return regionOf(index, plan.topology, regions);
  }

  /** The servers that a client calls now: those of its region, or, while that is lost, of the other one. */
  serversOf(client: SimNode): readonly SimServer[] {
    const home = this.regionAt(client);
    const { world, regions } = this.#parts;
    const lost = regions.failovers.find(
      (failover) => failover.region === home && lastsAt(failover, world.now - failover.notice),
    );
    if (lost === undefined || world.isHealed) return this.#servers[home] ?? [];
    if (!this.#used.has(lost)) {
      this.#used.add(lost);
      world.tally.matters(FAILOVER);
    }
    return this.#servers[1 - home] ?? [];
  }

  #lose({ region, until, isGone }: FailoverPlan): void {
    const { world, members } = this.#parts;
    world.tally.count(FAILOVER, false);
    world.trace?.mark(`region ${region} is lost`);
    const gone = members.filter(({ node }) => isGone && node.up && this.regionAt(node) === region);
    const back = gone.map(takeDown);
    world.after(until - world.now, EVENTS.failover.code, () => {
      world.trace?.mark(`region ${region} is back`);
      for (const comeBack of back) comeBack();
    });
  }

  /** The writes, each with what regions had of it when. */
  told(writes: readonly WriteRecord[]): readonly WriteRecord[] {
    const { backend, regions } = this.#parts;
    const isGlobal = regions.scope === "GLOBAL";
    return writes.map((write) => {
      const { acknowledged, answeredIn: acknowledgedIn } = write;
      if (acknowledgedIn === undefined || acknowledged === Number.POSITIVE_INFINITY) return write;
      const arrived = backend.arrived?.(write.order) ?? [];
      const owed = arrived.map((at, region) =>
        isGlobal || region === acknowledgedIn
          ? acknowledged
          : Math.max(acknowledged, Math.min(at, this.settledAt)),
      );
      return { ...write, regions: { acknowledgedIn, arrived, owed } };
    });
  }

  /** Longest that a write may take to the other region; Infinity where something may hinder it. */
  get arrivesWithin(): Micros {
    const { plan, regions } = this.#parts;
    const { scope, lag, spread, lossPpm, cuts, failovers } = regions;
    const isSound = lossPpm === 0 && cuts.length === 0 && failovers.length === 0;
    // Calls of all regions are acknowledged by a majority that may lie in one of them.
    const isHindered = !isSound || !isHarmless(plan) || plan.core !== undefined;
    if (scope === "GLOBAL" || isHindered) return Number.POSITIVE_INFINITY;
    const { latencyMax, tailPpm, tailMax } = plan.network;
    return lag + spread + latencyMax + (tailPpm === 0 ? 0 : tailMax) + SYNC_MAX;
  }

  /** What failovers cost, by the writes as they are told; nothing where no region acknowledges without the other. */
  counters(writes: readonly WriteRecord[]): RegionCounters {
    const sums = noRegions();
    if (this.#parts.regions.scope === "GLOBAL") return sums;
    for (const { acknowledged, regions } of writes) {
      const other = regions && regions.arrived[1 - regions.acknowledgedIn];
      if (other === undefined || other >= this.settledAt) continue;
      sums.arrivals += 1;
      sums.lagMicros += Math.max(0, other - acknowledged);
    }
    for (const { region, at, until } of this.#parts.regions.failovers) {
      const own = writes.filter(
        ({ acknowledged, regions }) => acknowledged <= at && regions?.acknowledgedIn === region,
      );
      const without = (time: Micros): number =>
        own.filter(({ regions }) => (regions?.arrived[1 - region] ?? 0) > time).length;
      sums.failovers += 1;
      sums.acknowledged += own.length;
      sums.behind += without(at);
      sums.missing += without(until);
    }
    return sums;
  }
}
