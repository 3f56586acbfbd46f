/** The engine port over the memory engine: what a call costs when storage costs nothing. */
import { DAY, memory, MINUTE, systemEnv, utf8 } from "kvdal";
import { neverAborted } from "kvdal/client";
import type { EngineCall, Mutation, StorageEngine } from "kvdal/engine";
import type { MicroBench } from "./micro-bench.ts";

const TABLE = "bench";
const ROWS = 1_000;
const PAGE_ROWS = 100;
const VALUE_BYTES = 100;

/** Benches of put, get and page over a record of 1,000 rows of 100 bytes. Opens an engine of its own. */
export async function engineBenches(): Promise<readonly MicroBench[]> {
  const env = systemEnv();
  const engine = await memory().open({ env, native: (_label, thunk) => thunk() });
  const call = (): EngineCall => ({
    deadline: env.clock.monotonic() + MINUTE,
    signal: neverAborted,
    consistency: "quorum",
    now: env.clock.wall(),
  });
  await engine.provision({ table: TABLE, retention: DAY }, call());
  const partition = { table: TABLE, id: "record" };
  let time = 1;
  const put = (row: number): Mutation => ({
    kind: "put",
    row: {
      key: keyOf(row),
      value: new Uint8Array(VALUE_BYTES),
      metadata: new Uint8Array(0),
      version: { time: (time += 1), rank: 0, expiry: 0, nonce: new Uint8Array(16) },
    },
  });
  for (let row = 0; row < ROWS; row += 1) await engine.write(partition, [put(row)], call());
  return benchesOver(engine, call, put);
}

function benchesOver(
  engine: StorageEngine,
  call: () => EngineCall,
  put: (row: number) => Mutation,
): readonly MicroBench[] {
  const partition = { table: TABLE, id: "record" };
  const projection = "rows" as const;
  let row = 0;
  const next = (): number => {
    row = (row + 7) % ROWS;
    return row;
  };
  const bench = (name: string, run: () => Promise<unknown>): MicroBench => ({
    name,
    operations: 1,
    run: async () => {
      await run();
    },
  });
  return [
    bench("engine port, memory: put", () => engine.write(partition, [put(next())], call())),
    bench("engine port, memory: get", () =>
      engine.readKeys({ ...partition, keys: [keyOf(next())], projection }, call()),
    ),
    bench("engine port, memory: page of 100 rows", () =>
      engine.readRange(
        {
          ...partition,
          range: { start: keyOf(next() % (ROWS - PAGE_ROWS)) },
          reverse: false,
          rowLimit: PAGE_ROWS,
          byteLimit: Number.POSITIVE_INFINITY,
          projection,
        },
        call(),
      ),
    ),
  ];
}

function keyOf(row: number): Uint8Array {
  return utf8(String(row).padStart(6, "0"));
}
