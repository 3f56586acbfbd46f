/**
 * The fidelity check where no server is needed: simulated replicas and RocksDB against the engine in memory. And that
 * it can fail: an engine with a flaw is told from a sound one, by few operations.
 */
import { checkFidelity, openStoragePair, replicated } from "kvdal/sim";
import { describe, expect, test } from "vitest";
import { runFidelity } from "../../src/cli/run-fidelity.ts";
import { memory } from "../../src/engines/memory/adapter.ts";
import { compareVersions, type Version } from "../../src/model/version.ts";
import { SECOND } from "../../src/model/time.ts";
import type { EngineAdapter, Row, StorageEngine } from "../../src/ports/storage-engine.ts";
import { systemEnv } from "../../src/system/env.ts";

const LISTS = 100;

test.each(["memory-rocksdb", "memory-replicated"])("%s: no difference", async (pair) => {
  const report = await runFidelity(pair, { lists: LISTS, seed: 1 });
  expect(report.differences).toEqual([]);
  expect(report.operations).toBeGreaterThan(5 * LISTS);
});

type Change = (engine: StorageEngine) => Partial<StorageEngine>;

/** An engine with something in place of one of its verbs. */
function flawed(change: Change, adapter = replicated()): EngineAdapter {
  return {
    name: "flawed",
    open: async (context) => {
      const engine = await adapter.open(context);
      return { ...engine, ...change(engine) };
    },
  };
}

const FLAWS: Readonly<Record<string, EngineAdapter>> = {
  "a deletion of a range that is lost": flawed((engine) => ({
    write: async (partition, mutations, call) => {
      const kept = mutations.filter(({ kind }) => kind !== "delete_range");
      if (kept.length > 0) await engine.write(partition, kept, call);
      return mutations.map(() => ({ kind: "accepted" }));
    },
  })),
  "a page that leaves out its last row": flawed((engine) => ({
    readRange: async (read, call) => {
      const page = await engine.readRange(read, call);
      return { ...page, rows: page.rows.slice(0, Math.max(1, page.rows.length - 1)) };
    },
  })),
  "a row of a version of its own": flawed((engine) => ({
    readKeys: async (read, call) => {
      const page = await engine.readKeys(read, call);
      const rows = page.rows.map((row) => {
        const version = { ...row.version, nonce: new Uint8Array(16) };
        return compareVersions(version, row.version) === 0 ? row : { ...row, version };
      });
      return { ...page, rows };
    },
  })),
};

/** An engine whose rows come back changed, whatever reads them. */
function rowsChanged(change: (row: Row) => Row): EngineAdapter {
  return flawed((engine) => ({
    readKeys: async (read, call) => {
      const page = await engine.readKeys(read, call);
      return { ...page, rows: page.rows.map(change) };
    },
    readRange: async (read, call) => {
      const page = await engine.readRange(read, call);
      return { ...page, rows: page.rows.map(change) };
    },
    scan: async (read, call) => {
      const page = await engine.scan(read, call);
      return { ...page, entries: page.entries.map(({ id, row }) => ({ id, row: change(row) })) };
    },
  }));
}

function versionsChanged(change: (version: Version) => Partial<Version>): EngineAdapter {
  return rowsChanged((row) => ({ ...row, version: { ...row.version, ...change(row.version) } }));
}

const ROW_FLAWS: Readonly<Record<string, EngineAdapter>> = {
  "a time that is one later": versionsChanged(({ time }) => ({ time: time + 1 })),
  "an expiry that is a second later": versionsChanged(({ expiry }) => {
    return { expiry: expiry === 0 ? 0 : expiry + SECOND };
  }),
  "a nonce that ends otherwise": versionsChanged(({ nonce }) => ({ nonce: nonce.with(15, 0) })),
  "a long value whose last byte is another": rowsChanged((row) => {
    const { value } = row;
    return value.length > 40 ? { ...row, value: value.with(value.length - 1, 0) } : row;
  }),
};

describe("finds", () => {
  test.each(Object.entries({ ...FLAWS, ...ROW_FLAWS }))("%s", async (_name, adapter) => {
    const env = systemEnv();
    const pair = await openStoragePair({
      name: "flawed",
      adapters: [memory(), adapter],
      env,
      table: "fidelity",
      samePages: false,
    });
    const report = await checkFidelity(pair, { lists: LISTS, seed: 1, parallel: 4, env });
    await pair.close();
    expect(report.differences.length).toBeGreaterThan(0);
    const lengths = report.differences.map(({ operations }) => operations.length);
    expect(Math.min(...lengths)).toBeLessThanOrEqual(3);
  });
});

describe("of one adapter on both sides", () => {
  const differences = async (change: Change, samePages: boolean): Promise<number> => {
    const env = systemEnv();
    const adapters = [memory(), flawed(change, memory())] as const;
    const pair = await openStoragePair({ name: "same", adapters, env, table: "same", samePages });
    const report = await checkFidelity(pair, { lists: LISTS, seed: 1, parallel: 4, env });
    await pair.close();
    return report.differences.length;
  };
  const pageEndsEarly: Change = (engine) => ({
    readRange: async (read, call) => {
      const page = await engine.readRange(read, call);
      if (page.rows.length < 2) return page;
      const rows = page.rows.slice(0, -1);
      return { ...page, rows, resumeAfter: rows.at(-1)?.key };
    },
  });
  const supersededIsApplied: Change = (engine) => ({
    write: async (partition, mutations, call) => {
      const outcomes = await engine.write(partition, mutations, call);
      return outcomes.map((outcome) =>
        outcome.kind === "superseded" ? { kind: "applied" } : outcome,
      );
    },
  });

  test("finds a page that ends one row early, and only where pages are to end alike", async () => {
    expect(await differences(pageEndsEarly, true)).toBeGreaterThan(0);
    expect(await differences(pageEndsEarly, false)).toBe(0);
  });

  test("finds an outcome that is another", async () => {
    expect(await differences(supersededIsApplied, true)).toBeGreaterThan(0);
    expect(await differences(() => ({}), true)).toBe(0);
  });
});
