/** The file of what kinds of fault are to planted bugs: one line a pair, replaced bug by bug. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { Need } from "kvdal/sim";
import { MUTANTS } from "kvdal/sim/mutants";

/** Puts what was measured of one bug into the file, in place of what was known of it, in the order of the bugs. */
export function keepNeeds(file: string, mutant: string, needs: readonly Need[]): void {
  const known = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as readonly Need[]) : [];
  const place = ({ mutant: name }: Need): number => MUTANTS.findIndex((one) => one.name === name);
  const all = [...known.filter((need) => need.mutant !== mutant), ...needs]
    .filter((need) => place(need) >= 0)
    .toSorted((one, other) => place(one) - place(other));
  writeFileSync(file, `[\n${all.map((need) => `  ${JSON.stringify(need)}`).join(",\n")}\n]\n`);
}
