/** The way to the driver: what goes with a request, and pages that are empty without being the last. */
import { expect, test } from "vitest";
import { createSession, type Session } from "../../../src/engines/cassandra/session.ts";
import { MINUTE, SECOND } from "../../../src/model/time.ts";
import { neverAborted } from "../../../src/ports/never-aborted.ts";
import type { EngineCall } from "../../../src/ports/storage-engine.ts";
import { systemEnv } from "../../../src/system/env.ts";

const env = systemEnv();
const retry = {};

type Options = Readonly<Record<string, unknown>>;
type Answer = { readonly rows: readonly object[]; readonly pageState?: string };

/** A session whose driver gives these answers, and the options it was called with. */
function sessionOf(answers: Answer[], timeoutMillisMin = 0) {
  const options: Options[] = [];
  const labels: string[] = [];
  const client = {
    execute: async (_query: string, _params: unknown, given: Options) => {
      options.push(given);
      return answers.shift() ?? { rows: [] };
    },
    shutdown: async () => undefined,
  };
  const session: Session = createSession(
    client as never,
    {
      env,
      native: async (label, thunk) => {
        labels.push(label);
        return await thunk();
      },
    },
    { timeoutMillisMin, retry: retry as never },
  );
  return { session, options, labels };
}

const call = (changes: Partial<EngineCall> = {}): EngineCall => ({
  deadline: env.clock.monotonic() + MINUTE,
  signal: neverAborted,
  consistency: "quorum",
  now: 0,
  ...changes,
});
const statement = { query: "SELECT", params: ["r"] };

test("an empty page with a paging state is not the end, each page is one native call", async () => {
  const { session, options, labels } = sessionOf([
    { rows: [], pageState: "aa" },
    { rows: [{ n: 1 }], pageState: "bb" },
    { rows: [], pageState: "cc" },
    { rows: [{ n: 2 }] },
  ]);
  expect(await session.select(statement, 10, call())).toEqual([{ n: 1 }, { n: 2 }]);
  expect(labels).toEqual(["select", "select", "select", "select"]);
  expect(options.map(({ pageState }) => pageState)).toEqual([undefined, "aa", "bb", "cc"]);
});

test("a deadline that passes between two pages ends the read, with nothing sent after it", async () => {
  const { session, labels } = sessionOf(
    Array.from({ length: 1e5 }, () => ({ rows: [], pageState: "aa" })),
  );
  const soon = call({ deadline: env.clock.monotonic() + SECOND / 50 });
  await expect(session.select(statement, 10, soon)).rejects.toMatchObject({
    code: "DEADLINE_EXCEEDED",
    applied: "no",
  });
  expect(labels.length).toBeGreaterThan(0);
});

test("every request is prepared, idempotent, not retried, and has what is left of the deadline", async () => {
  const { session, options } = sessionOf([]);
  await session.select(statement, 7, call({ deadline: env.clock.monotonic() + 3 * SECOND }));
  await session.select(statement, 7, call({ consistency: "eventual" }));
  expect(options[0]).toMatchObject({
    prepare: true,
    isIdempotent: true,
    autoPage: false,
    fetchSize: 7,
    consistency: 6,
  });
  expect(options[0]?.["retry"]).toBe(retry);
  expect(options[0]?.["readTimeout"]).toBeGreaterThan(2000);
  expect(options[0]?.["readTimeout"]).toBeLessThanOrEqual(3000);
  expect(options[1]).toMatchObject({ consistency: 10 });
});

test("a floor keeps the time-out up where the clock stands still", async () => {
  const { session, options } = sessionOf([], 9000);
  await session.select(statement, 7, call({ deadline: env.clock.monotonic() + SECOND }));
  expect(options[0]).toMatchObject({ readTimeout: 9000 });
});

test("after close nothing is sent", async () => {
  const { session, labels } = sessionOf([]);
  await session.close();
  await session.close();
  await expect(session.mutate([statement], call())).rejects.toMatchObject({ code: "UNAVAILABLE" });
  expect(labels).toEqual([]);
});

test("a call ends at its deadline, though the driver is still preparing its statement", async () => {
  const { session } = sessionOf([]);
  const hanging = createSession(
    { execute: () => new Promise(() => undefined) } as never,
    { env, native: async (_label, thunk) => await thunk() },
    { timeoutMillisMin: 0, retry: retry as never },
  );
  const begun = env.clock.monotonic();
  const soon = call({ deadline: begun + SECOND / 20 });
  const late = hanging.mutate([statement], soon);
  await expect(late).rejects.toMatchObject({ code: "DEADLINE_EXCEEDED", applied: "unknown" });
  expect(env.clock.monotonic() - begun).toBeLessThan(SECOND);
  await session.close();
});

test.each([
  ["eventual", 10],
  ["quorum", 6],
  ["global_quorum", 4],
] as const)(
  "%s is level %d of the native protocol, of reads and writes alike",
  async (level, code) => {
    const { session, options } = sessionOf([]);
    await session.select(statement, 1, call({ consistency: level }));
    await session.mutate([statement], call({ consistency: level }));
    expect(options.map(({ consistency }) => consistency)).toEqual([code, code]);
  },
);
