// Goal: rounds one after another, none beside another, none after the end, and an error ends nothing (RES-1).
import { expect, test } from "vitest";
import { KvError } from "../../src/model/error.ts";
import { MINUTE, SECOND } from "../../src/model/time.ts";
import { neverAborted } from "../../src/ports/never-aborted.ts";
import { startJanitor } from "../../src/service/janitor.ts";
import { maintain } from "../../src/service/maintain.ts";
import { rejectionOf } from "../fakes/error-of.ts";
import { steppedEnv } from "../fakes/stepped-env.ts";
import { chunkStage } from "./chunk-stage.ts";

test("startJanitor() goes round after round until it is stopped, and leaves no timer", async () => {
  const { namespace } = await chunkStage();
  const env = steppedEnv((bound) => Math.floor(bound / 2));
  const rounds: string[] = [];
  const janitor = startJanitor({
    env,
    namespaces: () => [namespace],
    every: 10 * MINUTE,
    onRound: (name) => rounds.push(name),
  });
  await env.advance(5 * MINUTE - 1);
  expect(rounds).toEqual([]);
  await env.advance(1);
  expect(rounds).toEqual(["users"]);
  await env.advance(10 * MINUTE);
  await env.advance(10 * MINUTE);
  expect(rounds.length).toBe(3);
  await janitor.stop();
  expect(env.pendingTimers()).toBe(0);
  await env.advance(60 * MINUTE);
  expect(rounds.length).toBe(3);
  await janitor.stop();
});

test("an error of one namespace ends neither the round nor the rounds", async () => {
  const down = new KvError("UNAVAILABLE", "scripted");
  const { namespace } = await chunkStage();
  const broken = await chunkStage(() => ({
    scan: async () => {
      throw down;
    },
  }));
  const env = steppedEnv();
  const results: unknown[] = [];
  const janitor = startJanitor({
    env,
    namespaces: () => [broken.namespace, namespace],
    every: MINUTE,
    onRound: (_name, result) => results.push(result instanceof Error ? result : "fine"),
  });
  await env.advance(SECOND);
  await env.advance(MINUTE);
  expect(results).toEqual([down, "fine", down, "fine"]);
  await janitor.stop();
});

test.each(["scan", "users", "users_chunks"])(
  "a round in which %s fails sweeps the tables all the same, and tells of the failure",
  async (failing) => {
    const down = new KvError("UNAVAILABLE", "a copy is down");
    const swept: string[] = [];
    const { namespace, env } = await chunkStage((engine) => ({
      scan: async (read, call) => {
        if (failing === "scan") throw down;
        return engine.scan(read, call);
      },
      sweep: async (request, call) => {
        swept.push(request.table);
        if (failing === request.table) throw down;
        return engine.sweep(request, call);
      },
    }));
    expect(await rejectionOf(maintain(namespace, env, neverAborted))).toBe(down);
    expect(swept).toEqual(["users", "users_chunks"]);
  },
);

test("stop() gives up the step that is out, begins no other, and waits for it", async () => {
  const seen: AbortSignal[] = [];
  const { promise, reject } = Promise.withResolvers<never>();
  const slow = await chunkStage(() => ({
    scan: (_read, call) => {
      seen.push(call.signal);
      call.signal.addEventListener("abort", () => reject(new KvError("CANCELLED", "scripted")));
      return promise;
    },
  }));
  const env = steppedEnv();
  const janitor = startJanitor({
    env,
    namespaces: () => [slow.namespace, slow.namespace],
    every: MINUTE,
  });
  await env.advance(SECOND);
  expect(seen.length).toBe(1);
  await janitor.stop();
  expect([seen.length, seen[0]?.aborted, env.pendingTimers()]).toEqual([1, true, 0]);
});
