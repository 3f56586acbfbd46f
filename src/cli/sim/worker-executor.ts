/** Runs turns in a process of its own; a world that ends its process is a crash, and the campaign goes on. */
import { type ChildProcess, fork } from "node:child_process";
import { addSums, type Asked, crashOf, noSums, seedAt, type TurnRange } from "kvdal/sim";
import { programFile } from "../program-file.ts";
import type { EngineNames } from "./engines.ts";
import type { Done, Executor } from "./executor.ts";
import type { ToWorker } from "./worker.ts";

const PROGRAM = programFile("./worker.ts", import.meta);

/** A worker, as `Executor` says; it is started when it is first needed, and anew after it has ended. */
export class WorkerExecutor implements Executor {
  readonly #asked: Asked;
  readonly #names: EngineNames;
  #child: ChildProcess | undefined;
  #isStopped = false;

  constructor(asked: Asked, names: EngineNames) {
    this.#asked = asked;
    this.#names = names;
  }

  readonly run = async (range: TurnRange): Promise<Done> => {
    const child = await this.#started();
    if (child === undefined) return { range: { ...range, count: 0 }, sums: noSums() };
    const answer = await answerTo(child, { kind: "run", range });
    if (typeof answer !== "string") return answer as Done;
    this.#child = undefined;
    return range.count === 1 ? this.#lost(range, answer) : await this.#oneByOne(range, answer);
  };

  readonly stop = (): void => {
    this.#isStopped = true;
    if (this.#child !== undefined) tell(this.#child, { kind: "stop" });
  };

  readonly close = (): void => {
    this.#isStopped = true;
    if (this.#child?.connected === true) this.#child.disconnect();
  };

  /** The process; undefined where a signal that was for all of them has ended it while it started. */
  async #started(): Promise<ChildProcess | undefined> {
    if (this.#child !== undefined) return this.#child;
    // Flags of the run loop, and of young objects, are those of this process.
    const child = fork(PROGRAM, [], { execArgv: process.execArgv });
    this.#child = child;
    const answer = await answerTo(child, { kind: "begin", asked: this.#asked, names: this.#names });
    if (answer !== "ready") {
      this.#child = undefined;
      if (this.#isStopped) return undefined;
      throw new Error(`a worker ended before it began: ${String(answer)}`);
    }
    if (this.#isStopped) this.stop();
    return child;
  }

  /** The worker ended in one of several worlds: which one it was shows when each has a run to itself. */
  async #oneByOne({ from, count }: TurnRange, how: string): Promise<Done> {
    const [first, last] = [from, from + count - 1].map((turn) => seedAt(this.#asked, turn));
    const what = `a worker ended (${how}) in seeds ${first} to ${last}; they run again one by one`;
    process.stderr.write(`kvdal: ${what}\n`);
    const sums = noSums();
    let done = 0;
    for (; done < count && !this.#isStopped; done += 1) {
      const one = await this.run({ from: from + done, count: 1 });
      addSums(sums, one.sums);
    }
    return { range: { from, count: done }, sums };
  }

  #lost(range: TurnRange, how: string): Done {
    const sums = noSums();
    sums.counts.worlds = 1;
    const error = new Error(`the process that ran the world ended (${how})`);
    sums.failures.push(crashOf(seedAt(this.#asked, range.from), error));
    return { range, sums };
  }
}

function tell(child: ChildProcess, message: ToWorker): void {
  if (child.connected) child.send(message);
}

/** What the child answers; a text that says how it ended where it ends first. */
async function answerTo(child: ChildProcess, message: ToWorker): Promise<unknown> {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const ended = (code: number | null, signal: string | null): void => {
    resolve(signal ?? `exit code ${code}`);
  };
  child.once("message", resolve);
  child.once("exit", ended);
  tell(child, message);
  const answer = await promise;
  child.off("message", resolve);
  child.off("exit", ended);
  return answer;
}
