/** A list that is done is noted before its content goes, where rows of one write may fail one by one. */
import { expect, test } from "vitest";
import { KvError } from "../../src/model/error.ts";
import type { Log } from "../../src/namespace/log.ts";
import { neverAborted } from "../../src/ports/never-aborted.ts";
import type { Mutation } from "../../src/ports/storage-engine.ts";
import { writeDone } from "../../src/service/list-state.ts";

const TOKEN = { generationTime: 1_000, nonce: new Uint8Array(16) };
const CALL = { deadline: 1, signal: neverAborted, consistency: "quorum", now: 2_000 } as const;

/** A log over an engine that writes so, and refuses every put; the kinds of what it was asked to write, call by call. */
function refusing(atomicWrite: "record" | "item"): { log: Log; asked: string[][] } {
  const asked: string[][] = [];
  const error = new KvError("OVERLOADED", "throttled", { applied: "no" });
  const engine = {
    capabilities: { atomicWrite },
    write: async (_partition: unknown, mutations: readonly Mutation[]) => {
      asked.push(mutations.map(({ kind }) => kind));
      return mutations.map(({ kind }) =>
        kind === "put" ? { kind: "failed", error } : { kind: "accepted" },
      );
    },
  };
  return { log: { engine, table: "log", statusMicros: 10 } as unknown as Log, asked };
}

test("item by item: content stays while the note is not written", async () => {
  const { log, asked } = refusing("item");
  await expect(writeDone(log, TOKEN, 1, CALL)).rejects.toThrow("throttled");
  expect(asked).toEqual([["put"]]);
});

test("all at once: one write", async () => {
  const { log, asked } = refusing("record");
  await expect(writeDone(log, TOKEN, 1, CALL)).rejects.toThrow("throttled");
  expect(asked).toEqual([["put", "delete_range", "delete_range"]]);
});
