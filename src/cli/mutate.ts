/** `kvdal mutate`: makes mutants of the core by the usual operators, and says which of them simulated worlds kill. */
import { Command } from "commander";
import { codeVersion } from "./code-version.ts";
import { CliError, EXIT_FAILED, EXIT_USAGE } from "./exit.ts";
import { drawMutants, DRAWS_MAX } from "./mutate/draw.ts";
import { type Hunted, huntedOf } from "./mutate/hunted.ts";
import { coverWorlds, huntMutants, worldsFor } from "./mutate/hunts.ts";
import type { MachineMutant } from "./mutate/machine-mutant.ts";
import { type MutateHead, MutateState, readHunted } from "./mutate/state-file.ts";
import { huntedLine, scoreLines } from "./mutate/text.ts";
import { KEPT_HUNTS, readTriage, scoreOf, type Triaged } from "./mutate/triage.ts";
import { print } from "./print.ts";
import { targetsOf, tryTargets } from "./targets.ts";
import { wholeNumber } from "./whole-number.ts";

type Options = {
  readonly worlds: number;
  readonly state?: string;
  readonly draw: number;
  readonly list: boolean;
  readonly kept: boolean;
  readonly json?: boolean;
};

/** A result below that is red. */
const SHARE_WANTED = 0.9;

const EXAMPLES = `
StrykerJS's operators make some six thousand mutants of the core; of those of every file the same 4 % are hunted,
each in a process of its own, over simulated replicas, a simulated DynamoDB, with caches and consumers' workloads. All
worlds are run once with the code as it is, to see which execute the mutant's place; it is hunted in those alone.
What survives is told with its class and reason from sim/mutants/machine/triage.json. This verb works on a checkout.

Examples:
  kvdal mutate                               all of them: about half an hour on two cores
  kvdal mutate --state hunted.jsonl          the same, and it goes on from there where it was ended
  kvdal mutate --kept                        what the tree keeps of the last hunt of all
  kvdal mutate --list                        what would be hunted
  kvdal mutate policy/hedge:0a1b2c3d         one of them
  kvdal mutate --draw 2                      others: what worlds find of what nobody looked at

Exit codes: 0 nine of ten that are not equivalent are killed, 1 fewer, 2 wrong usage.`;

/** The command. */
export function mutateCommand(): Command {
  return new Command("mutate")
    .description("Makes mutants of the core and says which of them simulated worlds kill.")
    .argument("[names...]", "mutants to hunt; all that are drawn where none is named")
    .option("--worlds <n>", "most worlds a mutant", wholeNumber(1, 1_000), 150)
    .option("--draw <n>", "another share of the same size", wholeNumber(1, DRAWS_MAX), 1)
    .option("--state <file>", "keep what is done in this file, and go on from it")
    .option("--list", "show the mutants, hunt none", false)
    .option("--kept", "show what the tree keeps, hunt none", false)
    .option("--json", "print the results as JSON, and nothing else")
    .addHelpText("after", EXAMPLES)
    .action(run);
}

async function run(names: readonly string[], options: Options): Promise<void> {
  const { json = false } = options;
  if (options.kept) {
    const { head, hunted } = readHunted(KEPT_HUNTS);
    report(head, hunted, json);
    return;
  }
  tryTargets(targetsOf({ state: options.state }));
  const { mutants, made, wording } = await drawMutants(options.draw);
  const wanted = named(names, mutants);
  if (options.list) {
    print({ json }, wanted, wanted.map(listLine));
    return;
  }
  const code = await codeVersion();
  const { draw, worlds } = options;
  const head = { code, worlds, drawn: mutants.length, made, wording, ...(draw > 1 && { draw }) };
  const state = new MutateState(options.state, head);
  await huntAll(wanted, state, options);
  report(
    head,
    wanted.flatMap(({ name }) => state.of(name) ?? []),
    json,
  );
}

/** Hunts those of which nothing is known. */
async function huntAll(
  wanted: readonly MachineMutant[],
  state: MutateState,
  { draw, worlds, json = false }: Options,
): Promise<void> {
  const open = wanted.filter(({ name }) => state.of(name) === undefined);
  if (open.length === 0) return;
  const covering = await state.covering(() =>
    coverWorlds(draw, (done, of) => {
      if (done % 100 === 0) process.stderr.write(`${done} of ${of} worlds as the code is\n`);
    }),
  );
  const worldsOf = ({ name }: MachineMutant) => worldsFor(covering.get(name) ?? [], worlds);
  let done = wanted.length - open.length;
  for await (const [mutant, fate] of huntMutants(open, worldsOf)) {
    const hunted = huntedOf(mutant, fate);
    state.add(hunted);
    done += 1;
    const line = huntedLine(hunted, undefined).split("\n", 1)[0];
    if (!json) process.stderr.write(`${done} of ${wanted.length}  ${line}\n`);
  }
}

function report(head: MutateHead, hunted: readonly Hunted[], json: boolean): void {
  const triage = readTriage();
  const byName = new Map(triage.map((one): [string, Triaged] => [one.name, one]));
  const score = scoreOf(hunted, triage);
  const left = hunted.filter(({ status }) => status !== "killed");
  print({ json }, { ...head, score, mutants: hunted.map((one) => withClass(one, byName)) }, [
    ...left.map((one) => huntedLine(one, byName.get(one.name))),
    ...scoreLines(hunted, score, head),
  ]);
  process.exitCode = score.share >= SHARE_WANTED ? 0 : EXIT_FAILED;
}

function withClass(hunted: Hunted, triage: ReadonlyMap<string, Triaged>): object {
  const triaged = hunted.status === "killed" ? undefined : triage.get(hunted.name);
  return { ...hunted, class: triaged?.class ?? null, why: triaged?.why ?? null };
}

function listLine({ name, line, operator, was, becomes }: MachineMutant): string {
  const text = `${was} → ${becomes}`.replaceAll(/\s+/g, " ");
  return `${name}  line ${line}  ${operator}  ${text.slice(0, 120)}`;
}

function named(
  names: readonly string[],
  mutants: readonly MachineMutant[],
): readonly MachineMutant[] {
  const unknown = names.filter((name) => !mutants.some((mutant) => mutant.name === name));
  if (unknown.length > 0) {
    const wanted = `wanted one of ${mutants.length}: kvdal mutate --list shows them`;
    throw new CliError(EXIT_USAGE, `no mutant is called ${unknown.join(", ")}, ${wanted}`);
  }
  return names.length === 0 ? mutants : mutants.filter(({ name }) => names.includes(name));
}
