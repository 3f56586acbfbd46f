/** A flaw: what is wrong, and a door behind which it is so. */
import type { EngineAdapter } from "../../../src/ports/storage-engine.ts";
import type { Env } from "../../../src/ports/env.ts";
import type { KvClient } from "../../../src/client/kv-client.ts";
import { memory } from "../../../src/engines/memory/adapter.ts";
import { type Door, engineDoor } from "kvdal/conformance";
import { flawedMemory, type Replacements } from "./flawed-memory.ts";

export type Flaw = {
  readonly id: string;
  readonly open: (env: Env) => Promise<Door>;
};

/** A flaw of the engine. */
export function engineFlaw(id: string, replaced: Replacements): Flaw {
  return adapterFlaw(id, () => flawedMemory(replaced));
}

/** A flaw with an adapter of its own. */
export function adapterFlaw(id: string, adapter: () => EngineAdapter): Flaw {
  return { id, open: (env) => engineDoor(adapter(), env) };
}

/** A flaw of what stands between caller and engine: the client's verbs, replaced. `second` is the other client. */
export function clientFlaw(
  id: string,
  replace: (client: KvClient, number: number, env: Env) => Partial<KvClient>,
): Flaw {
  return {
    id,
    open: async (env) => {
      const door = await engineDoor(memory(), env);
      return {
        ...door,
        open: async (wish) => {
          const deployment = await door.open(wish);
          const [first, second] = deployment.clients;
          return {
            ...deployment,
            clients: [
              { ...first, ...replace(first, 0, wish.env) },
              { ...second, ...replace(second, 1, wish.env) },
            ],
          };
        },
      };
    },
  };
}

/** A flaw of how namespaces are set up. */
export function doorFlaw(id: string, change: (door: Door) => Partial<Door>): Flaw {
  return {
    id,
    open: async (env) => {
      const door = await engineDoor(memory(), env);
      return { ...door, ...change(door) };
    },
  };
}
