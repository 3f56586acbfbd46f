import { SECOND } from "../../src/model/time.ts";
import type { IdempotencyToken } from "../../src/model/token.ts";
import { type NamespaceOptions, resolveNamespace } from "../../src/namespace/namespace.ts";
import { neverAborted } from "../../src/ports/never-aborted.ts";
import type { StorageEngine } from "../../src/ports/storage-engine.ts";
import type { ServiceCall, ServiceParts } from "../../src/service/service-parts.ts";
import { createService, type KvService } from "../../src/service/service.ts";
import { hmacSha256 } from "../../src/system/hmac.ts";
import { type SteppedEnv, steppedEnv, WALL_BEGIN } from "../fakes/stepped-env.ts";

/** A server in a stepped world, and calls to it. */
export type ServiceStage = {
  readonly env: SteppedEnv;
  readonly handle: KvService["handle"];
  /** A call with ten seconds, with what is given changed. */
  readonly call: (changes?: Partial<ServiceCall>) => ServiceCall;
};

/** A server over the engine with two namespaces, `users` and `orders`, of the same options. */
export function serviceStage(
  engine: StorageEngine,
  options: Partial<NamespaceOptions> = {},
  env: SteppedEnv = steppedEnv(),
  parts: Partial<ServiceParts> = {},
): ServiceStage {
  const namespaces = ["users", "orders"].map((name) =>
    resolveNamespace({ name, ...options }, { primary: engine }),
  );
  const mac = hmacSha256(new Uint8Array(16).fill(1));
  const { handle } = createService({ env, mac, namespaces, ...parts });
  const call = (changes: Partial<ServiceCall> = {}): ServiceCall => ({
    deadline: env.clock.monotonic() + 10 * SECOND,
    signal: neverAborted,
    ...changes,
  });
  return { env, handle, call };
}

/** A token of the stepped world's beginning, or so many microseconds later. */
export function tokenAt(distance = 0): IdempotencyToken {
  return { generationTime: WALL_BEGIN + distance, nonce: new Uint8Array(16).fill(5) };
}
