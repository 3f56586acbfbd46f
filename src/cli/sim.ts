/** `kvdal sim`: a campaign of simulated worlds, over simulated replicas or over a real engine. */
import { Command } from "commander";
import type { CampaignResult, NextStep } from "kvdal/sim";
import { EXIT_USAGE } from "./exit.ts";
import { runCorpus } from "./sim/corpus.ts";
import { withEngines } from "./sim/engines.ts";
import { addSimOptions, askedBy, type SimOptions } from "./sim/options.ts";
import { EXIT_CODES } from "./sim/outcome.ts";
import { addPrintOptions, print, printTargets } from "./sim/print.ts";
import { runCampaign } from "./sim/run.ts";
import { PROGRAM } from "./program.ts";
import { targetsOf, tryTargets, written } from "./targets.ts";

const EXAMPLES = `
Without --engine the worlds have three simulated replicas at quorum, which is replicated, and one in 24 has two
regions of them; with two-regions all have. conditional is a simulated DynamoDB under the real adapter. With the name
of a real engine its native calls are real, clocks, network, latency and crashes stay simulated. Neither --workers nor
--shard nor --state changes a world.

Examples:
  kvdal sim                                   5,000 worlds
  kvdal sim --seeds 20000 --twice             each world twice, fingerprints compared
  kvdal sim --for 10m --state night.jsonl     ten minutes of worlds; interrupted, the same line goes on
  kvdal sim --from commit --shard 2/8 --state 2.jsonl    an eighth; then kvdal merge *.jsonl
  kvdal sim --seed 1234                       one world again
  kvdal sim --keep failures                   a plan file a failing world, for kvdal replay
  kvdal sim --faults loss,server_crash        with no other faults; --faults none for none at all
  kvdal sim --workload druid-cache            what a consumer reads and writes; list for all of them
  kvdal sim --engine conditional              over a simulated DynamoDB
  kvdal sim --engine two-regions              writes shipped between regions, and a failover in most worlds
  kvdal sim --engine cassandra --seeds 200    over a real Cassandra
  kvdal sim --engine cassandra --cache memcached --seeds 200    with a real memcached in front
${EXIT_CODES}`;

/** Where to go from a campaign that found nothing. */
const NEXT: readonly NextStep[] = [
  [`${PROGRAM} sim --engine rocksdb`, "the same plans over a real engine"],
  [`${PROGRAM} conformance memory`, "the contract, case by case"],
  [`${PROGRAM} mutants`, "planted bugs, and whether they are found"],
  [`${PROGRAM} --help`, "everything else"],
];

/** The command. */
export function simCommand(): Command {
  const command = new Command("sim")
    .description("Runs simulated worlds and judges what their clients saw.")
    .addHelpText("after", EXAMPLES);
  return addPrintOptions(addSimOptions(command)).action(async (options: SimOptions) => {
    const { state, keep: folder } = options;
    const asked = askedBy(options);
    tryTargets([...printTargets(options), ...targetsOf({ state }, { keep: folder })]);
    const corpus = await runCorpus(options);
    const { isSaved, ...result } = await runCampaign(asked, options);
    const kept = new Map<number, string>();
    const isKept = await keep(result, options, kept);
    const code = await print({ ...result, kept, ...(corpus && { corpus }) }, options, NEXT);
    process.exitCode = isSaved && isKept ? code : code || EXIT_USAGE;
  });
}

/** The plan files of the failing worlds, where they are wanted; what writes them is loaded only then. */
async function keep(
  { asked, sums: { failures } }: CampaignResult,
  options: SimOptions,
  kept: Map<number, string>,
): Promise<boolean> {
  const { keep: folder } = options;
  if (folder === undefined || failures.length === 0) return true;
  const { keepPlans } = await import("./keep-plans.ts");
  const [faults, workloads] = [asked.faults ?? undefined, asked.workloads ?? undefined];
  return await written({ option: "--keep", path: folder, kind: "folder" }, () =>
    withEngines(options, (engines) =>
      keepPlans(failures, {
        folder,
        engine: options.engine ?? engines.factory.name,
        ...engines,
        faults,
        workloads,
        kept,
      }),
    ),
  );
}
