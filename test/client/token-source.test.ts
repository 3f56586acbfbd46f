// Goal: tokens increase, a clock that is implausibly ahead issues none, and one set right is right at once (TOK-2, TOK-7).
import { describe, expect, test } from "vitest";
import {
  monotonicTokens,
  nextToken,
  sequencedTokens,
  transactionToken,
  transactionTokens,
} from "../../src/client/token-source.ts";
import { toHex } from "../../src/model/bytes.ts";
import { KvError } from "../../src/model/error.ts";
import { HOUR, SECOND } from "../../src/model/time.ts";
import type { Env } from "../../src/ports/env.ts";
import { regionSequencer } from "../../src/service/sequencer.ts";
import { errorOf, rejectionOf } from "../fakes/error-of.ts";
import { steppedEnv, type SteppedEnv, WALL_BEGIN } from "../fakes/stepped-env.ts";

const MAX_DRIFT = 5 * SECOND;

/** What a server whose clock is right says at once. */
const told = (env: Env, time: number) => ({
  time,
  sentAt: env.clock.monotonic(),
  maxDrift: MAX_DRIFT,
});

describe("monotonicTokens()", () => {
  const stage = () => {
    const env = steppedEnv();
    return { env, source: monotonicTokens(env) };
  };
  const code = (source: { next: () => unknown }) => errorOf(() => source.next())?.code;

  test("knows nothing of servers before the first reply", () => {
    const { env, source } = stage();
    env.setWall(WALL_BEGIN + HOUR);
    expect(source.next().generationTime).toBe(WALL_BEGIN + HOUR);
  });

  test("issues up to the server's drift, and not a microsecond further", () => {
    const { env, source } = stage();
    source.observe(told(env, WALL_BEGIN));
    env.setWall(WALL_BEGIN + MAX_DRIFT);
    expect(source.next().generationTime).toBe(WALL_BEGIN + MAX_DRIFT);
    expect(code(source)).toBe("TOKEN_FROM_FUTURE");
    env.stall(1);
    expect(source.next().generationTime).toBe(WALL_BEGIN + MAX_DRIFT + 1);
  });

  test("goes on as soon as its clock is set right", () => {
    const { env, source } = stage();
    const before = source.next();
    source.observe(told(env, WALL_BEGIN));
    env.setWall(WALL_BEGIN + HOUR);
    expect(code(source)).toBe("TOKEN_FROM_FUTURE");
    env.setWall(WALL_BEGIN + 10);
    expect(source.next().generationTime).toBe(WALL_BEGIN + 10);
    expect(before.generationTime).toBe(WALL_BEGIN);
  });

  test("forgets tokens of before the first reply that servers refused", () => {
    const { env, source } = stage();
    env.setWall(WALL_BEGIN + HOUR);
    const tokens = [source.next(), source.next()];
    source.observe(told(env, WALL_BEGIN));
    for (const token of tokens) source.refused(token);
    expect(code(source)).toBe("TOKEN_FROM_FUTURE");
    env.setWall(WALL_BEGIN + 10);
    expect(source.next().generationTime).toBe(WALL_BEGIN + 10);
  });

  test("goes on after a refused token where its clock has not been set back: a second copy of it may yet be taken", () => {
    const { source } = stage();
    const { generationTime } = source.next();
    source.refused({ generationTime, nonce: new Uint8Array(16) });
    expect(source.next().generationTime).toBe(generationTime + 1);
  });

  test("goes on after a refused token that was ahead of a clock that stands still", () => {
    const { source } = stage();
    source.next();
    const second = source.next(3);
    source.refused(second);
    expect(source.next().generationTime).toBe(second.generationTime + 3);
  });

  test("forgets none that a server may have taken, beyond the window of another one as it is", () => {
    const { env, source } = stage();
    env.setWall(WALL_BEGIN + HOUR);
    source.refused(source.next());
    source.next();
    source.observe(told(env, WALL_BEGIN));
    env.setWall(WALL_BEGIN + 10);
    expect(code(source)).toBe("TOKEN_FROM_FUTURE");
  });

  test("remembers only the newest of many that nothing is known of", () => {
    const { env, source } = stage();
    const tokens = Array.from({ length: 200 }, () => source.next());
    for (const token of tokens) source.refused(token);
    env.setWall(WALL_BEGIN - HOUR);
    expect(source.next().generationTime).toBeGreaterThan(WALL_BEGIN);
  });

  test("believes the latest reply", () => {
    const { env, source } = stage();
    source.observe(told(env, WALL_BEGIN - HOUR));
    expect(code(source)).toBe("TOKEN_FROM_FUTURE");
    source.observe(told(env, WALL_BEGIN));
    expect(source.next().generationTime).toBe(WALL_BEGIN);
  });
});

describe("nextToken()", () => {
  const refusing = (env: SteppedEnv) => {
    const source = monotonicTokens(env);
    source.observe(told(env, WALL_BEGIN - HOUR));
    return source;
  };

  test("asks a server before it takes a refusal for true", async () => {
    const env = steppedEnv();
    const source = refusing(env);
    const token = await nextToken(source, async () => source.observe(told(env, WALL_BEGIN)));
    expect(token.generationTime).toBe(WALL_BEGIN);
  });

  test("refuses when the server says the same, and fails when it says nothing", async () => {
    const env = steppedEnv();
    const again = async () => nextToken(refusing(env), async () => undefined);
    expect((await rejectionOf(again()))?.code).toBe("TOKEN_FROM_FUTURE");
    const down = async (): Promise<never> => {
      throw new KvError("UNAVAILABLE", "scripted");
    };
    const unheard = async () => nextToken(refusing(env), down);
    expect((await rejectionOf(unheard()))?.code).toBe("UNAVAILABLE");
  });

  test("asks nobody when there is a token, or another failure", async () => {
    let asked = 0;
    const ask = async (): Promise<void> => void (asked += 1);
    const env = steppedEnv();
    expect(nextToken(monotonicTokens(env), ask)).not.toBeInstanceOf(Promise);
    const long = transactionTokens(() => ({ time: 1, id: new Uint8Array(17) }));
    const tooLong = async () => nextToken(long, ask);
    expect((await rejectionOf(tooLong()))?.code).toBe("INVALID_ARGUMENT");
    expect(asked).toBe(0);
  });
});

test("sequencedTokens() are in the order in which the sequencer was asked, whatever the clients' clocks", async () => {
  const env = steppedEnv();
  const ahead = steppedEnv();
  ahead.setWall(WALL_BEGIN + HOUR);
  const sequencer = regionSequencer(env.clock);
  const sources = [sequencedTokens(sequencer, env), sequencedTokens(sequencer, ahead)];
  const times: number[] = [];
  for (let i = 0; i < 6; i += 1) {
    const token = await sources[i % 2]?.next();
    times.push((token?.generationTime ?? 0) - WALL_BEGIN);
    expect(token?.nonce.length).toBe(16);
    if (i === 2) env.setWall(WALL_BEGIN - HOUR);
    if (i === 4) env.setWall(WALL_BEGIN + 100);
  }
  expect(times).toEqual([0, 1, 2, 3, 4, 100]);
});

test("regionSequencer() begins after what the one before it may have issued", async () => {
  const env = steppedEnv();
  const sequencer = regionSequencer(env.clock, WALL_BEGIN + 50);
  expect(await sequencer.next()).toBe(WALL_BEGIN + 51);
});

test("a list takes as many ticks as it has mutations, of every source (MUT-2)", async () => {
  const env = steppedEnv();
  const source = monotonicTokens(env);
  const times = [source.next(5), source.next(), source.next(1)].map(
    (token) => token.generationTime,
  );
  expect(times).toEqual([WALL_BEGIN, WALL_BEGIN + 5, WALL_BEGIN + 6]);
  const sequenced = sequencedTokens(regionSequencer(env.clock), env);
  const first = await sequenced.next(5);
  const second = await sequenced.next();
  expect(second.generationTime - first.generationTime).toBe(5);
});

test("monotonicTokens() refuse a list whose last mutation lies beyond the server's window", () => {
  const env = steppedEnv();
  const source = monotonicTokens(env);
  source.observe({ time: WALL_BEGIN, sentAt: env.clock.monotonic(), maxDrift: 10 });
  expect(source.next(11).generationTime).toBe(WALL_BEGIN);
  expect(errorOf(() => source.next(11))?.code).toBe("TOKEN_FROM_FUTURE");
});

test("sequencedTokens() fail as their sequencer does", async () => {
  const next = async (): Promise<never> => {
    throw new KvError("UNAVAILABLE", "scripted");
  };
  const source = sequencedTokens({ next }, steppedEnv());
  expect((await rejectionOf(Promise.resolve(source.next())))?.code).toBe("UNAVAILABLE");
});

test("transactionToken() is the same for the same transaction, and ordered by time, then id", () => {
  const id = Uint8Array.of(1, 2);
  const token = transactionToken({ time: 9, id });
  expect(token).toEqual(transactionToken({ time: 9, id }));
  expect(token.generationTime).toBe(9);
  expect(toHex(token.nonce)).toBe(`0102${"00".repeat(14)}`);
  expect(errorOf(() => transactionToken({ time: 9, id: new Uint8Array(17) }))?.code).toBe(
    "INVALID_ARGUMENT",
  );
});
