/** Why mutants survived, as people found: a file beside the kept hunts. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Hunted } from "./hunted.ts";

/**
 * `equivalent`: nobody can tell it from the code as it is; `why` is the proof. `blind`: no world does what would show
 * it. `oracle`: worlds do it, and nothing looks. `outside`: nothing that a caller may conclude anything from, such as
 * telemetry.
 */
export const TRIAGE_CLASSES = ["equivalent", "blind", "oracle", "outside"] as const;

/** One of them. */
export type TriageClass = (typeof TRIAGE_CLASSES)[number];

/** What is known of one mutant that survived. */
export type Triaged = {
  readonly name: string;
  readonly class: TriageClass;
  readonly why: string;
};

const FOLDER = new URL("../../../sim/mutants/machine/", import.meta.url);

/** The hunts of all mutants that are kept in the tree. */
export const KEPT_HUNTS: string = fileURLToPath(new URL("hunted.jsonl", FOLDER));

/** What the tree says of survivors. */
export function readTriage(): readonly Triaged[] {
  return JSON.parse(readFileSync(new URL("triage.json", FOLDER), "utf8")) as readonly Triaged[];
}

/** Mutants counted by what became of them. */
export type Score = {
  readonly mutants: number;
  readonly killed: number;
  readonly survived: number;
  readonly notCovered: number;
  readonly classes: Readonly<Record<TriageClass, number>>;
  /** Survivors of which nobody knows why. */
  readonly untriaged: number;
  /** Killed of all that are not equivalent. */
  readonly share: number;
  /** Killed of those from which a caller may conclude something, too. */
  readonly shareInside: number;
};

/** The count. What is said of a mutant that was killed counts for nothing. */
export function scoreOf(hunted: readonly Hunted[], triage: readonly Triaged[]): Score {
  const left = hunted.filter(({ status }) => status !== "killed");
  const classOf = new Map(triage.map((one) => [one.name, one.class]));
  const count = (wanted: TriageClass | undefined): number =>
    left.filter(({ name }) => classOf.get(name) === wanted).length;
  const [equivalent, blind, oracle, outside] = TRIAGE_CLASSES.map(count) as [
    number,
    number,
    number,
    number,
  ];
  const killed = hunted.length - left.length;
  return {
    mutants: hunted.length,
    killed,
    survived: left.filter(({ status }) => status === "survived").length,
    notCovered: left.filter(({ status }) => status === "not covered").length,
    classes: { equivalent, blind, oracle, outside },
    untriaged: count(undefined),
    share: killed / (hunted.length - equivalent),
    shareInside: killed / (hunted.length - equivalent - outside),
  };
}
