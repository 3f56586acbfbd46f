// Goal: what the cases and worlds do not come to: damage in the log, lists that end lives, a log that does not answer.
import { expect, test } from "vitest";
import { utf8 } from "../../src/model/bytes.ts";
import { PLAIN_CLIENT } from "../../src/model/capabilities.ts";
import { KvError } from "../../src/model/error.ts";
import { listKey } from "../../src/model/mutation-list.ts";
import type { ListedMutation, MutateItemsRequest } from "../../src/model/request.ts";
import { DAY, MINUTE, SECOND } from "../../src/model/time.ts";
import type { IdempotencyToken } from "../../src/model/token.ts";
import { neverAborted } from "../../src/ports/never-aborted.ts";
import type { EngineCall, Mutation } from "../../src/ports/storage-engine.ts";
import { rejectionOf } from "../fakes/error-of.ts";
import { type LogStage, logStage } from "./log-stage.ts";
import { tokenAt } from "./service-stage.ts";

const key = utf8("k");
const TABLE = "kvdal_log";

function put(id: string, namespace = "users"): ListedMutation {
  return { kind: "put", namespace, id, items: [{ key, value: utf8("v") }] };
}

function listOf(token: IdempotencyToken, ...mutations: ListedMutation[]): MutateItemsRequest {
  const capabilities = PLAIN_CLIENT;
  return { kind: "mutate_items", namespace: "users", token, mutations, capabilities };
}

async function statesOf({ handle, call }: LogStage, token: IdempotencyToken): Promise<string> {
  const asked = { kind: "mutation_status", namespace: "users", token } as const;
  const { mutations } = await handle({ ...asked, capabilities: PLAIN_CLIENT }, call());
  return mutations.map(({ kind }) => kind).join(" ");
}

const callNow = ({ env }: LogStage): EngineCall => ({
  deadline: env.clock.monotonic() + SECOND,
  signal: neverAborted,
  consistency: "quorum",
  now: env.clock.wall(),
});

test("a list whose acceptance did not come to its end is not told to be on its way", async () => {
  let isDown = true;
  const stage = await logStage({}, (engine) => ({
    write: async (partition, mutations, call) => {
      const isMarker = partition.id.startsWith("queue-");
      if (isDown && isMarker) throw new KvError("OUTCOME_UNKNOWN", "scripted");
      return engine.write(partition, mutations, call);
    },
  }));
  const list = listOf(tokenAt(), put("a"));
  const error = await rejectionOf(stage.handle(list, stage.call()));
  expect([error?.code, error?.applied]).toEqual(["OUTCOME_UNKNOWN", "unknown"]);
  expect(await statesOf(stage, list.token)).toBe("");
  isDown = false;
  await stage.handle(list, stage.call());
  expect(await statesOf(stage, list.token)).toBe("pending");
  await stage.log.apply(neverAborted);
  expect(await statesOf(stage, list.token)).toBe("applied");
});

test("a list of very many items is accepted; one of too many bytes is refused before any is copied", async () => {
  const stage = await logStage();
  const all = (items: number, value: Uint8Array): ListedMutation[] =>
    Array.from({ length: 1_000 }, (_, i) => ({
      ...put(`r${i}`),
      items: Array.from({ length: items }, (_item, place) => ({
        key: Uint8Array.of(place),
        value,
      })),
    }));
  const many = listOf(tokenAt(), ...all(40, utf8("")));
  expect(await stage.handle(many, stage.call())).toMatchObject({ done: true });
  const before = process.memoryUsage().arrayBuffers;
  const large = listOf(tokenAt(1), ...all(10, new Uint8Array(64 * 1024)));
  expect(await rejectionOf(stage.handle(large, stage.call()))).toMatchObject({ code: "TOO_LARGE" });
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 1024 * 1024);
});

test("a list that is damaged in the log ends as dead letters without content", async () => {
  const stage = await logStage({ attemptsMax: 1 });
  const list = listOf(tokenAt(), put("a"), put("b"));
  await stage.handle(list, stage.call());
  const id = `list-${Buffer.from(listKey(list.token)).toString("hex")}`;
  const version = { time: list.token.generationTime + 9, rank: 2, expiry: 0 } as const;
  const range = { start: utf8("p"), end: utf8("q") };
  const { nonce } = list.token;
  const damage: Mutation = { kind: "delete_range", range, version: { ...version, nonce } };
  await stage.engine.write({ table: TABLE, id }, [damage], callNow(stage));
  const report = await stage.log.apply(neverAborted);
  expect(report).toEqual({ applied: 0, deadLetters: 2, pending: 0 });
  expect(await statesOf(stage, list.token)).toBe("dead_lettered dead_lettered");
  const letters = await stage.log.deadLetters.list();
  expect(letters.map(({ code, place, requestId }) => [code, place, requestId])).toEqual([
    ["DATA_LOSS", 0, undefined],
    ["DATA_LOSS", 1, undefined],
  ]);
  const [letter] = letters;
  const retried = await rejectionOf(stage.log.deadLetters.retry(letter!.letterId));
  expect(retried?.code).toBe("DATA_LOSS");
  await stage.log.deadLetters.discard(letter!.letterId);
  expect(await statesOf(stage, list.token)).toBe("discarded dead_lettered");
});

test("a list that waits for long is counted before it is tried, and tried less and less often", async () => {
  const attempts: number[] = [];
  const stage = await logStage({ backoffMicros: SECOND }, (engine) => ({
    write: async (partition, mutations, call) => {
      // As if the process ended here, every time.
      if (partition.id === "poison") {
        attempts.push(call.now);
        throw new KvError("CANCELLED", "scripted: nothing after this is done");
      }
      return engine.write(partition, mutations, call);
    },
  }));
  const list = listOf(tokenAt(), put("poison"), put("other"));
  await stage.handle(list, stage.call());
  await stage.env.advance(MINUTE);
  const begun = stage.env.clock.wall();
  const dying = (): AbortSignal => {
    const dead = { aborted: false, addEventListener() {}, removeEventListener() {} };
    // Given up as soon as the poison was met.
    Object.defineProperty(dead, "aborted", { get: () => attempts.length > met });
    return dead as unknown as AbortSignal;
  };
  let met = 0;
  for (let second = 0; second < 20; second += 1) {
    met = attempts.length;
    await stage.log.apply(dying()).catch(() => undefined);
    await stage.env.advance(SECOND);
  }
  const waits = attempts.map((at) => Math.round((at - begun) / SECOND));
  expect(waits).toEqual([0, 1, 3, 7, 15]);
});

test("one list that cannot be read holds up no other; a log that never answers ends the round", async () => {
  let isDown = (_id: string): boolean => false;
  const stage = await logStage({}, (engine) => ({
    readRange: async (read, call) => {
      if (isDown(read.id)) throw new KvError("UNAVAILABLE", "scripted");
      return engine.readRange(read, call);
    },
  }));
  const lists = Array.from({ length: 6 }, (_, i) => listOf(tokenAt(i * 10), put(`r${i}`)));
  for (const list of lists) await stage.handle(list, stage.call());
  const hex = Buffer.from(listKey(lists[2]!.token)).toString("hex");
  isDown = (id) => id === `list-${hex}`;
  expect(await stage.log.apply(neverAborted)).toEqual({ applied: 5, deadLetters: 0, pending: 1 });
  isDown = (id) => id.startsWith("index-");
  expect((await rejectionOf(stage.log.apply(neverAborted)))?.code).toBe("UNAVAILABLE");
  isDown = () => false;
  expect(await stage.other.apply(neverAborted)).toEqual({ applied: 1, deadLetters: 0, pending: 0 });
});

test("an applier that comes to the end of a list that another has ended finds no damage", async () => {
  let between: (() => Promise<unknown>) | undefined;
  const stage = await logStage({}, (engine) => ({
    readRange: async (read, call) => {
      const isContent = read.range.start?.[0] === "p".charCodeAt(0);
      const work = isContent ? between : undefined;
      if (work !== undefined) between = undefined;
      await work?.();
      return engine.readRange(read, call);
    },
  }));
  const list = listOf(tokenAt(), put("a"));
  await stage.handle(list, stage.call());
  between = () => stage.other.apply(neverAborted);
  expect(await stage.log.apply(neverAborted)).toMatchObject({ deadLetters: 0, pending: 0 });
  expect(await statesOf(stage, list.token)).toBe("applied");
});

test("queues that are past and empty are left, and looked at no more", async () => {
  const reads: string[] = [];
  const stage = await logStage({}, (engine) => ({
    readRange: (read, call) => {
      reads.push(read.id);
      return engine.readRange(read, call);
    },
  }));
  await stage.handle(listOf(tokenAt(), put("a")), stage.call());
  const queues = async (): Promise<number> => {
    reads.length = 0;
    await stage.log.apply(neverAborted);
    return reads.filter((id) => id.startsWith("queue-")).length;
  };
  expect(await queues()).toBe(1);
  await stage.env.advance(2 * MINUTE);
  expect(await queues()).toBe(1);
  await stage.env.advance(2 * MINUTE);
  expect([await queues(), await queues()]).toEqual([1, 0]);
  const later = { ...tokenAt(4 * MINUTE) };
  await stage.handle(listOf(later, put("b")), stage.call());
  expect(await queues()).toBe(1);
  expect(await statesOf(stage, later)).toBe("applied");
});

test("what became of a list is forgotten after its time, and swept", async () => {
  const stage = await logStage({ statusMicros: MINUTE });
  const list = listOf(tokenAt(), put("a"));
  await stage.handle(list, stage.call());
  await stage.log.apply(neverAborted);
  expect(await statesOf(stage, list.token)).toBe("applied");
  await stage.env.advance(MINUTE);
  expect(await statesOf(stage, list.token)).toBe("");
  await stage.env.advance(2 * DAY);
  expect(await stage.log.sweep(neverAborted)).toBeGreaterThan(0);
});

test("a log that accepts, applies and gives up says so", async () => {
  const stage = await logStage({ attemptsMax: 1, pendingMax: 1 });
  await stage.handle(listOf(tokenAt(), put("a"), put("b", "orders")), stage.call());
  const refused = stage.handle(listOf(tokenAt(9), put("c")), stage.call());
  expect((await rejectionOf(refused))?.code).toBe("OVERLOADED");
  stage.serve("users");
  await stage.env.advance(3 * SECOND);
  await stage.log.apply(neverAborted);
  const { telemetry } = stage.env;
  expect(telemetry.counter("log_lists_accepted")).toBe(1);
  expect(telemetry.counter("log_lists_refused")).toBe(1);
  expect(telemetry.counter("log_mutations_applied")).toBe(1);
  expect(telemetry.counter("log_dead_letters")).toBe(1);
  expect(telemetry.histogram("log_lag_micros")).toMatchObject({ count: 1, max: 0 });
});

test("many dead letters are listed some at a time", async () => {
  const stage = await logStage({ attemptsMax: 1 });
  const doomed = Array.from({ length: 150 }, (_, i) => put(`r${i}`, "orders"));
  await stage.handle(listOf(tokenAt(), ...doomed), stage.call());
  stage.serve("users");
  const { deadLetters } = await stage.log.apply(neverAborted);
  expect(deadLetters).toBe(150);
  const first = await stage.log.deadLetters.list();
  const rest = await stage.log.deadLetters.list(first.at(-1)?.letterId);
  expect([first.length, rest.length]).toEqual([100, 50]);
  expect(new Set([...first, ...rest].map(({ id }) => id)).size).toBe(150);
});
