/**
 * Measuring in processes of their own, as Node comes and with the options that README advises where much lies outside
 * of the heap: how long a large answer takes is for a good part how Node collects what those before it left.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { dirname, extname, join } from "node:path";

/** Options of Node for a process of its own. */
export type NodeSetting = { readonly name: string; readonly options: readonly string[] };

/** Part of a result: what its process was started with. */
export type UnderSetting = { readonly setting: string; readonly nodeOptions: readonly string[] };

/**
 * Large values, and rows of an embedded engine, are memory outside of the heap. As Node comes, a young generation that
 * has grown lets so much of it gather that V8 takes it for pressure (64 MB of it) and collects all of the heap, over
 * and over; with little room for young objects it goes with them, a few answers' worth at a time, and what lies
 * outside is held against the limit of the heap instead.
 */
export const NODE_ADVISED: readonly string[] = [
  "--max-semi-space-size=4",
  "--external-memory-accounted-in-global-limit",
  "--initial-old-space-size=512",
];

/** By turns. */
export const NODE_SETTINGS: readonly NodeSetting[] = [
  { name: "as Node comes", options: [] },
  { name: "as advised", options: NODE_ADVISED },
];

/** What people are told once, below such results. */
export const ADVISED_LINE: string = `as advised: node ${NODE_ADVISED.join(" ")}`;

/** What a process of its own tells: a line for people, or its result and that it is done. */
type Told = { readonly line: string } | { readonly result: unknown };

/** A program to start, and what it is to do. */
export type Apart<Task> = {
  /** The module that starts it. */
  readonly from: ImportMeta;
  /** Its file, as it is spelled in a checkout, beside that module. */
  readonly program: string;
  /** JSON. */
  readonly task: Task;
  readonly setting: NodeSetting;
  readonly say?: (line: string) => void;
};

/** Runs a program of ours in a process of its own and returns its result. Throws when it ends without one. */
export async function runApart<Task, Result>(apart: Apart<Task>): Promise<Result & UnderSetting> {
  const { from, program, task, setting, say = () => undefined } = apart;
  const file = program.replace(/\.ts$/, extname(from.filename));
  const execArgv = [...process.execArgv, ...setting.options];
  const child = fork(join(dirname(from.filename), file), [JSON.stringify(task)], { execArgv });
  let done: { readonly result: Result } | undefined;
  child.on("message", (told: Told) => {
    if ("line" in told) say(told.line);
    else done = { result: told.result as Result };
  });
  const [code, signal] = (await once(child, "close")) as [number | null, string | null];
  if (done === undefined) {
    throw new Error(`${file} ended with ${code ?? signal}, found no result, wanted one`);
  }
  return { setting: setting.name, nodeOptions: setting.options, ...done.result };
}

/** The other side: does what it was started for, by the task as JSON has it, and tells the result. */
export async function answerApart(
  work: (task: unknown, say: (line: string) => void) => Promise<unknown>,
): Promise<void> {
  const tell = (told: Told): void => {
    process.send?.(told);
  };
  tell({ result: await work(JSON.parse(process.argv[2] ?? ""), (line) => tell({ line })) });
  process.disconnect();
}
