/** A server that goes down in the middle of a request: where it comes to a write of the engine, its nth from an instant on. */
import type { StorageEngine } from "kvdal/engine";
import { faultPlace } from "../faults/registry/index.ts";
import type { Trouble } from "../faults/trouble.ts";
import { EVENTS } from "./event-codes.ts";
import { type Member, takeDown } from "./member.ts";
import { never, ofThisLife } from "./this-life.ts";

const STEP = faultPlace("step_crash");
const RESTART_CODE = EVENTS.stepRestart.code;

/** The steps that end one server; undefined where none does. */
export class StepCrashes {
  readonly #server: Member;
  readonly #left: { readonly trouble: Trouble; writes: number }[];

  private constructor(server: Member, troubles: readonly Trouble[]) {
    this.#server = server;
    this.#left = troubles.map((trouble) => ({ trouble, writes: 0 }));
  }

  /** Those of a server. */
  static of(server: Member): StepCrashes | undefined {
    const troubles = server.node.troubles.filter(({ kind }) => kind === "step_crash");
    return troubles.length === 0 ? undefined : new StepCrashes(server, troubles);
  }

  /** The engine of its present life. */
  over(engine: StorageEngine): StorageEngine {
    return ofThisLife(this.#server.node, {
      ...engine,
      write: (partition, mutations, call) =>
        this.#write(() => engine.write(partition, mutations, call)),
    });
  }

  #write<T>(work: () => Promise<T>): Promise<T> {
    const { world } = this.#server.node;
    const due = this.#left.find((step) => {
      if (world.isHealed || world.now < step.trouble.at) return false;
      step.writes += 1;
      return step.writes === step.trouble.by;
    });
    if (due === undefined) return work();
    // Every second one has sent it.
    if (due.trouble.by % 2 === 0) work().catch(() => undefined);
    this.#crash(due.trouble);
    return never();
  }

  #crash({ at, until }: Trouble): void {
    const { index, world } = this.#server.node;
    world.tally.count(STEP, true);
    world.touches?.down(index, 0);
    world.after(until - at, RESTART_CODE, takeDown(this.#server));
  }
}
