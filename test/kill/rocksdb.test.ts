/** PUT-3 on RocksDB: the process that embeds it is killed again and again, and nothing it acknowledged is gone. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROCKSDB_CAPABILITIES } from "../../src/engines/rocksdb/adapter.ts";
import { CHUNK_BYTES } from "./embedded-store.ts";
import { chunksLeft, missingAfter } from "./judge-writes.ts";
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

test("kill -9 amid chunked puts takes, and tears, nothing; what was staged in vain is collected", async () => {
  const path = await mkdtemp(join(tmpdir(), "kvdal-kill-"));
  const store = { engine: "rocksdb", path } as const;
  const chunks = 20;
  const valueBytes = chunks * CHUNK_BYTES;
  const kills = Number(process.env["KVDAL_KILLS"] ?? 6);
  let plan = { store, first: 1, valueBytes };
  for (let kill = 0; kill < kills; kill += 1) {
    const said = await runWriter(plan, (count, writer) => {
      if (count === 2) setTimeout(writer.kill, Math.random() * 60);
    });
    expect(said.failed).toBeUndefined();
    expect(await missingAfter(plan, said)).toEqual([]);
    plan = { ...plan, first: (said.begun.at(-1) ?? 0) + 1 };
  }
  const left = await chunksLeft(plan, plan.first);
  expect(left.values).toBeGreaterThanOrEqual(2 * kills);
  expect(left.chunks).toBe(left.values * chunks);
  await rm(path, { recursive: true });
}, 600_000);

test("the engine declares as much", () => {
  expect(ROCKSDB_CAPABILITIES.durability.processKill).toBe("nothing");
});
