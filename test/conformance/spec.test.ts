/** conformance/SPEC.md and the cases say the same: every rule that a case names, and every case under its rules. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { cacheCases, storageCases } from "kvdal/conformance";
import { expect, test } from "vitest";
import { PROJECT_ROOT } from "../tidy/project.ts";

/** Rule ids of SPEC.md to the case ids that it lists under them. */
function readSpec(): ReadonlyMap<string, readonly string[]> {
  const text = readFileSync(join(PROJECT_ROOT, "conformance/SPEC.md"), "utf8");
  const rules = new Map<string, readonly string[]>();
  for (const section of text.split(/^### /m).slice(1)) {
    const [id = ""] = section.split("\n", 1);
    const listed = /^Cases:([^.]*)\.$/m.exec(section)?.[1] ?? "";
    rules.set(
      id,
      [...listed.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name),
    );
    const says = listed === "" ? "No case yet." : "Cases:";
    expect(section, `${id} says whether it has cases`).toContain(says);
  }
  return rules;
}

const spec = readSpec();
const cases = [...storageCases, ...cacheCases];

test("SPEC.md names each rule once, by an id of letters and a number", () => {
  const text = readFileSync(join(PROJECT_ROOT, "conformance/SPEC.md"), "utf8");
  const headings = [...text.matchAll(/^### (.*)$/gm)].map(([, id = ""]) => id);
  expect(headings.filter((id) => !/^[A-Z]+-\d+$/.test(id))).toEqual([]);
  expect(headings).toEqual([...spec.keys()]);
});

test("every rule that a case names is in SPEC.md", () => {
  const unknown = cases.flatMap(({ id, rules }) =>
    rules.filter((rule) => !spec.has(rule)).map((rule) => `${id}: ${rule}`),
  );
  expect(unknown).toEqual([]);
});

test.each([...spec])("%s lists the cases that name it", (rule, listed) => {
  const naming = cases.filter(({ rules }) => rules.includes(rule)).map(({ id }) => id);
  expect(listed).toEqual(naming);
});
