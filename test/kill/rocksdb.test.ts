/** PUT-3 on RocksDB: the process that embeds it is killed again and again, and nothing it acknowledged is gone. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROCKSDB_CAPABILITIES } from "../../src/engines/rocksdb/adapter.ts";
import { KILLS_TIMEOUT, killAmidChunkedPuts } from "./amid-chunked-puts.ts";
import { missingAfter } from "./judge-writes.ts";
import { runWriter } from "./run-writer.ts";

test("kill -9 of the embedding process takes nothing that was acknowledged", async () => {
  const path = await mkdtemp(join(tmpdir(), "kvdal-kill-"));
  const store = { engine: "rocksdb", path } as const;
  const kills = [1, 40, 300];
  let first = 1;
  for (const after of kills) {
    const plan = { store, first, valueBytes: 3000 };
    const said = await runWriter(plan, (count, writer) => {
      if (count === after) writer.kill();
    });
    expect(said.failed).toBeUndefined();
    expect(said.done.length).toBeGreaterThanOrEqual(after);
    expect(await missingAfter(plan, said)).toEqual([]);
    first = (said.begun.at(-1) ?? 0) + 1;
  }
  await rm(path, { recursive: true });
});

test(
  "kill -9 amid chunked puts takes, and tears, nothing; what was staged in vain is collected",
  async () => {
    const path = await mkdtemp(join(tmpdir(), "kvdal-kill-"));
    await killAmidChunkedPuts({ engine: "rocksdb", path });
    await rm(path, { recursive: true });
  },
  KILLS_TIMEOUT,
);

test("the engine declares as much", () => {
  expect(ROCKSDB_CAPABILITIES.durability.processKill).toBe("nothing");
});
