/** Which mutants are hunted: a share of all that can be made of the core, the same ones for the same text. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { MachineMutant } from "./machine-mutant.ts";
import { isWording, makeMutants } from "./make.ts";
import { NEVER_RUN } from "./never-run.ts";

const ROOT = new URL("../../../", import.meta.url);

/** The folders of the core. */
export const CORE_FOLDERS: readonly string[] = [
  "src/policy",
  "src/service",
  "src/client",
  "src/model",
  "src/codec",
  "src/engines/shared",
];

/** Of the mutants of every file this share is hunted, rounded up. */
export const SHARE = 0.04;

/** What was drawn, and of how many. */
export type Drawn = {
  readonly mutants: readonly MachineMutant[];
  readonly files: number;
  /** Mutants that could have been drawn. */
  readonly made: number;
  /** Mutants of wording for people, which are left out. */
  readonly wording: number;
};

/** How many shares there are that have no mutant in common; of short files the last ones have none. */
export const DRAWS_MAX: number = Math.floor(1 / SHARE);

/** Draws from the tree as it is: the first share, whose hunt is kept, or another one of the same size. */
export async function drawMutants(draw = 1): Promise<Drawn> {
  const files = coreFiles();
  const drawn: MachineMutant[] = [];
  let [made, wording] = [0, 0];
  for (const file of files) {
    const all = await makeMutants(file, readFileSync(new URL(file, ROOT), "utf8"));
    const some = all.filter((mutant) => !isWording(mutant));
    made += some.length;
    wording += all.length - some.length;
    drawn.push(...drawnOf(some, draw));
  }
  return { mutants: drawn, files: files.length, made, wording };
}

/** The files of the core that worlds execute. */
export function coreFiles(): readonly string[] {
  const files = CORE_FOLDERS.flatMap((folder) =>
    readdirSync(fileURLToPath(new URL(folder, ROOT)), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => `${folder}/${name}`),
  );
  return files.filter((file) => !NEVER_RUN.has(file)).toSorted();
}

/** A share in the order of their names' hashes: a change elsewhere in the file moves the others hardly at all. */
function drawnOf(mutants: readonly MachineMutant[], draw: number): readonly MachineMutant[] {
  const share = Math.ceil(SHARE * mutants.length);
  const hash = ({ name }: MachineMutant): string => name.slice(name.lastIndexOf(":"));
  const least = mutants
    .toSorted((one, other) => (hash(one) < hash(other) ? -1 : 1))
    .slice((draw - 1) * share, draw * share);
  return mutants.filter((mutant) => least.includes(mutant));
}
