// Goal: a put that was accepted in a list expires as the namespace's default was then, however often it is applied and
// whatever the default becomes (TTL-2, MUT-1).
import { expect, test } from "vitest";
import { createClient } from "../../src/client/kv-client.ts";
import { memory } from "../../src/engines/memory/adapter.ts";
import { utf8 } from "../../src/model/bytes.ts";
import { KvError } from "../../src/model/error.ts";
import { HOUR, type Micros, SECOND } from "../../src/model/time.ts";
import { resolveLog } from "../../src/namespace/log.ts";
import { type Namespace, resolveNamespace } from "../../src/namespace/namespace.ts";
import { provisionLog, provisionNamespace } from "../../src/namespace/provision.ts";
import { namespaceRegistry, namespaceSnapshot } from "../../src/namespace/registry.ts";
import { neverAborted } from "../../src/ports/never-aborted.ts";
import type { StorageEngine } from "../../src/ports/storage-engine.ts";
import { inProcess } from "../../src/rpc/in-process.ts";
import { mutationLog } from "../../src/service/mutation-log.ts";
import { createService } from "../../src/service/service.ts";
import { hmacSha256 } from "../../src/system/hmac.ts";
import { runNative } from "../../src/system/native.ts";
import { steppedEnv, WALL_BEGIN } from "../fakes/stepped-env.ts";

const at = { namespace: "users", id: "r" };

test.each([
  ["had none", undefined, HOUR],
  ["had an hour", HOUR, undefined],
  ["had an hour, and two later", HOUR, 2 * HOUR],
])("a namespace that %s when the list was accepted", async (_what, first, second) => {
  const env = steppedEnv();
  const bare = await memory().open({ env, native: runNative });
  let dies = false;
  const engine: StorageEngine = {
    ...bare,
    write: async (partition, mutations, call) => {
      if (dies && partition.table === "kvdal_log") throw new KvError("UNAVAILABLE", "scripted");
      return bare.write(partition, mutations, call);
    },
  };
  const users = (ttl: Micros | undefined): Namespace =>
    resolveNamespace(
      { name: "users", ...(ttl === undefined ? {} : { defaultTtlMicros: ttl }) },
      { primary: engine },
    );
  const served = (ttl: Micros | undefined) =>
    namespaceSnapshot("test", [{ namespace: users(ttl), aliases: [] }]);
  await provisionNamespace(users(first), env);
  const namespaces = namespaceRegistry(served(first));
  const resolved = resolveLog({}, engine);
  await provisionLog(resolved, env);
  const log = mutationLog({ env, log: resolved, namespaces });
  const mac = hmacSha256(new Uint8Array(16));
  const { handle } = createService({ env, mac, namespaces, log });
  const client = createClient({ env, transport: inProcess({ handle }, env) });
  const put = [{ key: utf8("k"), value: utf8("v") }];
  const { token } = await client.mutateItems({ mutations: [{ ...at, put }] });
  const expiry = async (): Promise<Micros | undefined> =>
    (await client.getItems(at)).items[0]?.metadata.lifecycle.expiresAt;
  // Applied, and nobody knows of it.
  dies = true;
  await log.apply(neverAborted).catch(() => undefined);
  dies = false;
  const wanted = first === undefined ? undefined : token.generationTime + first;
  expect(token.generationTime).toBeGreaterThanOrEqual(WALL_BEGIN);
  expect(await expiry()).toBe(wanted);
  namespaces.replace(served(second));
  env.stall(10 * SECOND);
  await log.apply(neverAborted);
  expect(await expiry()).toBe(wanted);
});
