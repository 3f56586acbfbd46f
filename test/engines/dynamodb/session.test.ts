/** What a service that misbehaves comes to: a stand-in over HTTP, and a session that leaves keys over. */
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { dynamodb } from "../../../src/engines/dynamodb/adapter.ts";
import { rowSortKey, itemKey } from "../../../src/engines/dynamodb/attributes.ts";
import { readKeys } from "../../../src/engines/dynamodb/read.ts";
import { rowItem } from "../../../src/engines/dynamodb/rows.ts";
import type { Session } from "../../../src/engines/dynamodb/session.ts";
import { KvError } from "../../../src/model/error.ts";
import { MILLISECOND, SECOND } from "../../../src/model/time.ts";
import { neverAborted } from "../../../src/ports/never-aborted.ts";
import type { StorageEngine } from "../../../src/ports/storage-engine.ts";
import { systemEnv } from "../../../src/system/env.ts";
import { runNative } from "../../../src/system/native.ts";
import { rejectionOf } from "../../fakes/error-of.ts";
import { settle, steppedEnv } from "../../fakes/stepped-env.ts";
import { bytes, expectFailure, put, putOf, text } from "../port-stage.ts";

const env = systemEnv();
const context = { env, native: runNative };
const RECORD = { table: "t_one", id: "r" };
const open: { server?: Server; engine?: StorageEngine } = {};

afterEach(async () => {
  await open.engine?.close();
  open.server?.closeAllConnections();
  open.server?.close();
});

/** An engine over a stand-in; how many requests came. */
async function against(
  answer: RequestListener,
): Promise<{ engine: StorageEngine; came: number[] }> {
  const came: number[] = [];
  const server = createServer((request, response) => {
    came.push(came.length);
    request.resume().once("end", () => answer(request, response));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const engine = await dynamodb({
    region: "us-east-1",
    endpoint: `http://127.0.0.1:${port}`,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  }).open(context);
  Object.assign(open, { server, engine });
  return { engine, came };
}

function callFor(micros: number) {
  const deadline = env.clock.monotonic() + micros;
  return { deadline, signal: neverAborted, consistency: "quorum", now: 0 } as const;
}

const failing =
  (status: number, type: string): RequestListener =>
  (_request, response) => {
    response.writeHead(status, { "content-type": "application/x-amz-json-1.0" });
    response.end(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}` }));
  };

const reset: RequestListener = (request) => request.socket.resetAndDestroy();
const babble: RequestListener = (_request, response) => response.end("<html>");

describe("one request a native call, whatever comes of it", () => {
  test.each([
    ["an internal error", failing(500, "InternalServerError"), "OUTCOME_UNKNOWN", "unknown"],
    ["unavailable", failing(503, "ServiceUnavailable"), "OUTCOME_UNKNOWN", "unknown"],
    ["throttled", failing(400, "ThrottlingException"), "OVERLOADED", "no"],
    ["throughput", failing(400, "ProvisionedThroughputExceededException"), "OVERLOADED", "no"],
    ["a reset in the middle", reset, "OUTCOME_UNKNOWN", "unknown"],
    ["an answer that is none", babble, "INTERNAL", "unknown"],
  ] as const)("%s", async (_name, answer, code, applied) => {
    const { engine, came } = await against(answer);
    const work = engine.write(RECORD, [putOf("k", "v", put(1))], callFor(5 * SECOND));
    expect((await expectFailure(work, code)).applied).toBe(applied);
    expect(came).toHaveLength(1);
  });

  test("no answer at all ends at the deadline", async () => {
    const { engine } = await against(() => undefined);
    const begun = env.clock.monotonic();
    const work = engine.write(RECORD, [putOf("k", "v", put(1))], callFor(100 * MILLISECOND));
    expect((await expectFailure(work, "DEADLINE_EXCEEDED")).applied).toBe("unknown");
    expect(env.clock.monotonic() - begun).toBeLessThan(3 * SECOND);
  });

  test("closing ends what is out, typed", async () => {
    const { engine, came } = await against(() => void open.engine?.close());
    const work = engine.write(RECORD, [putOf("k", "v", put(1))], callFor(5 * SECOND));
    expect((await expectFailure(work, "OUTCOME_UNKNOWN")).applied).toBe("unknown");
    expect(came).toHaveLength(1);
  });
});

describe("readKeys()", () => {
  const keys = ["a", "b", "c", "d"].map(bytes);
  const item = (key: Uint8Array) =>
    rowItem(
      "r",
      { key, value: key, metadata: key, version: put(1) },
      { nativeTtl: false, retention: undefined },
    );

  /** A session that hands over so many keys a request, from the back. */
  function handing(...portions: number[]): { session: Session; asked: number[] } {
    const asked: number[] = [];
    const session = {
      query: async () => ({ Items: [] }),
      batchGetItem: async (input: {
        RequestItems: Record<string, { Keys: { sk: { B: Uint8Array } }[] }>;
      }) => {
        const wanted = input.RequestItems["t_one"]?.Keys ?? [];
        asked.push(wanted.length);
        const left = wanted.slice(0, Math.max(0, wanted.length - (portions.shift() ?? 0)));
        const given = wanted.slice(left.length);
        const Responses = { t_one: given.map(({ sk }) => item(sk.B.slice(1))) };
        const rest = left.map(({ sk }) => itemKey("r", rowSortKey(sk.B.slice(1))));
        return { Responses, UnprocessedKeys: left.length === 0 ? {} : { t_one: { Keys: rest } } };
      },
    };
    return { session: session as unknown as Session, asked };
  }

  test("asks again for what was left over, also after an answer without anything", async () => {
    const { session, asked } = handing(1, 0, 2, 1);
    const read = { ...RECORD, keys, projection: "rows" } as const;
    const page = await readKeys(session, context, "t_one", read, callFor(SECOND));
    expect(page.rows.map((row) => text(row.key))).toEqual(["a", "b", "c", "d"]);
    expect(asked).toEqual([4, 3, 3, 1]);
  });

  test("waits no longer than the call has, or its caller wants, before it asks again", async () => {
    for (const end of ["deadline", "caller"] as const) {
      const world = steppedEnv();
      const { session, asked } = handing(0);
      const gone = new AbortController();
      const deadline = world.clock.monotonic() + 7 * MILLISECOND;
      const call = { ...callFor(SECOND), deadline, signal: gone.signal };
      const isOver = (): boolean => gone.signal.aborted || world.clock.monotonic() >= deadline;
      const checked: Session = {
        ...session,
        batchGetItem: async (input, given) => {
          if (isOver()) throw new KvError("CANCELLED", "scripted");
          return session.batchGetItem(input, given);
        },
      };
      const read = { ...RECORD, keys, projection: "rows" } as const;
      const answer = readKeys(checked, { env: world, native: runNative }, "t_one", read, call);
      const ended = rejectionOf(answer);
      await settle();
      if (end === "caller") gone.abort();
      else await world.advance(7 * MILLISECOND);
      expect((await ended)?.code).toBe("CANCELLED");
      expect(asked.length).toBeGreaterThan(0);
      expect(world.pendingTimers()).toBe(0);
    }
  });
});
