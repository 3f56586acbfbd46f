/** A flaw: what is wrong, and a door behind which it is so. */
import type { EngineAdapter } from "../../../src/ports/storage-engine.ts";
import type { Env } from "../../../src/ports/env.ts";
import type { KvClient } from "../../../src/client/kv-client.ts";
import { memory } from "../../../src/engines/memory/adapter.ts";
import {
  type Around,
  type ClientWish,
  type Deployment,
  type Door,
  type DoorOptions,
  type DoorWish,
  engineDoor,
} from "kvdal/conformance";
import { flawedMemory, type Replacements } from "./flawed-memory.ts";

export type Flaw = {
  readonly id: string;
  readonly open: (env: Env) => Promise<Door>;
};

/** A flaw of the engine. */
export function engineFlaw(id: string, replaced: Replacements): Flaw {
  return adapterFlaw(id, () => flawedMemory(replaced));
}

/** A flaw of tables, which have these columns whatever was asked for. */
export function columnsFlaw(id: string, columns: readonly string[]): Flaw {
  return { id, open: (env) => engineDoor(memory(), env, { columnsOf: async () => columns }) };
}

/** A flaw with an adapter of its own. */
export function adapterFlaw(id: string, adapter: () => EngineAdapter): Flaw {
  return { id, open: (env) => engineDoor(adapter(), env) };
}

/** A flaw of what stands between caller and engine: the client's verbs, replaced. `number` counts the clients. */
export function clientFlaw(
  id: string,
  replace: (client: KvClient, number: number, env: Env) => Partial<KvClient>,
): Flaw {
  return deploymentFlaw(id, ({ connect, clients: [first, second] }, { env }) => ({
    clients: [
      { ...first, ...replace(first, 0, env) },
      { ...second, ...replace(second, 1, env) },
    ],
    connect: (wish) => {
      const client = connect(wish);
      return { ...client, ...replace(client, 2, wish?.env ?? env) };
    },
  }));
}

/** A flaw of what clients are made of. */
export function connectFlaw(id: string, change: (wish: ClientWish, env: Env) => ClientWish): Flaw {
  return deploymentFlaw(id, (deployment, { env }) => {
    const connect = (wish: ClientWish = {}): KvClient => deployment.connect(change(wish, env));
    return { connect, clients: [connect(), connect()] };
  });
}

/** A flaw of an open deployment. */
export function deploymentFlaw(
  id: string,
  change: (deployment: Deployment, wish: DoorWish) => Partial<Deployment>,
): Flaw {
  return doorFlaw(id, ({ open }) => ({
    open: async (wish) => {
      const deployment = await open(wish);
      return { ...deployment, ...change(deployment, wish) };
    },
  }));
}

/** A flaw of the servers, as it shows between them and any client. */
export function aroundFlaw(id: string, around: Around): Flaw {
  return { id, open: (env) => engineDoor(memory(), env, { around }) };
}

/** A flaw of what namespaces are made of. */
export function overlayFlaw(id: string, overlay: NonNullable<DoorOptions["overlay"]>): Flaw {
  return { id, open: (env) => engineDoor(memory(), env, { overlay }) };
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
