/** `kvdal provision` on a real Cassandra, named by KVDAL_CASSANDRA: keyspace, table, order, and the refusals. */
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "cassandra-driver";
import { afterAll, describe, expect, test } from "vitest";
import { runProgram } from "../steps/run-program.ts";

const MAIN = join(import.meta.dirname, "../../src/cli/main.ts");
const endpoint = process.env["KVDAL_CASSANDRA"] ?? "";
const keyspace = `provision_${randomUUID().slice(0, 8)}`;
const folder = mkdtempSync(join(tmpdir(), "kvdal-provision-"));
const file = join(folder, "namespaces.yaml");
const skipped = endpoint === "" ? " (skipped: KVDAL_CASSANDRA is not set)" : "";

async function provision(order: string, ...args: readonly string[]): Promise<string> {
  writeFileSync(
    file,
    `name: profiles
order: ${order}
persistence_configuration:
  - id: PRIMARY_STORAGE
    physical_storage: { type: CASSANDRA, cluster: c1, dataset: ${keyspace}, table: profiles_1 }
`,
  );
  const node = ["--conditions=kvdal-source", MAIN, "provision", file, ...args];
  const { code, output } = await runProgram(process.execPath, node, { output: "keep" });
  return `${code} ${output}`;
}

describe.skipIf(endpoint === "")(`kvdal provision on cassandra${skipped}`, () => {
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    const [host = "", port] = endpoint.split(":");
    const client = new Client({
      contactPoints: [host],
      protocolOptions: { port: Number(port) },
      localDataCenter: "datacenter1",
    });
    await client.execute(`DROP KEYSPACE IF EXISTS ${keyspace}`);
    await client.shutdown();
  });

  test("makes keyspace and table when it may, and refuses the other order", async () => {
    const at = ["--endpoint", `c1=${endpoint}`];
    expect(await provision("descending", ...at)).toMatch(
      /^1 refused[^]*Keyspace '\w+' doesn't exist/,
    );
    const made = `0 ready        profiles: ${endpoint} profiles_1\n`;
    expect(await provision("descending", ...at, "--copies", "1")).toBe(made);
    expect(await provision("descending", ...at)).toBe(made);
    expect(await provision("ascending", ...at)).toMatch(/^1 refused[^]*clustering desc, wanted/);
  });

  test("ends with exit code 3 where there is none", async () => {
    const answer = await provision("descending", "--endpoint", "c1=127.0.0.1:1");
    expect(answer).toMatch(/^3 unavailable[^]*no connection to 127\.0\.0\.1/);
  });
});
