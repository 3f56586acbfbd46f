/** Watches what the log asks of engines, step by step: crashes servers where the plan says, notes what appliers write. */
import { type Micros, toHex } from "kvdal";
import type { EngineCall, Mutation, StorageEngine } from "kvdal/engine";
import type { AppliedWrite } from "../check/list-history.ts";
import type { StepCrash } from "../workload/lists-plan.ts";
import { faultPlace } from "../faults/registry/index.ts";
import { DOOMED_NAMESPACE, LOG_TABLE } from "../workload/lists-plan.ts";
import { faultBit } from "../faults/kinds.ts";
import { EVENTS } from "./event-codes.ts";
import { type LogStep, readStep, writeStep } from "./log-steps.ts";
import { type Member, takeDown } from "./member.ts";
import { requestKey } from "./request-key.ts";
import { never, ofThisLife } from "./this-life.ts";
import type { World } from "./world.ts";

/** Keys of rounds of appliers begin here. */
export const ROUND_KEY = 0x6c00_0000;

/** What the watch works with. */
export type LogWatchParts = {
  readonly world: World;
  readonly crashes: readonly StepCrash[];
  /** Number of the record of that id. */
  readonly recordOf: (id: string) => number | undefined;
};

/** By step: how often it was come to, and how often a server ended there. */
export type LogSteps = ReadonlyMap<LogStep, { readonly hits: number; readonly crashes: number }>;

/** Those of a world without lists. */
export const NO_STEPS: LogSteps = new Map();

const APPLIER_CRASH = faultBit("applier_crash");
const RESTART_CODE = EVENTS.stepRestart.code;
const APPLIER_CRASHES = faultPlace("applier_crash");

/** The watch over all servers of a world. */
export class LogWatch {
  readonly applied: AppliedWrite[] = [];
  /** How often each step was come to, and how often a server ended there. */
  readonly steps: Map<LogStep, { hits: number; crashes: number }> = new Map();
  /** Keys of the rounds so far: by them calls of appliers are told from those of requests. */
  readonly rounds: Set<number> = new Set();
  readonly #parts: LogWatchParts;

  constructor(parts: LogWatchParts) {
    this.#parts = parts;
  }

  /** The engine of a server's present life, watched. */
  over(engine: StorageEngine, server: Member): StorageEngine {
    return ofThisLife(server.node, {
      ...engine,
      write: (partition, mutations, call) => {
        const work = () => engine.write(partition, mutations, call);
        const { table, id } = partition;
        if (table === LOG_TABLE) return this.#step(writeStep(id, mutations), server, work);
        if (!this.#isOfRound(call)) return work();
        return this.#apply(partition, mutations, server, work);
      },
      readRange: (read, call) => {
        const step = read.table === LOG_TABLE ? readStep(read) : undefined;
        const work = () => engine.readRange(read, call);
        if (step === undefined || !this.#isOfRound(call)) return work();
        return this.#step(step, server, work);
      },
    });
  }

  #isOfRound({ signal }: EngineCall): boolean {
    return this.rounds.has(requestKey(signal));
  }

  async #apply<T>(
    { table, id }: { readonly table: string; readonly id: string },
    mutations: readonly Mutation[],
    server: Member,
    work: () => Promise<T>,
  ): Promise<T> {
    const [first] = mutations;
    const version = first?.kind === "put" ? first.row.version : first!.version;
    const applied: AppliedWrite = {
      record: table === DOOMED_NAMESPACE ? undefined : this.#parts.recordOf(id),
      kind: first?.kind === "put" ? "put" : "delete",
      time: version.time,
      nonce: toHex(version.nonce),
      begun: this.#parts.world.now,
      ended: Number.POSITIVE_INFINITY,
    };
    const outcomes = await this.#step("apply", server, () => {
      this.applied.push(applied);
      return work();
    });
    applied.ended = this.#parts.world.now;
    return outcomes;
  }

  async #step<T>(step: LogStep, server: Member, work: () => Promise<T>): Promise<T> {
    let counted = this.steps.get(step);
    if (counted === undefined) {
      counted = { hits: 0, crashes: 0 };
      this.steps.set(step, counted);
    }
    counted.hits += 1;
    const { hits } = counted;
    const { world, crashes } = this.#parts;
    const due = world.isHealed
      ? undefined
      : crashes.find((one) => one.step === step && one.nth === hits);
    if (due === undefined) return work();
    const { incarnation } = server.node;
    if (due.when === "after") await work().catch(() => undefined);
    // It may have ended otherwise while the engine worked.
    if (server.node.incarnation === incarnation) this.#crash(server, due.down);
    counted.crashes += 1;
    world.tally.count(APPLIER_CRASHES, true);
    return never();
  }

  #crash(server: Member, down: Micros): void {
    const { world } = this.#parts;
    world.touches?.down(server.node.index, APPLIER_CRASH);
    world.after(down, RESTART_CODE, takeDown(server));
  }
}
