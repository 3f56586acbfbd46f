/** What a rule of the contract says, out of the document that has it. */
import { readFile } from "node:fs/promises";

const SPEC = new URL("../../conformance/SPEC.md", import.meta.url);

/** The first sentence of a rule; undefined where there is no such document here, or no such rule. */
export async function ruleText(rule: string): Promise<string | undefined> {
  let spec: string;
  try {
    spec = await readFile(SPEC, "utf8");
  } catch {
    return undefined;
  }
  const [, after] = spec.split(`\n### ${rule}\n`);
  const [paragraph] = after?.trim().split("\n\n") ?? [];
  const [sentence] = paragraph?.replace(/\s+/g, " ").split(/(?<=\.) /) ?? [];
  return sentence;
}
