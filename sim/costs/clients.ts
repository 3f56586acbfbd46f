/** What clients send, hold back and count, by what servers told them. */
import {
  type CallOptions,
  HOUR,
  keyOnly,
  KvError,
  type Micros,
  MILLISECOND,
  type Priority,
  SECOND,
  utf8,
} from "kvdal";
import { difference, differences, tableDifference } from "../exact/difference.ts";
import type { ExactCost } from "./exact-cost.ts";
import { ScriptedServer } from "./scripted.ts";
import { errorOf, STAGE_NAMESPACE } from "./stage.ts";

const RECORD = { namespace: STAGE_NAMESPACE, id: "record" };
const ITEMS = [keyOnly(utf8("key"))];
const FROM_FUTURE = new KvError("TOKEN_FROM_FUTURE", "the token is of tomorrow");
const UNKNOWN = new KvError("OUTCOME_UNKNOWN", "the line went dead");
const UNAVAILABLE = new KvError("UNAVAILABLE", "nobody is there");
const OVERLOADED = new KvError("OVERLOADED", "there is too much to do");

const put = ({ client }: ScriptedServer) => client.putItems({ ...RECORD, items: ITEMS });
const get = ({ client }: ScriptedServer, priority: Priority = "normal") =>
  client.getItems(RECORD, { priority });

const putIn = ({ client }: ScriptedServer, options: CallOptions) =>
  client.putItems({ ...RECORD, items: ITEMS }, options);
const getIn = ({ client }: ScriptedServer, options: CallOptions) =>
  client.getItems(RECORD, options);

const ONE_GREETING: ExactCost = {
  rule: "TOK-2",
  says: "requests of puts whose token is refused as too new",
  ask: async (stage) => {
    const server = await ScriptedServer.of(stage);
    server.script = ({ kind }) => (kind === "handshake" ? {} : { error: FROM_FUTURE });
    const unknown = await server.sentBy(() => errorOf(put(server)));
    const known = await server.sentBy(() => errorOf(put(server)));
    return differences([
      ["by a server that is not known", unknown, ["put_items", "handshake"]],
      // What is known of a server's clock need not be asked for.
      ["by a server that is known", known, ["put_items"]],
    ]);
  },
};

const SET_RIGHT: ExactCost = {
  rule: "TOK-2",
  says: "the token after a refused one, once the clock is set right",
  ask: async (stage) => {
    const server = await ScriptedServer.of(stage);
    server.script = ({ kind }) => ({ error: kind === "handshake" ? UNAVAILABLE : FROM_FUTURE });
    stage.ahead = HOUR;
    await errorOf(server.client.putItems({ ...RECORD, items: ITEMS }, { timeoutMicros: SECOND }));
    stage.ahead = 0;
    server.script = () => ({});
    const { token } = await put(server);
    return difference(token.generationTime, stage.env.clock.wall());
  },
};

const ASKS_FIRST: ExactCost = {
  rule: "TOK-2",
  says: "requests of a put by a client whose clock was set forward, as its server's was",
  ask: async (stage) => {
    const server = await ScriptedServer.of(stage);
    await put(server);
    stage.ahead = HOUR;
    const sent = await server.sentBy(() => errorOf(put(server)));
    return difference(sent, ["handshake", "put_items"]);
  },
};

const BACKOFF: Micros = 20 * MILLISECOND;
/** For how long advice is followed. */
const ADVICE_HOLDS: Micros = SECOND;

const SLOWED: ExactCost = {
  rule: "SIG-3",
  says: "a call after a server asked for less, one that is critical, one that can wait, and one a second later",
  ask: async (stage) => {
    const server = await ScriptedServer.of(stage, { limits: { backoffBase: BACKOFF } });
    server.script = () => ({ facts: { advice: "slow_down" } });
    await get(server);
    const normal = await stage.timed(() => get(server));
    const critical = await stage.timed(() => get(server, "critical"));
    const bulk = await errorOf(get(server, "bulk"));
    await stage.pass(ADVICE_HOLDS);
    const later = await stage.timed(() => get(server));
    const { telemetry } = stage;
    const isHeld = normal >= BACKOFF / 2 && normal <= BACKOFF;
    const reason = "not sent: a server asked for less, and this call is bulk, wanted";
    const isSaid = bulk?.message.includes(reason);
    return differences([
      ["waits as long as advised", isHeld, true],
      ["microseconds that a critical call takes", critical, 0],
      ["error of a call that can wait", bulk?.code, "OVERLOADED"],
      ["it says why it was not sent", isSaid, true],
      ["microseconds that a call takes a second later", later, 0],
      ["calls slowed", telemetry.counter("calls_slowed"), 1],
      ["calls dropped", telemetry.counter("calls_dropped"), 1],
    ]);
  },
};

/** More refusals than answers: of the calls that follow nearly all are not sent. */
const REFUSALS = 40;
const CALLS = 10;

const HELD_BACK: ExactCost = {
  rule: "RETRY-2",
  says: "calls after many refusals and one answer",
  ask: async (stage) => {
    const server = await ScriptedServer.of(stage, { limits: { attemptsMax: 1 } });
    server.script = () => ({ error: OVERLOADED });
    for (let call = 0; call < REFUSALS; call += 1) await errorOf(get(server));
    server.script = () => ({});
    const { sent } = server;
    const before = sent.length;
    while (sent.length === before) await errorOf(get(server));
    const dropped = stage.telemetry.counter("calls_dropped");
    const errors: (KvError | undefined)[] = [];
    for (let call = 0; call < CALLS; call += 1) errors.push(await errorOf(get(server)));
    const held = CALLS - (sent.length - before - 1);
    const counted = stage.telemetry.counter("calls_dropped") - dropped;
    const said = errors.filter((error) => error?.message.includes("not sent: servers refused "));
    return differences([
      ["some are not sent", held > 0, true],
      ["calls counted as dropped", counted, held],
      ["errors that say so", said.length, held],
    ]);
  },
};

const SLO = { read: { target: 5 * MILLISECOND, max: 50 * MILLISECOND } };

const HEDGED: ExactCost = {
  rule: "RETRY-3",
  says: "hedged calls",
  ask: async (stage) => {
    const limits = { hedgeShare: 1, hedgeBurst: 10 };
    const server = await ScriptedServer.of(stage, { options: { slo: SLO }, limits });
    const { telemetry } = stage;
    await get(server);
    const found: (readonly unknown[])[] = [];
    for (const [first, second] of [
      [20, 1],
      [7, 10],
      [4, 1],
    ] as const) {
      const before = server.sent.length;
      server.script = (_, number) => ({
        after: (number === before ? first : second) * MILLISECOND,
      });
      const took = await stage.timed(() => get(server));
      found.push([took, telemetry.counter("hedges"), telemetry.counter("hedges_won")]);
    }
    const rows = [
      "one whose second attempt answers first",
      "one whose first attempt answers first",
      "one that answers before it is hedged",
    ];
    const columns = ["microseconds", "hedges so far", "hedges won so far"];
    return tableDifference({ rows, columns }, found, [
      [6 * MILLISECOND, 1, 1],
      [7 * MILLISECOND, 2, 1],
      [4 * MILLISECOND, 2, 1],
    ]);
  },
};

const ABANDONED: ExactCost = {
  rule: "RES-1",
  says: "a scan that is left after its first page, while the second is on its way",
  ask: async (stage) => {
    const server = await ScriptedServer.of(stage);
    const nextPageToken = utf8("more");
    server.script = (_, number) => (number < 2 ? { nextPageToken } : { after: SECOND });
    const took = await stage.timed(async () => {
      for await (const _ of server.client.scan({ namespace: STAGE_NAMESPACE })) break;
    });
    const kinds = server.sent.map(({ kind }) => kind);
    return differences([
      ["microseconds that leaving takes", took, 0],
      ["requests", kinds, ["handshake", "scan_items", "scan_items"]],
    ]);
  },
};

const NO_TIME = "DEADLINE_EXCEEDED: time left is 0 µs, wanted more than 0";
const CALLED_OFF = "CANCELLED: the caller gave up";

/** Calls that end before an attempt, by what became of the one before it; undefined where there is none. */
const ENDED: readonly (readonly [
  string,
  KvError | undefined,
  (server: ScriptedServer, options: CallOptions) => Promise<unknown>,
  string,
  "no" | "unknown",
])[] = [
  ["a put that has no time", undefined, putIn, NO_TIME, "no"],
  ["a put after an unknown end", UNKNOWN, putIn, CALLED_OFF, "unknown"],
  ["a put after a refusal", UNAVAILABLE, putIn, CALLED_OFF, "no"],
  ["a read after an unknown end", UNKNOWN, getIn, CALLED_OFF, "no"],
];

const GIVEN_UP: ExactCost = {
  rule: "TOK-8",
  says: "calls that are over before an attempt: without time, or given up after another attempt",
  ask: async (stage) => {
    const found: (readonly unknown[])[] = [];
    for (const [, error, call] of ENDED) {
      const server = await ScriptedServer.of(stage, { limits: { backoffBase: BACKOFF } });
      server.script = () => (error === undefined ? {} : { error });
      const caller = new AbortController();
      const timeoutMicros = error === undefined ? 0 : HOUR;
      const calling = errorOf(call(server, { signal: caller.signal, timeoutMicros }));
      // It waits for its next attempt then.
      await stage.pass(MILLISECOND);
      caller.abort();
      const told = await calling;
      found.push([told?.message, told?.applied, server.sent.length]);
    }
    const rows = ENDED.map(([says]) => says);
    const wanted = ENDED.map(([, error, , words, applied]) => [words, applied, error ? 1 : 0]);
    return tableDifference({ rows, columns: ["error", "applied", "requests"] }, found, wanted);
  },
};

/** What clients do. */
export const CLIENTS: readonly ExactCost[] = [
  ONE_GREETING,
  SET_RIGHT,
  ASKS_FIRST,
  SLOWED,
  HELD_BACK,
  HEDGED,
  ABANDONED,
  GIVEN_UP,
];
