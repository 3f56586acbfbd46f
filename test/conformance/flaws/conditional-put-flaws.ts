/** Engines and clients that mistake the condition of a put. */
import { compareVersions, RANK_DELETE } from "../../../src/model/version.ts";
import type { KvClient } from "../../../src/client/kv-client.ts";
import { MEMORY_CAPABILITIES } from "../../../src/engines/memory/adapter.ts";
import { applyToRecord } from "../../../src/engines/memory/memory-record.ts";
import { insertIfAbsent } from "../../../src/engines/memory/memory-verbs.ts";
import { engineDoor } from "kvdal/conformance";
import { engineFlaw, type Flaw } from "./flaw.ts";
import { flawedMemory } from "./flawed-memory.ts";

/** The condition gets lost between caller and server. */
const unconditional = (client: KvClient): KvClient => ({
  ...client,
  putItems: ({ namespace, id, items, token }, options) =>
    client.putItems({ namespace, id, items, ...(token && { token }) }, options),
});

/** A client without conditions before an engine that has, or has not, conditional puts. */
function forgetful(id: string, putIfAbsent: boolean): Flaw {
  return {
    id,
    open: async (env) => {
      const capabilities = { ...MEMORY_CAPABILITIES, putIfAbsent };
      const door = await engineDoor(flawedMemory({ capabilities }), env);
      return {
        ...door,
        open: async (wish) => {
          const deployment = await door.open(wish);
          const [first, second] = deployment.clients;
          return { ...deployment, clients: [unconditional(first), unconditional(second)] };
        },
      };
    },
  };
}

export const conditionalPutFlaws: readonly Flaw[] = [
  engineFlaw("a conditional put stores whatever is there", {
    insert: (record, row) => {
      const { kind } = applyToRecord(record, { kind: "put", row });
      return { kind: kind === "applied" ? "inserted" : "present" };
    },
  }),
  engineFlaw("a conditional put is told that it was first, whatever became of it", {
    insert: (record, row, now) => {
      insertIfAbsent(record, row, now);
      return { kind: "inserted" };
    },
  }),
  engineFlaw("a repeat of a conditional put finds itself", {
    insert: (record, row, now) => {
      const present = record.rows.get(row.key);
      const isRepeat = present !== undefined && compareVersions(present.version, row.version) === 0;
      return isRepeat ? { kind: "present" } : insertIfAbsent(record, row, now);
    },
  }),
  engineFlaw("a deleted item is in the way of a conditional put", {
    insert: (record, row, now) =>
      record.rows.get(row.key)?.version.rank === RANK_DELETE
        ? { kind: "present" }
        : insertIfAbsent(record, row, now),
  }),
  forgetful("the condition of a put gets lost", true),
  forgetful("the condition of a put gets lost where it is not supported", false),
];
