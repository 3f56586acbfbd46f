/** `kvdal namespaces check`: what was understood, or every flaw, for people and for programs. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { NGSEGMENT } from "../namespace/ngsegment.ts";
import { runProgram } from "../steps/run-program.ts";

const MAIN = join(import.meta.dirname, "../../src/cli/main.ts");
const folder = mkdtempSync(join(tmpdir(), "kvdal-namespaces-"));
const good = join(folder, "ngsegment.yaml");
const bad = join(folder, "bad.yaml");
writeFileSync(good, NGSEGMENT);
writeFileSync(bad, "ordr: descending\npersistence_configuration: []\n");

afterAll(() => rmSync(folder, { recursive: true }));

async function check(...args: readonly string[]): Promise<{ code: number; output: string }> {
  const node = ["--conditions=kvdal-source", MAIN, "namespaces", "check", ...args];
  const { code, output } = await runProgram(process.execPath, node, { output: "keep" });
  return { code: code ?? -1, output };
}

describe("kvdal namespaces check", () => {
  test("says what was understood", async () => {
    const { code, output } = await check(good);
    expect(code).toBe(0);
    expect(output).toBe(
      "ngsegment: ascending, LOCAL READ_YOUR_WRITES\n" +
        "  primary cassandra_kv_ngsegment/ngsegment.ngsegment (CASSANDRA)\n" +
        "  cache   evcache_kv_ngsegment (CACHE)\n" +
        `${good}: 1 namespace, no flaw\n`,
    );
  });

  test("says every flaw, and ends with exit code 1", async () => {
    const { code, output } = await check(bad);
    expect(code).toBe(1);
    expect(output).toBe(
      `${bad}:1:1: ordr is an unknown key, wanted a known one; did you mean order?\n` +
        `${bad}: 1 flaw\n`,
    );
  });

  test("says the same to programs", async () => {
    const { code, output } = await check(bad, "--json");
    expect(code).toBe(1);
    expect(JSON.parse(output)).toMatchObject({
      ok: false,
      namespaces: [],
      problems: [{ path: "ordr", line: 1, column: 1, found: "an unknown key" }],
    });
    const fine = await check(good, "--json");
    expect(JSON.parse(fine.output)).toMatchObject({ ok: true, problems: [] });
  });
});
