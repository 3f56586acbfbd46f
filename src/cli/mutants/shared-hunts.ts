/** Hunts that need one world each share a few processes, which go from bug to bug. */
import { type ChildProcess, fork } from "node:child_process";
import { endOfProcess } from "../end-of-process.ts";
import { programFile } from "../program-file.ts";
import type { Hunt, HuntTask } from "./hunt.ts";

/** What such a process answers; null where a process of the bug's own has to hunt. */
export type SharedAnswer = { readonly hunt: Hunt | null };

/** The processes: as many as were ever asked at a time. */
export class SharedHunts {
  readonly #all: Sharer[] = [];
  readonly #idle: Sharer[] = [];

  /**
   * The hunt, if the world that is known to find the bug still does, or if nobody can find it and nobody has. Undefined
   * where a process of the bug's own has to hunt.
   */
  async ask(task: HuntTask): Promise<Hunt | undefined> {
    const sharer = this.#idle.pop() ?? this.#started();
    const { hunt } = await sharer.ask(task);
    this.#idle.push(sharer);
    return hunt ?? undefined;
  }

  /** Ends them; nothing is asked any more. */
  close(): void {
    for (const sharer of this.#all) sharer.close();
  }

  #started(): Sharer {
    const sharer = new Sharer();
    this.#all.push(sharer);
    return sharer;
  }
}

/** One process. */
class Sharer {
  readonly #child: ChildProcess;
  /** Rejects once it has ended. */
  readonly #ended: Promise<never>;

  constructor() {
    const program = programFile("../mutant-shared.ts", import.meta);
    this.#child = fork(program, [], { execArgv: process.execArgv });
    this.#ended = endOfProcess(this.#child).then(({ code, signal }) => {
      throw new Error(`a process that hunts bug after bug ended with ${signal ?? code}`);
    });
    this.#ended.catch(() => undefined);
  }

  async ask(task: HuntTask): Promise<SharedAnswer> {
    const answer = Promise.withResolvers<SharedAnswer>();
    this.#child.once("message", answer.resolve);
    this.#child.send(task);
    return Promise.race([answer.promise, this.#ended]);
  }

  close(): void {
    if (this.#child.connected) this.#child.disconnect();
  }
}
