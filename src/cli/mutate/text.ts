/** Machine-made mutants and what became of them, as text. */
import type { Hunted, Killer } from "./hunted.ts";
import type { MutateHead } from "./state-file.ts";
import type { Score, Triaged } from "./triage.ts";

const KILLERS: readonly Killer[] = ["oracle", "silence", "exception", "time-out"];

/** A mutant's line. */
export function huntedLine(hunted: Hunted, triaged: Triaged | undefined): string {
  const { name, line, operator, status, by, rule, kind, seed, worlds } = hunted;
  const head = `${status.padEnd(11)}  ${name}  line ${line}  ${operator}`;
  if (status === "killed") {
    return `${head}: ${by}${rule === null ? "" : ` ${rule}`}, ${kind} world ${seed}, after ${worlds}`;
  }
  const why = triaged === undefined ? "NOT TRIAGED" : `${triaged.class}: ${triaged.why}`;
  const what = status === "survived" ? ` in ${worlds} worlds` : "";
  return `${head}${what}: ${hunted.was} → ${hunted.becomes}\n             ${why}`;
}

/** Counts by operator and by folder, then the score. */
export function scoreLines(
  hunted: readonly Hunted[],
  score: Score,
  { drawn, made, wording }: MutateHead,
): readonly string[] {
  const { mutants, killed, survived, notCovered, classes, untriaged } = score;
  const ways = KILLERS.map((by) => `${by} ${hunted.filter((one) => one.by === by).length}`);
  return [
    "",
    ...table("Operator", hunted, ({ operator }) => operator),
    "",
    ...table("Folder", hunted, ({ file }) => file.slice(0, file.lastIndexOf("/"))),
    "",
    `${drawn} mutants drawn of ${made}; ${wording} more of wording for people are left out.`,
    `${killed} of ${mutants} killed (${ways.join(", ")}), ${survived} survived, ${notCovered} not covered.`,
    `Triage: ${Object.entries(classes)
      .map(([name, count]) => `${name} ${count}`)
      .join(", ")}${untriaged === 0 ? "" : `, NOT TRIAGED ${untriaged}`}.`,
    `Killed of those that are not equivalent: ${percent(score.share)}; without those outside the contract: ${percent(score.shareInside)}.`,
  ];
}

function table(
  title: string,
  hunted: readonly Hunted[],
  keyOf: (hunted: Hunted) => string,
): readonly string[] {
  const keys = [...new Set(hunted.map(keyOf))].toSorted();
  const row = (key: string): string => {
    const own = hunted.filter((one) => keyOf(one) === key);
    const count = (status: Hunted["status"]): string =>
      String(own.filter((one) => one.status === status).length).padStart(9);
    const columns = [count("killed"), count("survived"), count("not covered")];
    return `${key.padEnd(22)}${String(own.length).padStart(8)}${columns.join("")}`;
  };
  return [`${title.padEnd(22)} mutants   killed survived  not run`, ...keys.map(row)];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
