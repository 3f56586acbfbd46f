/** Reads a plan file for the command line, and says what is wrong with one. */
import { readFile } from "node:fs/promises";
import { decodePlanFile, type KeptPlan, type PlanFlaw } from "kvdal/sim/plan-file";
import { nearest } from "../namespace/config-problem.ts";
import { CliError, EXIT_USAGE } from "./exit.ts";
import { unreadable } from "./unreadable.ts";

/** Flaws that are told of one file: where there are more, most follow from a few. */
const FLAWS_MAX = 12;

/** Reads a plan file. Throws `CliError` with its flaws, a line each. */
export async function readPlanFile(path: string): Promise<KeptPlan> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    throw new CliError(EXIT_USAGE, unreadable(path, "a plan file", error));
  }
  const reading = decodePlanFile(text);
  if (reading.kind === "ok") return reading.kept;
  const { flaws } = reading;
  const left = flaws.length - FLAWS_MAX;
  const lines = [
    ...flaws.slice(0, FLAWS_MAX).map((flaw) => `${path}: ${flawWords(flaw)}`),
    ...(left > 0 ? [`${path}: and ${left} flaws more`] : []),
  ];
  throw new CliError(EXIT_USAGE, lines.join("\nkvdal: "));
}

/** `plan.operatoins is an unknown key; did you mean operations?` */
function flawWords({ path, found, wanted, known }: PlanFlaw): string {
  const at = path || "the file";
  const name = path.slice(path.lastIndexOf(".") + 1);
  const meant = known && nearest(name, known);
  if (meant !== undefined) return `${at} is ${found}; did you mean ${meant}?`;
  return `${at} is ${found}, wanted ${known === undefined ? wanted : `one of ${known.join(", ")}`}`;
}
