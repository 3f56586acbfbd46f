/** Worlds that are known to find planted bugs are run in a few processes that go from bug to bug. */
import { type ChildProcess, fork } from "node:child_process";
import { endOfProcess } from "../end-of-process.ts";
import { programFile } from "../program-file.ts";
import type { Hunt } from "./hunt.ts";

/** What such a process is asked, one after another. */
export type Confirmation = { readonly name: string; readonly seed: number };

/** What it answers; null where that world does not find the bug, or the bug cannot be switched. */
export type Confirmed = { readonly hunt: Hunt | null };

/** The processes: as many as were ever asked at a time. */
export class Confirmations {
  readonly #all: Confirmer[] = [];
  readonly #idle: Confirmer[] = [];

  /** Whether the world of that seed finds the bug; undefined where a process of its own has to look. */
  async ask(task: Confirmation): Promise<Hunt | undefined> {
    const confirmer = this.#idle.pop() ?? this.#started();
    const { hunt } = await confirmer.ask(task);
    this.#idle.push(confirmer);
    return hunt ?? undefined;
  }

  /** Ends them; nothing is asked any more. */
  close(): void {
    for (const confirmer of this.#all) confirmer.close();
  }

  #started(): Confirmer {
    const confirmer = new Confirmer();
    this.#all.push(confirmer);
    return confirmer;
  }
}

/** One process. */
class Confirmer {
  readonly #child: ChildProcess;
  /** Rejects once it has ended. */
  readonly #ended: Promise<never>;

  constructor() {
    const program = programFile("../mutant-confirm.ts", import.meta);
    this.#child = fork(program, [], { execArgv: process.execArgv });
    this.#ended = endOfProcess(this.#child).then(({ code, signal }) => {
      throw new Error(`a process that runs known worlds ended with ${signal ?? code}`);
    });
    this.#ended.catch(() => undefined);
  }

  async ask(task: Confirmation): Promise<Confirmed> {
    const answer = Promise.withResolvers<Confirmed>();
    this.#child.once("message", answer.resolve);
    this.#child.send(task);
    return Promise.race([answer.promise, this.#ended]);
  }

  close(): void {
    this.#child.disconnect();
  }
}
