/** Two versions of a dataset in one run of a plan: the loader's steps, and which version a reader by alias was given. */
import type { Micros } from "kvdal";
import type { ReadRecord } from "./check/history.ts";
import type { Operation } from "./workload/operation.ts";
import type { Plan } from "./workload/plan.ts";
import type { VersionStep } from "./workload/versions-plan.ts";
import { EVENTS } from "./world/event-codes.ts";
import type { SimClient } from "./world/sim-client.ts";
import type { SimServer } from "./world/sim-server.ts";
import type { World } from "./world/world.ts";

/** What became of the versions. Times are virtual. */
export type VersionsHistory = {
  /** In order: the alias flipped at this server. */
  readonly flips: readonly { readonly server: number; readonly at: Micros }[];
  /** The version that the alias had left was gone at this server. */
  readonly drops: readonly { readonly server: number; readonly at: Micros }[];
};

/** What a run has versions by. */
export type VersionsRunParts = {
  readonly world: World;
  readonly plan: Plan;
  readonly servers: readonly SimServer[];
};

/** The versions of one run. */
export class VersionsRun implements VersionsHistory {
  readonly flips: { readonly server: number; readonly at: Micros }[] = [];
  readonly drops: { readonly server: number; readonly at: Micros }[] = [];
  readonly #parts: VersionsRunParts;

  constructor(parts: VersionsRunParts) {
    this.#parts = parts;
  }

  /** Whether a record is gone for good: of a version that was dropped at some server. */
  isGone(record: number): boolean {
    const { records } = this.#parts.plan;
    return this.drops.length > 0 && record < records;
  }

  /** Carries out the operations of the client that loads; undefined for any other. */
  carryOut(
    place: number,
    client: SimClient,
    operations: readonly Operation[],
  ): Promise<void> | undefined {
    const isLoader = this.#parts.plan.versions?.loader === place;
    return isLoader ? this.#load(client, operations) : undefined;
  }

  /** Takes each step when its time has come. */
  async #load(client: SimClient, operations: readonly Operation[]): Promise<void> {
    let left = operations;
    let isSound = true;
    for (const step of this.#parts.plan.versions?.steps ?? []) {
      const failed = await client.run(left.filter(({ index }) => index <= step.after));
      left = left.filter(({ index }) => index > step.after);
      isSound &&= failed === undefined;
      if (isSound) await this.#take(step);
    }
    await client.run(left);
  }

  /** Done when every server has heard of it. */
  async #take({ kind, delays }: VersionStep): Promise<void> {
    const { world, servers } = this.#parts;
    await Promise.all(
      servers.map(
        (server, place) =>
          new Promise<void>((resolve) => {
            world.after(delays[place] ?? 0, EVENTS.versionStep.code + place, () => {
              if (kind === "flip") this.#flip(server, place);
              else this.#drop(server, place);
              resolve();
            });
          }),
      ),
    );
  }

  #flip(server: SimServer, place: number): void {
    server.flipAlias();
    this.flips.push({ server: place, at: this.#parts.world.now });
  }

  #drop(server: SimServer, place: number): void {
    server.drop();
    this.drops.push({ server: place, at: this.#parts.world.now });
  }

  /** Reads by alias as reads of the version that they were given: by what came, or by where the alias pointed. */
  attributed(reads: readonly ReadRecord[]): readonly ReadRecord[] {
    const { plan } = this.#parts;
    const writers = new Map<number, number>();
    for (const { index, kind, record } of plan.operations.flat()) {
      if (kind === "put") writers.set(index, record);
    }
    return reads.map((read) => {
      if (!read.byAlias || read.record >= plan.records) return read;
      const [first] = read.items;
      const given = first && writers.get(first.valueFrom);
      if (given !== undefined) return { ...read, record: given };
      const pointed = pointedAt(this.flips, plan.topology.servers, read);
      if (pointed.length !== 1) return read;
      return { ...read, byAlias: false, record: read.record + (pointed[0] ?? 0) * plan.records };
    });
  }
}

/** Where the alias pointed at some server while a read was under way: 0 for the old version, 1 for the new. */
export function pointedAt(
  flips: VersionsHistory["flips"],
  servers: number,
  { begun, ended }: Pick<ReadRecord, "begun" | "ended">,
): readonly number[] {
  const seen = new Set<number>();
  for (let server = 0; server < servers; server += 1) {
    const own = flips.filter((flip) => flip.server === server);
    const before = own.filter(({ at }) => at < begun).length;
    const until = own.filter(({ at }) => at <= ended).length;
    for (let count = before; count <= until; count += 1) seen.add(count % 2);
  }
  return [...seen];
}
