/**
 * The program several times in one process, since most of what a refusal or a page of help costs is to load the
 * program: `kvdal-each.ts RUNS`, where RUNS is a JSON list of argument lists. Prints what each came to as JSON.
 */
import type { Run } from "./kvdal.ts";

type Written = Pick<Run, "stdout" | "stderr">;

/** Keeps what is written until `end` is called, instead of writing it. */
function keepOutput(): { readonly end: () => Written } {
  const kept = { stdout: "", stderr: "" };
  const names = ["stdout", "stderr"] as const;
  const usual = names.map((name) => process[name].write);
  for (const name of names) {
    process[name].write = (text: string | Uint8Array) => {
      kept[name] += typeof text === "string" ? text : Buffer.from(text).toString();
      return true;
    };
  }
  const end = (): Written => {
    for (const [i, name] of names.entries()) process[name].write = usual[i]!;
    return kept;
  };
  return { end };
}

function exitCode(): number {
  return Number(process.exitCode ?? 0);
}

const runs = JSON.parse(process.argv[2] ?? "[]") as readonly (readonly string[])[];
// Each run of the program listens to the end of its readers.
process.stdout.setMaxListeners(runs.length + 10);
const results: Run[] = [];
for (const [number, args] of runs.entries()) {
  process.argv.splice(2, process.argv.length, ...args);
  process.exitCode = undefined;
  const output = keepOutput();
  // By another name each time, or it would not run again; what it imports is loaded once.
  await import(new URL(`../../src/cli/main.ts?run=${number}`, import.meta.url).href);
  results.push({ code: exitCode(), signal: null, ...output.end() });
}
process.exitCode = 0;
process.stdout.write(JSON.stringify(results));
