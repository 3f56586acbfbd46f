/** From a kept plan to the text of its file: JSON, bytes in hexadecimal, what fits on a line on one line. */
import { toHex } from "kvdal";
import { type KeptPlan, PLAN_FILE_VERSION } from "./kept-plan.ts";

/** The text of a plan file. */
export function encodePlanFile(kept: KeptPlan): string {
  const { failure, fingerprint, engine, cache, mutant, code, reason, plan } = kept;
  const file = {
    format: "kvdal-plan",
    version: PLAN_FILE_VERSION,
    failure,
    fingerprint,
    engine,
    cache,
    mutant,
    code,
    reason,
    plan: { ...plan, keys: plan.keys.map(toHex) },
  };
  return `${layOut(file, "")}\n`;
}

/** Longest line that a group is written on. */
const LINE_MAX = 120;

function layOut(value: unknown, indent: string): string {
  const line = JSON.stringify(value, noneAsNull);
  if (typeof value !== "object" || value === null) return line;
  if (line.length + indent.length <= LINE_MAX) return line;
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const lines = value.map((each) => `${inner}${layOut(each, inner)}`);
    return `[\n${lines.join(",\n")}\n${indent}]`;
  }
  const lines = Object.entries(value).map(
    ([name, each]) => `${inner}${JSON.stringify(name)}: ${layOut(each, inner)}`,
  );
  return `{\n${lines.join(",\n")}\n${indent}}`;
}

/** What is none of something is said, too. */
function noneAsNull(_name: string, value: unknown): unknown {
  return value === undefined ? null : value;
}
