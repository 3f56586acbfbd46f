/** Writes rows one after another into the store of the given folder, and says each number once it is acknowledged. */
import { utf8 } from "../../src/model/bytes.ts";
import { MINUTE } from "../../src/model/time.ts";
import { neverAborted } from "../../src/ports/never-aborted.ts";
import { rocksdb } from "../../src/engines/rocksdb/adapter.ts";
import { systemEnv } from "../../src/system/env.ts";
import { runNative } from "../../src/system/native.ts";

const env = systemEnv();
const adapter = rocksdb({ path: process.argv[2] as string });
try {
  const engine = await adapter.open({ env, native: runNative });
  for (let i = 0; ; i += 1) {
    const version = { time: i + 1, rank: 0, expiry: 0, nonce: new Uint8Array(16) } as const;
    const row = { key: utf8(String(i)), value: utf8(String(i)), metadata: utf8(""), version };
    const deadline = env.clock.monotonic() + MINUTE;
    const call = { deadline, signal: neverAborted, consistency: "quorum", now: 1 } as const;
    await engine.write({ table: "kill", id: "r" }, [{ kind: "put", row }], call);
    process.stdout.write(`${i}\n`);
  }
} catch (error) {
  process.stdout.write(`${String(error)}\n`);
}
