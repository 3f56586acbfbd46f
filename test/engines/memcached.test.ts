/**
 * memcached behind memjs, against a server that misbehaves: each failure that memjs handles badly by itself must
 * end in a typed error by the deadline, leave the next call in order, and put no mutation on the wire twice.
 */
import { Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { memcached, type MemcachedOptions } from "../../src/engines/memcached/adapter.ts";
import { Connection } from "../../src/engines/memcached/connection.ts";
import { hashKey } from "../../src/engines/memcached/hash-key.ts";
import { unwrap, wrap } from "../../src/engines/shared/cache-envelope.ts";
import { utf8 } from "../../src/model/bytes.ts";
import { KvError } from "../../src/model/error.ts";
import { DAY, MILLISECOND, MINUTE, SECOND } from "../../src/model/time.ts";
import type { CacheEngine } from "../../src/ports/cache-engine.ts";
import type { Native } from "../../src/ports/storage-engine.ts";
import { systemEnv } from "../../src/system/env.ts";
import { runNative } from "../../src/system/native.ts";
import { failure, lookUp, within } from "./cache-cases.ts";
import {
  ADD,
  answerEmpty,
  DELETE,
  type FakeMemcached,
  type FakeRequest,
  GET,
  SET,
  startFake,
} from "./fake-memcached.ts";

const key = utf8("key");
const value = utf8("value");
const cleanUps: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

async function open(options: MemcachedOptions, native: Native = runNative): Promise<CacheEngine> {
  const cache = await memcached(options).open({ env: systemEnv(), native });
  cleanUps.push(cache.close);
  return cache;
}

async function fake(handle: (request: FakeRequest) => void): Promise<FakeMemcached> {
  const server = await startFake(handle);
  cleanUps.push(server.close);
  return server;
}

/** Answers lookups of `key` with its value, and all else with success. */
function answerWell(request: FakeRequest): void {
  const stored = request.opcode === GET ? wrap(key, value) : new Uint8Array(0);
  request.socket.write(request.answer(0, stored));
}

function sent(server: FakeMemcached, opcode: number): number {
  return server.requests.filter((request) => request.opcode === opcode).length;
}

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !condition(); i += 1) await wait(10);
  expect(condition()).toBe(true);
}

describe("memcached, silence and lost contact", () => {
  test("a set without an answer fails at its deadline, is on the wire once, and its connection ends", async () => {
    const server = await fake(() => undefined);
    const cache = await open({ endpoint: server.endpoint });
    const start = performance.now();
    const error = await failure(
      cache.set(key, value, MINUTE, within(80 * MILLISECOND)),
      "DEADLINE_EXCEEDED",
    );
    expect(error.applied).toBe("unknown");
    expect(performance.now() - start).toBeLessThan(1000);
    await until(() => server.connections().open === 0);
    await wait(700);
    expect(sent(server, SET)).toBe(1);
  });

  test("a get without an answer was certainly not applied, and the next one goes by a new connection", async () => {
    const server = await fake((request) => {
      if (request.connection > 0) answerWell(request);
    });
    const cache = await open({ endpoint: server.endpoint });
    const error = await failure(cache.get(key, within(50 * MILLISECOND)), "DEADLINE_EXCEEDED");
    expect(error.applied).toBe("no");
    expect(await lookUp(cache, key)).toBe("value");
    expect(server.connections().made).toBe(2);
  });

  test("requests in flight are rejected at once when the server hangs up", async () => {
    let hangUp = true;
    const server = await fake((request) => {
      if (!hangUp) answerWell(request);
      else if (server.requests.length === 6) request.socket.end();
    });
    const cache = await open({ endpoint: server.endpoint });
    const start = performance.now();
    const gets = Array.from({ length: 3 }, async () => await cache.get(key, within()));
    const sets = Array.from(
      { length: 3 },
      async () => await cache.set(key, value, MINUTE, within()),
    );
    for (const get of gets) expect((await failure(get, "UNAVAILABLE")).applied).toBe("no");
    for (const set of sets) expect((await failure(set, "OUTCOME_UNKNOWN")).applied).toBe("unknown");
    expect(performance.now() - start).toBeLessThan(2000);
    hangUp = false;
    expect(await lookUp(cache, key)).toBe("value");
    await wait(500);
    expect(sent(server, SET)).toBe(3);
  });

  test("so are they when the server resets the connection", async () => {
    const server = await fake((request) => {
      if (request.connection === 0) request.socket.resetAndDestroy();
      else answerWell(request);
    });
    const cache = await open({ endpoint: server.endpoint });
    await failure(cache.set(key, value, MINUTE, within()), "OUTCOME_UNKNOWN");
    expect(await cache.set(key, value, MINUTE, within())).toEqual({ kind: "stored" });
    // Left alone, memjs sends what failed again, 0.2 s later.
    await wait(700);
    expect(sent(server, SET)).toBe(2);
  });

  test("a server that hangs up while nothing is out is met by a new connection", async () => {
    const server = await fake(answerWell);
    const cache = await open({ endpoint: server.endpoint });
    expect(await lookUp(cache, key)).toBe("value");
    server.requests[0]?.socket.end();
    await until(() => server.connections().open === 0);
    expect(await lookUp(cache, key)).toBe("value");
    expect(server.connections().made).toBe(2);
  });

  test("no server: unavailable at once, certainly not applied; and found when it comes", async () => {
    const gone = await startFake(answerWell);
    await gone.close();
    const cache = await open({ endpoint: gone.endpoint });
    for (let i = 0; i < 3; i += 1) {
      const error = await failure(cache.set(key, value, MINUTE, within()), "UNAVAILABLE");
      expect(error.applied).toBe("no");
    }
    const back = await startFake(answerWell, Number(gone.endpoint.split(":")[1]));
    cleanUps.push(back.close);
    expect(await lookUp(cache, key)).toBe("value");
    await wait(700);
    expect(back.requests.map(({ opcode }) => opcode)).toEqual([GET]);
  });

  test("a connection that is not made in one caller's time ends for all: nothing is sent late", async () => {
    const never = new Promise<never>(() => undefined);
    const send = async (): Promise<never> => await never;
    const socket = new Socket();
    const client = { get: send, set: send, add: send, delete: send };
    const connection = new Connection(() => ({ client, server: { _socket: socket } }));
    const abandon: ((error: KvError) => void)[] = [];
    const waiting = [true, false].map(async (mutates) => {
      await connection.run({ mutates, send }, (give) => abandon.push(give));
    });
    const settled = [
      failure(waiting[0]!, "DEADLINE_EXCEEDED"),
      failure(waiting[1]!, "UNAVAILABLE"),
    ];
    abandon[0]?.(new KvError("DEADLINE_EXCEEDED", "late"));
    await Promise.all(settled);
    expect(connection.ended).toBe(true);
    expect(socket.destroyed).toBe(true);
  });
});

describe("memcached, answers cut, late or odd", () => {
  test.each(["hangs up", "falls silent"])(
    "an answer is cut in its value and the server %s: the next answers are right",
    async (manner) => {
      const server = await fake((request) => {
        if (request.connection > 0) return answerWell(request);
        const whole = request.answer(0, wrap(key, value));
        request.socket.write(whole.subarray(0, whole.length - 3));
        if (manner === "hangs up") request.socket.end();
      });
      const cache = await open({ endpoint: server.endpoint });
      const code = manner === "hangs up" ? "UNAVAILABLE" : "DEADLINE_EXCEEDED";
      await failure(cache.get(key, within(200 * MILLISECOND)), code);
      for (let i = 0; i < 20; i += 1) expect(await lookUp(cache, key)).toBe("value");
      expect(server.connections().made).toBe(2);
    },
  );

  test("a slow answer after its deadline does not answer a later request", async () => {
    const other = utf8("other");
    const server = await fake((request) => {
      if (request.key === hashKey(key)) {
        setTimeout(() => request.socket.write(request.answer(0, wrap(key, value))), 120);
      } else {
        setTimeout(() => request.socket.write(request.answer(0, wrap(other, utf8("right")))), 200);
      }
    });
    const cache = await open({ endpoint: server.endpoint });
    const earlier = lookUp(cache, other);
    await failure(cache.get(key, within(40 * MILLISECOND)), "DEADLINE_EXCEEDED");
    const found = await Promise.all([earlier, lookUp(cache, other), lookUp(cache, other)]);
    expect(found).toEqual(["right", "right", "right"]);
    await until(() => server.connections().open === 1);
  });

  test("an error of the server is an error, not a miss; an unforeseen one costs the connection", async () => {
    const server = await fake((request) => {
      request.socket.write(request.answer(server.requests.length === 1 ? 0x82 : 0x81));
    });
    const cache = await open({ endpoint: server.endpoint });
    expect((await failure(cache.get(key, within()), "UNAVAILABLE")).applied).toBe("no");
    expect((await failure(cache.get(key, within()), "INTERNAL")).applied).toBe("no");
    const error = await failure(cache.set(key, value, MINUTE, within()), "INTERNAL");
    expect(error.applied).toBe("unknown");
    expect(server.requests.map(({ connection }) => connection)).toEqual([0, 0, 1]);
  });

  test("an entry of another key with the same hash, or of another program, is a miss", async () => {
    const entries = [wrap(utf8("yek"), value), wrap(utf8("keys"), value), utf8("value"), utf8("")];
    let next = 0;
    const server = await fake((request) => {
      request.socket.write(request.answer(0, entries[next]));
      next += 1;
    });
    const cache = await open({ endpoint: server.endpoint });
    for (const _ of entries) expect(await cache.get(key, within())).toEqual({ kind: "miss" });
    expect(unwrap(key, wrap(key, value))).toEqual(value);
    expect(unwrap(utf8("ke"), wrap(key, value))).toBeUndefined();
  });
});

describe("memcached, what goes on the wire", () => {
  test("expiry is whole seconds, rounded up, never none and never past thirty days", async () => {
    const server = await fake(answerEmpty);
    const cache = await open({ endpoint: server.endpoint });
    const wanted = [
      [1, 1],
      [SECOND, 1],
      [SECOND + 1, 2],
      [90 * SECOND - 1, 90],
      [30 * DAY, 2_592_000],
      [31 * DAY, 2_592_000],
      [Number.POSITIVE_INFINITY, 2_592_000],
    ] as const;
    for (const [ttl] of wanted) await cache.set(key, value, ttl, within());
    for (const [ttl] of wanted) await cache.add(key, value, ttl, within());
    const seconds = wanted.map(([, expires]) => expires);
    expect(server.requests.map(({ expires }) => expires)).toEqual([...seconds, ...seconds]);
  });

  test("a value that the server finds too large ends the old entry, whatever the verb", async () => {
    const server = await fake((request) => {
      if (request.opcode === DELETE) answerEmpty(request);
      else request.socket.write(request.answer(3));
    });
    const cache = await open({ endpoint: server.endpoint, itemBytesMax: 100_000 });
    const tooLarge = { kind: "too_large" };
    let seen = 0;
    const opcodes = (): number[] => {
      const fresh = server.requests.slice(seen);
      seen = server.requests.length;
      return fresh.map(({ opcode }) => opcode);
    };
    expect(await cache.set(key, value, MINUTE, within())).toEqual(tooLarge);
    expect(opcodes()).toEqual([SET]);
    expect(await cache.add(key, value, MINUTE, within())).toEqual(tooLarge);
    expect(opcodes()).toEqual([ADD, DELETE]);
    const huge = new Uint8Array(100_001);
    expect(await cache.set(key, huge, MINUTE, within())).toEqual(tooLarge);
    expect(opcodes()).toEqual([DELETE]);
  });

  test("a client is replaced before its numbers run out, and no request is lost by it", async () => {
    const server = await fake((request) => setTimeout(() => answerWell(request), 5));
    const cache = await open({ endpoint: server.endpoint, requestsPerConnectionMax: 3 });
    const found = await Promise.all(
      Array.from({ length: 10 }, async () => await lookUp(cache, key)),
    );
    expect(found).toEqual(Array(10).fill("value"));
    expect(server.requests.map(({ connection }) => connection)).toEqual([
      0, 0, 0, 1, 1, 1, 2, 2, 2, 3,
    ]);
    await until(() => server.connections().open === 1);
    for (const odd of [0, 2 ** 31, Number.NaN]) {
      const options = { endpoint: server.endpoint, requestsPerConnectionMax: odd };
      expect(() => memcached(options)).toThrow(RangeError);
    }
  });

  test("credentials that happen to lie in the environment stay there", async () => {
    const names = ["MEMCACHE_USERNAME", "MEMCACHE_PASSWORD", "MEMCACHIER_USERNAME"];
    for (const name of names) process.env[name] = "secret";
    try {
      const server = await fake(answerWell);
      const cache = await open({ endpoint: server.endpoint });
      expect(await lookUp(cache, key)).toBe("value");
      expect(server.requests.map(({ opcode }) => opcode)).toEqual([GET]);
    } finally {
      for (const name of names) delete process.env[name];
    }
  });

  test("what gets its turn only after its deadline is not sent", async () => {
    const server = await fake(answerWell);
    const turns: (() => void)[] = [];
    const native: Native = async (label, thunk) => {
      if (label !== "open") await new Promise<void>((resolve) => turns.push(resolve));
      return await thunk();
    };
    const cache = await open({ endpoint: server.endpoint }, native);
    const late = cache.set(key, value, MINUTE, within(30 * MILLISECOND));
    expect((await failure(late, "DEADLINE_EXCEEDED")).applied).toBe("no");
    for (const turn of turns) turn();
    await wait(50);
    expect(server.requests).toEqual([]);
  });

  test("close() rejects what is out and leaves no connection", async () => {
    const server = await fake(() => undefined);
    const cache = await open({ endpoint: server.endpoint });
    const get = cache.get(key, within());
    const set = cache.set(key, value, MINUTE, within());
    await until(() => server.requests.length === 2);
    const settled = [failure(get, "UNAVAILABLE"), failure(set, "OUTCOME_UNKNOWN")];
    await cache.close();
    await Promise.all(settled);
    await until(() => server.connections().open === 0);
  });

  test.each(["", ":11211", "host:", "host:0", "host:70000", "a:b:1", "http://host"])(
    "the endpoint %j is refused",
    async (endpoint) => {
      await failure(open({ endpoint }), "INVALID_ARGUMENT");
    },
  );
});
