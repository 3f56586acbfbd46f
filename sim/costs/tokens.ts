/** Tokens after refused ones, and what clients ask before they date anything (TOK-2). */
import { HOUR, keyOnly, KvError, SECOND, utf8 } from "kvdal";
import type { KvClient } from "kvdal/client";
import { differences, tableDifference } from "../exact/difference.ts";
import type { ExactCost } from "./exact-cost.ts";
import { ScriptedServer } from "./scripted.ts";
import { errorOf, STAGE_NAMESPACE } from "./stage.ts";

const RECORD = { namespace: STAGE_NAMESPACE, id: "record" };
const ITEMS = [keyOnly(utf8("key"))];
const FROM_FUTURE = new KvError("TOKEN_FROM_FUTURE", "the token is of tomorrow");
const UNAVAILABLE = new KvError("UNAVAILABLE", "nobody is there");
const UNKNOWN = new KvError("OUTCOME_UNKNOWN", "the line went dead");

const put = (client: KvClient) => client.putItems({ ...RECORD, items: ITEMS });

/** Whatever takes a token. */
const MUTATIONS: readonly (readonly [string, (client: KvClient) => Promise<unknown>])[] = [
  ["a put", put],
  ["a deletion", (client) => client.deleteItems(RECORD)],
  ["a list", (client) => client.mutateItems({ mutations: [{ ...RECORD, put: ITEMS }] })],
];

const AFTER_REFUSAL: ExactCost = {
  rule: "TOK-2",
  says: "tokens after one that was refused, for certain or after an unknown end, once the clock is set right",
  ask: async (stage) => {
    const found: (readonly unknown[])[] = [];
    for (const [, mutate] of MUTATIONS) {
      const isAhead: boolean[] = [];
      for (const first of [FROM_FUTURE, UNKNOWN]) {
        const server = await ScriptedServer.of(stage);
        const errors = [first, FROM_FUTURE];
        server.script = ({ kind }) => ({
          error: kind === "handshake" ? UNAVAILABLE : (errors.shift() ?? FROM_FUTURE),
        });
        stage.ahead = HOUR;
        await errorOf(mutate(server.client));
        stage.ahead = 0;
        server.script = () => ({});
        const { token } = await put(server.client);
        isAhead.push(token.generationTime > stage.env.clock.wall());
      }
      found.push(isAhead);
    }
    const rows = MUTATIONS.map(([says]) => says);
    // One that may have been taken is not undercut.
    const columns = ["refused for certain, the next is ahead", "after an unknown end, it is"];
    return tableDifference(
      { rows, columns },
      found,
      rows.map(() => [false, true]),
    );
  },
};

const GREETINGS: ExactCost = {
  rule: "SIG-3",
  says: "requests of a scan, and of a put whose clock was set forward, after a long silence",
  ask: async (stage) => {
    const server = await ScriptedServer.of(stage, { limits: { refreshMicros: SECOND } });
    const { client } = server;
    await put(client);
    await stage.pass(SECOND);
    const scanned = await server.sentBy(async () => {
      for await (const _ of client.scan({ namespace: STAGE_NAMESPACE }));
    });
    await stage.pass(SECOND);
    stage.ahead = HOUR;
    const dated = await server.sentBy(() => put(client));
    return differences([
      ["of the scan", scanned, ["handshake", "scan_items"]],
      ["of the put", dated, ["handshake", "put_items"]],
    ]);
  },
};

/** What clients date by. */
export const TOKENS: readonly ExactCost[] = [AFTER_REFUSAL, GREETINGS];
