/** Makes the mutants of a source text: StrykerJS's operators say what, and each is put into the text by itself. */
import { createHash } from "node:crypto";
import { Instrumenter } from "@stryker-mutator/instrumenter";
import type { MachineMutant, Site } from "./machine-mutant.ts";

const isOff = (): boolean => false;
const ignore = (): void => undefined;

/** It tells nothing that its answer does not say. */
const SILENT = {
  isTraceEnabled: isOff,
  isDebugEnabled: isOff,
  isInfoEnabled: isOff,
  isWarnEnabled: isOff,
  isErrorEnabled: isOff,
  isFatalEnabled: isOff,
  trace: ignore,
  debug: ignore,
  info: ignore,
  warn: ignore,
  error: ignore,
  fatal: ignore,
};

const OPTIONS = { ignorers: [], excludedMutations: [], plugins: null };

/** What the operators make of the text of that file, in its order. */
export async function makeMutants(file: string, source: string): Promise<readonly MachineMutant[]> {
  const instrumenter = new Instrumenter(SILENT);
  const text = { name: file, mutate: true, content: source };
  const { mutants } = await instrumenter.instrument([text], OPTIONS);
  const lines = lineStarts(source);
  const sites = mutants.map(({ mutatorName, location: { start, end }, replacement }): Site => {
    const from = (lines[start.line] ?? 0) + start.column;
    const to = (lines[end.line] ?? 0) + end.column;
    return {
      operator: mutatorName,
      start: from,
      end: to,
      line: start.line + 1,
      was: source.slice(from, to),
      becomes: isExpression(mutatorName, replacement) ? `(${replacement})` : replacement,
    };
  });
  return named(file, sites);
}

/** Whether it is wording for people, of an error mostly: no caller may conclude anything from it. */
export function isWording({ operator, was }: Site): boolean {
  return operator === "StringLiteral" && was.includes(" ");
}

/** What is no statement stands in brackets: its neighbours may bind closer. */
function isExpression(operator: string, replacement: string): boolean {
  return (
    operator !== "BlockStatement" &&
    replacement !== ";" &&
    !/^(?:case\b|default:)/.test(replacement)
  );
}

/** Equal changes of equal texts in one file are numbered. */
function named(file: string, sites: readonly Site[]): readonly MachineMutant[] {
  const seen = new Map<string, number>();
  return sites.map((site) => {
    const what = [file, site.operator, site.was, site.becomes].join("\0");
    const turn = seen.get(what) ?? 0;
    seen.set(what, turn + 1);
    const hash = createHash("sha256").update(`${what}\0${turn}`).digest("hex");
    const place = file.replace(/^src\//, "").replace(/\.ts$/, "");
    return { ...site, name: `${place}:${hash.slice(0, 8)}`, file };
  });
}

function lineStarts(source: string): readonly number[] {
  const starts = [0];
  for (let at = source.indexOf("\n"); at !== -1; at = source.indexOf("\n", at + 1)) {
    starts.push(at + 1);
  }
  return starts;
}
