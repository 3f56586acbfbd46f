/** Hunts machine-made mutants, each in a process of its own. */
import { type ChildProcess, fork } from "node:child_process";
import type { Failure } from "kvdal/sim";
import { endOfProcess } from "../end-of-process.ts";
import { CliError, EXIT_FAILED } from "../exit.ts";
import { programFile } from "../program-file.ts";
import { sideBySide } from "../side-by-side.ts";
import type { Fate, Killer } from "./hunted.ts";
import type { MachineMutant } from "./machine-mutant.ts";
import type { CoverMessage, MutateMessage, MutateTask } from "./tasks.ts";
import { TIME_OUT_SIGNAL } from "./watchdog.ts";
import { KIND_NAMES, type WorldName } from "./worlds.ts";

/** A world takes a hundredth of that. */
const SECONDS_PER_WORLD = 5;

/** A mutant that fills the memory ends before it troubles others. */
const HEAP_FLAG = "--max-old-space-size=600";

/** Code that was optimized counts no calls. */
const COUNT_FLAGS = ["--no-turbofan", "--no-maglev"];

/** Worlds that execute a mutant's place, by its name. */
export type Covering = ReadonlyMap<string, readonly WorldName[]>;

/** Runs all worlds with the code as it is. A place that runs while modules are loaded is in every world. */
export async function coverWorlds(
  draw: number,
  onProgress: (done: number, of: number) => void,
): Promise<Covering> {
  const covering = new Map<string, WorldName[]>();
  const all: WorldName[] = [];
  const add = (name: string, world: WorldName): void => {
    const worlds = covering.get(name);
    if (worlds === undefined) covering.set(name, [world]);
    else worlds.push(world);
  };
  let onLoad: readonly string[] = [];
  // V8 counts less of what was compiled before.
  const env = { NODE_DISABLE_COMPILE_CACHE: "1" };
  const child = start("../mutate-cover.ts", "inherit", {
    args: [`${draw}`],
    flags: COUNT_FLAGS,
    env,
  });
  child.on("message", (message: CoverMessage) => {
    if ("onLoad" in message) {
      onLoad = message.onLoad;
      return;
    }
    all.push(message.world);
    for (const name of message.ran) add(name, message.world);
    onProgress(message.done, message.of);
  });
  const { code } = await endOfProcess(child);
  if (code !== 0) throw new CliError(EXIT_FAILED, "the code as it is failed, as said above");
  for (const name of onLoad) covering.set(name, all);
  return covering;
}

/** The first of them, so many at most, of each kind by turns. */
export function worldsFor(covering: readonly WorldName[], most: number): readonly WorldName[] {
  const byKind = KIND_NAMES.map((kind) => covering.filter((world) => world.kind === kind));
  const longest = Math.max(...byKind.map(({ length }) => length));
  const turns = Array.from({ length: longest }, (_, turn) =>
    byKind.flatMap((worlds) => worlds[turn] ?? []),
  );
  return turns.flat().slice(0, most);
}

/** The mutants with what became of them, in their order, with as many hunts at a time as there are cores. */
export function huntMutants(
  mutants: readonly MachineMutant[],
  worldsOf: (mutant: MachineMutant) => readonly WorldName[],
): AsyncGenerator<readonly [MachineMutant, Fate]> {
  return sideBySide(mutants, async (mutant) => [mutant, await huntOne(mutant, worldsOf(mutant))]);
}

async function huntOne(mutant: MachineMutant, worlds: readonly WorldName[]): Promise<Fate> {
  const none = { by: null, rule: null, kind: null, seed: null };
  if (worlds.length === 0) return { status: "not covered", ...none, worlds: 0 };
  // What a mutant makes its process say on its way out is of no use.
  const child = start("../mutate-hunt.ts", "ignore");
  let begun: number | undefined;
  let last: MutateMessage | undefined;
  child.on("message", (message: MutateMessage) => {
    last = message;
    if ("begun" in message) begun = message.begun;
  });
  child.send({ mutant, worlds, secondsPerWorld: SECONDS_PER_WORLD } satisfies MutateTask);
  const { signal } = await endOfProcess(child);
  if (last !== undefined && "error" in last) throw new Error(`${mutant.name}: ${last.error}`);
  if (last === undefined || begun === undefined) {
    throw new Error(`the hunt for ${mutant.name} ended before it began`);
  }
  if ("survived" in last) return { status: "survived", ...none, worlds: worlds.length };
  const { kind, seed } = worlds[begun] as WorldName;
  const killed = { status: "killed", kind, seed, worlds: begun + 1 } as const;
  if ("failure" in last) return { ...killed, by: killerOf(last.failure), rule: last.failure.rule };
  return { ...killed, by: signal === TIME_OUT_SIGNAL ? "time-out" : "exception", rule: null };
}

function killerOf({ kind }: Failure): Killer {
  if (kind === "crash") return "exception";
  return kind === "liveness" ? "silence" : "oracle";
}

/** What a process is given beyond what all have. */
type ProcessParts = {
  readonly args?: readonly string[];
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
};

function start(
  program: string,
  words: "inherit" | "ignore",
  { args = [], flags = [], env = {} }: ProcessParts = {},
): ChildProcess {
  return fork(programFile(program, import.meta), args, {
    execArgv: [...process.execArgv, HEAP_FLAG, ...flags],
    env: { ...process.env, ...env },
    stdio: ["ignore", "ignore", words, "ipc"],
  });
}
