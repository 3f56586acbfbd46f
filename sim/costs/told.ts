/** What errors say: whether anything was applied, what was found and wanted, and what lies beneath. */
import { ID_BYTES_MAX, KEY_BYTES_MAX, keyOnly, KvError, matchKeys, matchRange, utf8 } from "kvdal";
import type { KvClient } from "kvdal/client";
import { decodeRowPlace, type EngineCall } from "kvdal/engine";
import { type ConsistencyWish, engineConsistency } from "kvdal/service";
import { differences, tableDifference } from "../exact/difference.ts";
import type { ExactCost } from "./exact-cost.ts";
import { ScriptedServer } from "./scripted.ts";
import { errorOf, STAGE_NAMESPACE } from "./stage.ts";

const UNAVAILABLE = new KvError("UNAVAILABLE", "the engine is away");

const NOT_APPLIED: ExactCost = {
  rule: "TOK-8",
  says: "a put of two items, neither of which was applied",
  ask: async (stage) => {
    const { client } = await stage.serve({ limits: { attemptsMax: 1 } });
    const items = ["a", "b"].map((text) => keyOnly(utf8(text)));
    const put = () => errorOf(client.putItems({ namespace: STAGE_NAMESPACE, id: "record", items }));
    const found: (readonly unknown[])[] = [];
    for (const applied of ["no", "unknown"] as const) {
      const error = new KvError("UNAVAILABLE", "the engine is away", { applied });
      stage.engine.outcome = { kind: "failed", error };
      const told = await put();
      found.push([told?.code, told?.applied]);
    }
    const rows = ["an engine that did nothing", "an engine that may have done something"];
    return tableDifference({ rows, columns: ["error", "applied"] }, found, [
      ["UNAVAILABLE", "no"],
      ["UNAVAILABLE", "unknown"],
    ]);
  },
};

const AS_IT_IS: ExactCost = {
  rule: "ERR-1",
  says: "the error of a greeting that says that nothing was applied",
  ask: async (stage) => {
    const server = await ScriptedServer.of(stage, { limits: { attemptsMax: 1 } });
    server.script = () => ({ error: UNAVAILABLE });
    const scan = async (): Promise<void> => {
      for await (const _ of server.client.scan({ namespace: STAGE_NAMESPACE })) break;
    };
    const error = await errorOf(scan());
    return differences([
      ["message", error?.message, UNAVAILABLE.message],
      ["cause", error?.cause, undefined],
    ]);
  },
};

const RECORD = { namespace: STAGE_NAMESPACE, id: "record" };
const KEY = utf8("key");
const UNKNOWN = new KvError("OUTCOME_UNKNOWN", "the line went dead");
/** A longer value is staged. */
const SHORT = 20;
const LARGE = new Uint8Array(3 * SHORT);
const CHUNKING = { aboveBytes: SHORT, chunkBytes: SHORT, requestBytesMax: SHORT };

/** What only prepares a mutation, or a scan, that then never begins. */
const PREPARED: ExactCost = {
  rule: "TOK-8",
  says: "puts and scans whose greeting or whose chunks came to an unknown end",
  ask: async (stage) => {
    const serving = { options: { chunking: CHUNKING }, limits: { attemptsMax: 1 } };
    const server = await ScriptedServer.of(stage, serving);
    server.script = ({ kind }) =>
      kind === "handshake" || kind === "stage_chunks" ? { error: UNKNOWN } : {};
    const { client } = server;
    const scan = async (): Promise<void> => {
      for await (const _ of client.scan({ namespace: STAGE_NAMESPACE })) break;
    };
    const items = [{ key: KEY, value: LARGE }];
    const greeting = await errorOf(scan());
    // Now it knows what is to be staged.
    await client.getItems(RECORD);
    const byClient = await errorOf(client.putItems({ ...RECORD, items }));
    const asStream = await errorOf(client.putValue({ ...RECORD, key: KEY }, [LARGE]));
    stage.engine.outcome = { kind: "failed", error: UNKNOWN };
    const unheard = (await stage.serve(serving)).client;
    const byServer = await errorOf(unheard.putItems({ ...RECORD, items }));
    const errors = [greeting, byClient, asStream, byServer];
    const rows = ["a greeting", "chunks by a client", "chunks of a stream", "chunks by a server"];
    const found = errors.map((error) => [error?.code, error?.applied, error?.message]);
    const wanted = rows.map(() => [UNKNOWN.code, "no", UNKNOWN.message]);
    return tableDifference({ rows, columns: ["error", "applied", "message"] }, found, wanted);
  },
};

/** Calls of the engine that are over before they begin. */
const OVER: ExactCost = {
  rule: "SLO-3",
  says: "writes of an engine whose caller gave up, or that come too late, by a microsecond",
  ask: async (stage) => {
    const { namespace } = await stage.serve();
    const { engine, table } = namespace;
    const now = stage.env.clock.monotonic();
    const write = (changes: Partial<EngineCall>) =>
      errorOf(engine.write({ table, id: "record" }, [], { ...stage.call(), ...changes }));
    const errors = [
      await write({ signal: AbortSignal.abort() }),
      await write({ deadline: now }),
      await write({ deadline: now + 1 }),
    ];
    const rows = ["one that was given up", "one that is too late", "one that is in time"];
    const found = errors.map((error) => [error?.code, error?.applied]);
    return tableDifference({ rows, columns: ["error", "applied"] }, found, [
      ["CANCELLED", "no"],
      ["DEADLINE_EXCEEDED", "no"],
      [undefined, undefined],
    ]);
  },
};

/** Calls that are past a limit by one, and what is said of them. */
const PAST: readonly (readonly [string, (client: KvClient) => Promise<unknown>])[] = [
  [
    "TOO_LARGE: id is 1025 bytes, wanted at most 1024",
    (client) => client.getItems({ ...RECORD, id: "i".repeat(ID_BYTES_MAX + 1) }),
  ],
  [
    "TOO_LARGE: key is 1001 bytes, wanted at most 1000",
    (client) =>
      client.getItems({ ...RECORD, predicate: matchKeys(new Uint8Array(KEY_BYTES_MAX + 1)) }),
  ],
  [
    "TOO_LARGE: range bound is 1002 bytes, wanted at most 1001",
    (client) => {
      const bound = new Uint8Array(KEY_BYTES_MAX + 2);
      return client.getItems({ ...RECORD, predicate: matchRange(bound, undefined) });
    },
  ],
  [
    "TOO_LARGE: value is 101 bytes, wanted at most 100",
    (client) => client.putItems({ ...RECORD, items: [{ key: KEY, value: new Uint8Array(101) }] }),
  ],
  [
    "INVALID_ARGUMENT: put of 0 items, wanted 1 to 1000",
    (client) => client.putItems({ ...RECORD, items: [] }),
  ],
  [
    "INVALID_ARGUMENT: delete of 0 keys, wanted 1 to 1000",
    (client) => client.deleteItems({ ...RECORD, predicate: matchKeys() }),
  ],
];

const LIMITS: ExactCost = {
  rule: "ERR-1",
  says: "limits that are passed by one: what was found, and what is wanted",
  ask: async (stage) => {
    const { client } = await stage.serve({ options: { maxValueBytes: 100 } });
    const found: (string | undefined)[] = [];
    for (const [, call] of PAST) found.push((await errorOf(call(client)))?.message);
    return differences(PAST.map(([words], i) => [`call ${i + 1}:`, found[i], words]));
  },
};

const NO_TEXT: ExactCost = {
  rule: "ERR-1",
  says: "a cursor that holds no text, and why it holds none",
  ask: async () => {
    const decode = async (): Promise<void> => {
      decodeRowPlace(Uint8Array.of(0, 1, 0xff));
    };
    const error = await errorOf(decode());
    return differences([
      ["error", error?.code, "INVALID_ARGUMENT"],
      ["it has a cause", error?.cause instanceof Error, true],
    ]);
  },
};

/** What cannot be had of an engine of those levels, as it is told. */
const REFUSED: readonly (readonly [ConsistencyWish, readonly string[], string, string])[] = [
  [
    { scope: "GLOBAL", target: "READ_YOUR_WRITES", regions: 1 },
    ["eventual"],
    "GLOBAL READ_YOUR_WRITES",
    "what it can give: LOCAL EVENTUAL",
  ],
  [
    { scope: "LOCAL", target: "READ_YOUR_WRITES", regions: 2 },
    ["global_quorum"],
    "LOCAL READ_YOUR_WRITES over 2 regions",
    "what it can give: GLOBAL EVENTUAL, GLOBAL READ_YOUR_WRITES",
  ],
];

const CONSISTENCY: ExactCost = {
  rule: "CONS-1",
  says: "consistency that an engine cannot give: what was found, and what it can",
  ask: async () => {
    const found = REFUSED.map(([wish, consistency]) =>
      engineConsistency(wish, { engine: "it", consistency } as Parameters<
        typeof engineConsistency
      >[1]),
    );
    return differences(
      REFUSED.map(([, , told, wanted], i) => [
        `of an engine that cannot give ${told}`,
        found[i],
        { kind: "refused", found: told, wanted },
      ]),
    );
  },
};

/** What is had of an engine of those levels: in one region both scopes are the same. */
const GIVEN: readonly (readonly [ConsistencyWish, readonly string[], string])[] = [
  [{ scope: "LOCAL", target: "EVENTUAL", regions: 0 }, ["eventual"], "eventual"],
  [{ scope: "LOCAL", target: "READ_YOUR_WRITES", regions: 1 }, ["quorum"], "quorum"],
  [{ scope: "GLOBAL", target: "EVENTUAL", regions: 0 }, ["eventual"], "eventual"],
  [{ scope: "GLOBAL", target: "READ_YOUR_WRITES", regions: 1 }, ["quorum"], "quorum"],
  [{ scope: "LOCAL", target: "READ_YOUR_WRITES", regions: 2 }, ["quorum"], "quorum"],
  [{ scope: "GLOBAL", target: "EVENTUAL", regions: 2 }, ["global_quorum"], "eventual"],
  [{ scope: "GLOBAL", target: "READ_YOUR_WRITES", regions: 2 }, ["global_quorum"], "global_quorum"],
];

const LEVELS: ExactCost = {
  rule: "CONS-1",
  says: "the level that an engine is told for what a namespace wants in none, one and two regions",
  ask: async () =>
    differences(
      GIVEN.map(([wish, consistency, level]) => {
        const engine = { engine: "it", consistency } as Parameters<typeof engineConsistency>[1];
        const { scope, target, regions } = wish;
        const found = engineConsistency(wish, engine);
        return [`${scope} ${target} in ${regions}:`, found, { kind: "level", level }];
      }),
    ),
};

/** What errors say. */
export const TOLD: readonly ExactCost[] = [
  NOT_APPLIED,
  AS_IT_IS,
  PREPARED,
  OVER,
  LIMITS,
  NO_TEXT,
  CONSISTENCY,
  LEVELS,
];
