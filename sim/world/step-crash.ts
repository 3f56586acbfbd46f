/** A server that goes down in the middle of a request: where it comes to a write of the engine, its nth from an instant on. */
import type { StorageEngine } from "kvdal/engine";
import { faultPlace } from "../faults/registry/index.ts";
import type { Trouble } from "../faults/trouble.ts";
import { EVENTS } from "./event-codes.ts";
import type { SimNode } from "./node.ts";

/** A server, as far as a step can end it. */
type EndedServer = {
  readonly node: SimNode;
  readonly crash: () => void;
  readonly restart: () => void;
};

const STEP = faultPlace("step_crash");
const RESTART_CODE = EVENTS.stepRestart.code;
const never = (): Promise<never> => new Promise(() => undefined);

/** The steps that end one server; undefined where none does. */
export class StepCrashes {
  readonly #server: EndedServer;
  readonly #left: { readonly trouble: Trouble; writes: number }[];

  private constructor(server: EndedServer, troubles: readonly Trouble[]) {
    this.#server = server;
    this.#left = troubles.map((trouble) => ({ trouble, writes: 0 }));
  }

  /** Those of a server. */
  static of(server: EndedServer): StepCrashes | undefined {
    const troubles = server.node.troubles.filter(({ kind }) => kind === "step_crash");
    return troubles.length === 0 ? undefined : new StepCrashes(server, troubles);
  }

  /** The engine of its present life; what has ended asks it for nothing more. */
  over(engine: StorageEngine): StorageEngine {
    const { node } = this.#server;
    const { incarnation } = node;
    const alive = <T>(work: () => Promise<T>): Promise<T> =>
      node.incarnation === incarnation ? work() : never();
    return {
      ...engine,
      write: (partition, mutations, call) =>
        alive(() => this.#write(() => engine.write(partition, mutations, call))),
      readKeys: (read, call) => alive(() => engine.readKeys(read, call)),
      readRange: (read, call) => alive(() => engine.readRange(read, call)),
      scan: (read, call) => alive(() => engine.scan(read, call)),
    };
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
    const { node, crash, restart } = bound(this.#server);
    node.world.tally.count(STEP, true);
    node.world.touches?.down(node.index, 0);
    crash();
    const { incarnation } = node;
    node.world.after(until - at, RESTART_CODE, () => {
      if (node.incarnation === incarnation) restart();
    });
  }
}

function bound(server: EndedServer): EndedServer {
  return { node: server.node, crash: () => server.crash(), restart: () => server.restart() };
}
