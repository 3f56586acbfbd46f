/** Engines and servers that do not keep to the level of consistency that they are asked for. */
import { memory, MEMORY_CAPABILITIES } from "../../../src/engines/memory/adapter.ts";
import { CONSISTENCIES, type Consistency } from "../../../src/model/consistency.ts";
import type { EngineAdapter } from "../../../src/ports/storage-engine.ts";
import { engineDoor } from "kvdal/conformance";
import { adapterFlaw, columnsFlaw, doorFlaw, type Flaw } from "./flaw.ts";

/** An engine that declares every level, and at one of them acknowledges each write when the next one comes, or never. */
function lagsAt(level: Consistency, arrives: "with-the-next" | "never"): () => EngineAdapter {
  return () => {
    const shared = memory();
    return {
      name: "lagging",
      open: async (context) => {
        const usual = await shared.open(context);
        let kept: (() => Promise<unknown>) | undefined;
        return {
          ...usual,
          capabilities: { ...MEMORY_CAPABILITIES, consistency: CONSISTENCIES },
          write: async (partition, mutations, call) => {
            if (call.consistency !== level) return usual.write(partition, mutations, call);
            if (arrives === "with-the-next") await kept?.();
            kept = () => usual.write(partition, mutations, call);
            return mutations.map(() => ({ kind: "applied" }));
          },
        };
      },
    };
  };
}

export const consistencyFlaws: readonly Flaw[] = [
  columnsFlaw("tables have a column more", [
    "added timestamp regular",
    "id text partition_key",
    "key blob clustering asc",
    "value blob regular",
    "value_metadata blob regular",
  ]),
  adapterFlaw("lags a write behind at quorum", lagsAt("quorum", "with-the-next")),
  adapterFlaw("lags a write behind at global quorum", lagsAt("global_quorum", "with-the-next")),
  adapterFlaw("keeps writes at eventual for itself", lagsAt("eventual", "never")),
  doorFlaw("takes levels that it does not give", (door) => ({
    open: (wish) =>
      door.open({
        ...wish,
        namespaces: wish.namespaces.map((one) => ({ ...one, consistency: "quorum" })),
      }),
  })),
  doorFlaw("has a store for each start", () => ({
    open: async (wish) => (await engineDoor(memory(), wish.env)).open(wish),
  })),
];
