/** What a rule of the contract says, out of the document that has it. */
import { readFile } from "node:fs/promises";

const SPEC = new URL("../../conformance/SPEC.md", import.meta.url);

/** All of a rule but its tables, in one paragraph; undefined where there is no such document here, or no such rule. */
export async function ruleText(rule: string): Promise<string | undefined> {
  let spec: string;
  try {
    spec = await readFile(SPEC, "utf8");
  } catch {
    return undefined;
  }
  const [, after] = spec.split(`\n### ${rule}\n`);
  const [own] = after?.split(/\n(?:#|Cases:)/) ?? [];
  return own
    ?.replace(/^\|.*$/gm, "")
    .trim()
    .replace(/\s+/g, " ");
}
