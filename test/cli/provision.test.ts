/** `kvdal provision` on engines that need nothing but this process: what is made, what is refused, and how it is told. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { runProgram } from "../steps/run-program.ts";

const MAIN = join(import.meta.dirname, "../../src/cli/main.ts");
const folder = mkdtempSync(join(tmpdir(), "kvdal-provision-"));
const file = join(folder, "namespaces.yaml");
const database = join(folder, "db");
writeFileSync(
  file,
  `namespaces:
  - name: profiles
    persistence_configuration:
      - { id: PRIMARY_STORAGE, physical_storage: { type: ROCKSDB, cluster: r1 } }
      - { id: SHADOW_STORAGE, physical_storage: { type: MEMORY, cluster: m1 } }
  - name: too_large
    chunking: { above_bytes: 64MiB }
    persistence_configuration:
      - { id: PRIMARY_STORAGE, physical_storage: { type: MEMORY, cluster: m1 } }
`,
);

afterAll(() => rmSync(folder, { recursive: true }));

async function provision(...args: readonly string[]): Promise<{ code: number; output: string }> {
  const node = ["--conditions=kvdal-source", MAIN, "provision", ...args];
  const { code, output } = await runProgram(process.execPath, node, { output: "keep" });
  return { code: code ?? -1, output };
}

describe("kvdal provision", () => {
  test("says what is ready and what is refused", async () => {
    const { code, output } = await provision("--endpoint", `r1=${database}`, file);
    expect(output).toMatch(`ready        profiles: ${database} profiles, memory profiles\n`);
    expect(output).toMatch(/refused {6}too_large: memory too_large\n +\w+: namespace too_large: /);
    expect(code).toBe(1);
    expect(existsSync(database)).toBe(true);
  });

  test("says the same to programs", async () => {
    const { code, output } = await provision(file, "--json", "--endpoint", `r1=${database}`);
    expect(JSON.parse(output)).toMatchObject({
      ok: false,
      namespaces: [
        { namespace: "profiles", status: "ready", why: [] },
        { namespace: "too_large", status: "refused" },
      ],
    });
    expect(code).toBe(1);
  });

  test("wants an address for a database in a folder, and none of a stranger", async () => {
    const missing = await provision(file);
    expect(missing.output).toContain("--endpoint r1=FOLDER");
    const stray = await provision(file, "--endpoint", `r1=${database}`, "--endpoint", "x=y");
    expect(stray.output).toContain('--endpoint is of cluster "x", wanted one of: r1, m1');
    expect([missing.code, stray.code]).toEqual([2, 2]);
  });

  test("tells the flaws of a configuration as check does", async () => {
    const bad = join(folder, "bad.yaml");
    writeFileSync(bad, "naem: x\n");
    const { code, output } = await provision(bad);
    expect(output).toContain(`${bad}:1:1: naem is an unknown key`);
    expect(code).toBe(1);
  });
});
