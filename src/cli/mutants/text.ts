/** Verdicts on planted bugs, as text. */
import { isProven, type MutantCounts, type Need } from "kvdal/sim";
import { median } from "./estimate.ts";
import type { Verdict } from "./verdict.ts";

/** Worlds that a bug may cost on average, as the summary counts them. */
const FEW = 50;

/** A bug's line while the others are still hunted. */
export function verdictLine(verdict: Verdict): string {
  const name = verdict.name.padEnd(30);
  if (!verdict.found) return `${missed(verdict)}  ${name} in ${verdict.worlds} worlds`;
  const { ownSeed, rule } = verdict;
  const own = ownSeed === null || ownSeed === verdict.seed ? "" : `, as ${rule} in seed ${ownSeed}`;
  return `found   ${name} seed ${String(verdict.seed).padStart(4)}  ${verdict.foundAs}${own}`;
}

/** The matrix by family, with as many columns as there is something to tell. */
export function matrixLines(verdicts: readonly Verdict[]): readonly string[] {
  const families = [...new Set(verdicts.map(({ family }) => family))];
  const groups = families.flatMap((family) => [
    "",
    `${family}:`,
    ...verdicts.filter((verdict) => verdict.family === family).map(row),
  ]);
  const head = `  ${"Planted bug".padEnd(38)}  mean seeds  95 % interval      trials  oracles; faults needed`;
  return ["", head, ...groups, ""];
}

/** How many were found, and at what cost. */
export function summaryLine(verdicts: readonly Verdict[]): string {
  const all = verdicts.filter(({ equivalent }) => equivalent === null);
  const found = all.filter((verdict) => verdict.found);
  const means = all.flatMap(({ meanSeedsToDetect }) => meanSeedsToDetect ?? []);
  const parts = [`${found.length} of ${all.length} found`];
  const equivalents = verdicts.length - all.length;
  if (equivalents > 0) parts.push(`${equivalents} equivalent`);
  const middle = median(means);
  if (middle !== null) {
    const few = means.filter((mean) => mean <= FEW).length;
    const most = Math.max(...means);
    const worst = all.find(({ meanSeedsToDetect }) => meanSeedsToDetect === most);
    parts.push(`mean seeds to detect: median ${short(middle)}`);
    parts.push(`at most ${FEW} for ${Math.round((100 * few) / all.length)} %`);
    parts.push(`worst ${short(most)} (${worst?.name})`);
  }
  return parts.join(", ");
}

/** How many planted bugs there are of the kinds that count, of all engines. */
export function countsLine(counts: MutantCounts): string {
  const { mutants, families, twoFaults, clockOnly, equivalent } = counts;
  return (
    `${mutants} planted bugs in ${families} families: ${counts.public} public ones, ${twoFaults} that need two faults, ` +
    `${clockOnly} that need trouble with clocks alone, ${equivalent} equivalent`
  );
}

/** What the kinds of fault that a bug is said to need are to it. */
export function needLines(mutant: string, needs: readonly Need[]): readonly string[] {
  if (needs.length === 0) return [`missed  ${mutant}`];
  return needs.map((need) => {
    const { kind, worlds, trials, meanSeeds } = need;
    const found = `${trials} of ${worlds} worlds, one in ${short(meanSeeds)}`;
    const mark = isProven(need) ? "needed " : "not    ";
    return `${mark} ${mutant.padEnd(48)} ${kind.padEnd(18)} ${found}; without it ${costOf(need)}`;
  });
}

/** What a bug costs without a kind of fault. */
export function costOf({ factor, without }: Need): string {
  return factor === null ? `lost in all of them` : `${factor} times (${without.found} found)`;
}

function row(verdict: Verdict): string {
  const { name, meanSeedsToDetect: mean, interval, trials, trialsFound, fault } = verdict;
  const [low, high] = interval;
  const between = `${short(low)} to ${high === null ? "any" : short(high)}`;
  const faults = verdict.neededFaults?.join(", ") ?? fault ?? "";
  const columns = [
    name.padEnd(38),
    (mean === null ? missed(verdict).trim() : short(mean)).padStart(10),
    between.padEnd(17),
    `${trialsFound}/${trials}`.padStart(7),
    `${oraclesOf(verdict)}${faults === "" ? "" : `; ${faults}`}`,
  ];
  return `  ${columns.join("  ")}`.trimEnd();
}

/** The one that is asked first is first; one that is needed has a mark. */
function oraclesOf({ oracle, sightings, neededOracles }: Verdict): string {
  const names = new Set([oracle ?? [], sightings.flatMap(({ oracles }) => oracles)].flat());
  return [...names].map((name) => (neededOracles.includes(name) ? `${name}!` : name)).join(", ");
}

function missed({ equivalent }: Verdict): string {
  return equivalent === null ? "MISSED" : "EQUAL ";
}

function short(seeds: number): string {
  return seeds < 100 ? seeds.toFixed(1) : String(Math.round(seeds));
}
