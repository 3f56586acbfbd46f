/** What errors say: whether anything was applied, what was found and wanted, and what lies beneath. */
import { keyOnly, KvError, utf8 } from "kvdal";
import { decodeRowPlace } from "kvdal/engine";
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

/** What errors say. */
export const TOLD: readonly ExactCost[] = [NOT_APPLIED, AS_IT_IS, NO_TEXT, CONSISTENCY];
