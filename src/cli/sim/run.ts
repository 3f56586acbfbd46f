/** Runs what was asked for, from where its file says that it stands, and says how far it is. */
import {
  type Asked,
  type CampaignResult,
  countOf,
  freshState,
  isComplete,
  resultOf,
  turnsOf,
} from "kvdal/sim";
import { CliError, EXIT_USAGE } from "../exit.ts";
import { plantedBug } from "../planted-bug.ts";
import { drive, workersFor } from "./drive.ts";
import { type EngineNames, isSimulated, withEngines } from "./engines.ts";
import { type Executor, executorHere } from "./executor.ts";
import { Ledger } from "./ledger.ts";
import type { SimOptions } from "./options.ts";
import { Progress } from "./progress.ts";
import { openState } from "./state-file.ts";
import { WorkerExecutor } from "./worker-executor.ts";

/** What a campaign came to, and whether all of that is in the file that it is to be kept in. */
export type SavedResult = CampaignResult & { readonly isSaved: boolean };

/** The campaign. */
export async function runCampaign(asked: Asked, options: SimOptions): Promise<SavedResult> {
  const { state: file, engine, cache } = options;
  const state = file === undefined ? freshState(asked) : await openState(file, asked);
  const ledger = new Ledger(state, file);
  const workers = workersOf(asked, options, countOf(ledger.state.done));
  if (isComplete(ledger.state)) {
    return { ...resultOf(ledger.state, endOf(asked)), isSaved: true };
  }
  if (workers > 1) {
    const executors = Array.from(
      { length: workers },
      () => new WorkerExecutor(asked, { engine, cache }),
    );
    return await carryOut(ledger, executors, options);
  }
  return await withEngines(options, (engines) =>
    carryOut(ledger, [executorHere(asked, engines)], options),
  );
}

function endOf({ forMillis }: Asked): CampaignResult["end"] {
  return forMillis === null ? "done" : "time";
}

function workersOf(asked: Asked, options: SimOptions, done: number): number {
  const { workers } = options;
  const why = whyOne(options);
  if (why === undefined) return workers ?? workersFor(asked, done);
  if (workers === undefined || workers === 1) return 1;
  throw new CliError(EXIT_USAGE, `--workers is ${workers}, wanted 1: ${why}`);
}

/** Why worlds can run in this process alone; undefined where they can run in others, too. */
function whyOne(names: EngineNames): string | undefined {
  if (plantedBug() !== undefined) return "a bug is planted in this process";
  if (isSimulated(names)) return undefined;
  return "worlds over a real engine or cache run one after another";
}

async function carryOut(
  ledger: Ledger,
  executors: readonly Executor[],
  { json }: SimOptions,
): Promise<SavedResult> {
  const { asked, done, millis, sums } = ledger.state;
  const turns = turnsOf(asked);
  const isQuiet = json === true || turns === 1;
  if (!isQuiet) process.stderr.write(`${beginning(asked, executors.length)} …\n`);
  const time = asked.forMillis ?? undefined;
  const worlds = asked.seeds === null ? undefined : turns;
  const progress = new Progress({ worlds, millis: time }, sums.counts.worlds);
  try {
    const end = await drive({
      asked,
      done,
      millisLeft: time === undefined ? undefined : time - millis,
      executors,
      onDone: (some) => {
        ledger.take(some);
        if (!isQuiet) progress.tell(ledger.state);
      },
    });
    ledger.flush();
    const result = resultOf(ledger.state, isComplete(ledger.state) ? endOf(asked) : end);
    return { ...result, isSaved: ledger.isSaved };
  } finally {
    ledger.flush();
    if (!isQuiet) progress.end();
  }
}

function beginning(asked: Asked, workers: number): string {
  const worlds = asked.seeds === null ? "Worlds run" : `Running ${turnsOf(asked)} worlds`;
  const { index, of } = asked.shard;
  const share = of === 1 ? "" : `, shard ${index + 1} of ${of}`;
  const hands = workers === 1 ? "" : `, in ${workers} processes`;
  return `${worlds} over the ${asked.engine} engine${share}${hands}`;
}
