/** A log of mutations over an engine in memory, whose verbs a test may replace, in a world that stands still. */
import { memory } from "../../src/engines/memory/adapter.ts";
import { MINUTE, SECOND } from "../../src/model/time.ts";
import { type LogOptions, resolveLog } from "../../src/namespace/log.ts";
import { type Namespace, resolveNamespace } from "../../src/namespace/namespace.ts";
import { provisionLog, provisionNamespace } from "../../src/namespace/provision.ts";
import {
  namespaceRegistry,
  namespaceSnapshot,
  type ReplaceableRegistry,
} from "../../src/namespace/registry.ts";
import type { StorageEngine } from "../../src/ports/storage-engine.ts";
import { neverAborted } from "../../src/ports/never-aborted.ts";
import { type MutationLog, mutationLog } from "../../src/service/mutation-log.ts";
import { createService, type KvService } from "../../src/service/service.ts";
import type { ServiceCall } from "../../src/service/service-parts.ts";
import { hmacSha256 } from "../../src/system/hmac.ts";
import { type SteppedEnv, steppedEnv } from "../fakes/stepped-env.ts";

/** A server with a log, and one more log over the same table. */
export type LogStage = {
  readonly env: SteppedEnv;
  readonly engine: StorageEngine;
  readonly log: MutationLog;
  readonly other: MutationLog;
  readonly handle: KvService["handle"];
  readonly call: () => ServiceCall;
  /** Serves these namespaces from now on. */
  readonly serve: (...names: readonly string[]) => void;
};

/** Names of the namespaces that are served at first. */
const NAMES = ["users", "orders"];

/** The stage. */
export async function logStage(
  options: LogOptions = {},
  replace: (engine: StorageEngine) => Partial<StorageEngine> = () => ({}),
): Promise<LogStage> {
  const env = steppedEnv();
  const native = <T>(_label: string, thunk: () => Promise<T>): Promise<T> => thunk();
  const bare = await memory().open({ env, native });
  const engine = { ...bare, ...replace(bare) };
  const all = NAMES.map((name) =>
    resolveNamespace({ name, tokens: { maxAge: MINUTE, maxDrift: SECOND } }, { primary: engine }),
  );
  for (const namespace of all) await provisionNamespace(namespace, env);
  const resolved = resolveLog(options, engine);
  await provisionLog(resolved, env);
  const namespaces = registryOf(all);
  const parts = { env, log: resolved, namespaces };
  const log = mutationLog(parts);
  const mac = hmacSha256(new Uint8Array(16).fill(1));
  const { handle } = createService({ env, mac, namespaces, log });
  return {
    env,
    engine,
    log,
    other: mutationLog(parts),
    handle,
    call: () => ({ deadline: env.clock.monotonic() + 10 * SECOND, signal: neverAborted }),
    serve: (...names) => {
      namespaces.replace(snapshotOf(all.filter(({ name }) => names.includes(name))));
    },
  };
}

function registryOf(namespaces: readonly Namespace[]): ReplaceableRegistry {
  return namespaceRegistry(snapshotOf(namespaces));
}

function snapshotOf(namespaces: readonly Namespace[]) {
  const served = namespaces.map((namespace) => ({ namespace, aliases: [] }));
  return namespaceSnapshot("stage", served);
}
