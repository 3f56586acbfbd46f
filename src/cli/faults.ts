/** `kvdal faults`: every kind of fault that simulated worlds know. */
import { Command } from "commander";
import { type FaultEntry, FAULTS, type Point, POINTS, proofOf } from "kvdal/sim";
import { print } from "./print.ts";

type Options = { readonly json?: boolean; readonly points?: boolean };

const EXAMPLES = `
Where a kind has a range, its size is drawn from there. How often each fired in a campaign, and how often that mattered,
is in the JSON of 'kvdal sim --json'. A planted bug stands beside a fault without which it is lost, or costs so many
times the worlds; with a star where other faults, which would reveal it, too, were left out. 'kvdal mutants --needs'
measured that.

Amplification points are places of the code at which something legal and rare happens more often: in every second world,
each with one chance of four, and then for every second to 16th that comes by. They are put into the code by processes that
simulate, and are in no build. How many worlds had each, how often it was reached and fired: 'amplified' in the same JSON.

Examples:
  kvdal faults             a line a kind: family, range, planted bug, what happens
  kvdal faults --points    the amplification points: what happens, and in which file
  kvdal faults --json      with knobs, and with when one that fired counts as one that mattered`;

/** The command. */
export function faultsCommand(): Command {
  return new Command("faults")
    .description("Lists the kinds of fault that simulated worlds know.")
    .option("--points", "list the amplification points of the code instead")
    .option("--json", "print the list as JSON, and nothing else")
    .addHelpText("after", EXAMPLES)
    .action(({ json = false, points = false }: Options) => {
      if (points) print({ json }, POINTS.map(pointJson), pointLines());
      else print({ json }, FAULTS.map(asJson), faultLines());
    });
}

function asJson(entry: FaultEntry): Record<string, unknown> {
  const { trouble, ...rest } = entry;
  const proof = proofOf(entry.name);
  return {
    ...rest,
    nodes: trouble?.nodes ?? null,
    lasts: trouble?.lasts ?? null,
    bug: proof === undefined ? null : { ...proof, isProven: true },
  };
}

function pointJson({ name, file, what, engine, rare }: Point): Record<string, unknown> {
  return { name, file, what, engine: engine ?? null, rare: rare ?? null };
}

function pointLines(): readonly string[] {
  const rows = POINTS.map(({ name, file, what }) => [name, file, what]);
  return [...tableOf([["Point", "File", "What happens"], ...rows]), `${POINTS.length} points`];
}

function faultLines(): readonly string[] {
  const rows = FAULTS.map((entry) => [
    entry.name,
    entry.family,
    rangeOf(entry),
    bugOf(entry),
    entry.what,
  ]);
  const table = [["Fault", "Family", "Range", "Planted bug", "What happens"], ...rows];
  const proofs = FAULTS.flatMap(({ name }) => proofOf(name) ?? []);
  const starred = proofs.filter(({ amid }) => amid.length > 0).length;
  const ofOwn = `${proofs.length} of them with a planted bug that needs them (${starred} without some others)`;
  return [...tableOf(table), `${FAULTS.length} kinds, ${ofOwn}`];
}

/** In columns; the last one is as wide as it is. */
function tableOf(table: readonly (readonly string[])[]): readonly string[] {
  const columns = (table[0] ?? []).slice(0, -1);
  const widths = columns.map((_, i) => Math.max(...table.map((row) => (row[i] ?? "").length)));
  return table.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

const UNITS = { us: " µs", ppm: " ppm", times: "", none: "" } as const;

function rangeOf({ low, high, unit, trouble }: FaultEntry): string {
  if (high > 0) return `${low} to ${high}${UNITS[unit]}`;
  const [least, most] = trouble?.lasts ?? [0, 0];
  return most === 0 ? "" : `for ${least} to ${most} µs`;
}

function bugOf({ name }: FaultEntry): string {
  const proof = proofOf(name);
  if (proof === undefined) return "";
  const { mutant, factor, amid } = proof;
  return `${mutant} (${factor === null ? "lost" : `x${factor}`})${amid.length > 0 ? "*" : ""}`;
}
