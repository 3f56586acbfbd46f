/** Put and get of values that grow, by the layer and by the driver alone, in turn, so that both meet the same load. */
import { randomBytes } from "node:crypto";
import { type KvClient, utf8 } from "kvdal";
import { type Spread, spreadOf } from "../report.ts";
import type { BareChunks } from "./bare-chunks.ts";
import { fitLine, type LinearFit } from "./linear-fit.ts";
import { NAMESPACE } from "./stores.ts";

/** One size of one way. */
type SizeResult = { readonly mib: number; readonly millis: Spread };

/** One way: all sizes, the line through their medians, and the pace at the largest. */
export type GrowingFigures = {
  readonly name: string;
  readonly sizes: readonly SizeResult[];
  readonly fit: LinearFit;
  readonly mibPerSecond: number;
};

type Way = {
  readonly name: string;
  readonly run: (id: string, value: Buffer) => Promise<void>;
};

const MIB = 1024 * 1024;

/** Measures every size, `rounds` times and once more to warm up. */
export async function measureGrowing(
  client: KvClient,
  bare: BareChunks | undefined,
  sizes: readonly number[],
  rounds: number,
): Promise<readonly GrowingFigures[]> {
  const ways = [...layerWays(client), ...(bare === undefined ? [] : bareWays(bare))];
  const times = new Map(ways.map(({ name }) => [name, new Map<number, number[]>()]));
  // The same values each time: making them anew would leave more to collect than what is measured does.
  const values = new Map(sizes.map((mib) => [mib, randomBytes(mib * MIB)]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [mib, value] of values) {
      for (const { name, run } of ways) {
        const begun = performance.now();
        await run(`size ${mib}`, value);
        const millis = performance.now() - begun;
        const list = times.get(name)?.get(mib) ?? [];
        if (round > 0) times.get(name)?.set(mib, [...list, millis]);
      }
    }
  }
  return ways.map(({ name }) => figuresOf(name, times.get(name) ?? new Map()));
}

function layerWays(client: KvClient): readonly Way[] {
  const key = utf8("k");
  return [
    {
      name: "put",
      run: async (id, value) => {
        await client.putValue({ namespace: NAMESPACE, id, key }, [value]);
      },
    },
    {
      name: "get",
      run: async (id, value) => {
        const reader = await client.readValue({ namespace: NAMESPACE, id, key });
        let bytes = 0;
        for await (const piece of reader?.value ?? []) bytes += piece.length;
        if (bytes !== value.length) throw new Error(`${bytes} bytes came, wanted ${value.length}`);
      },
    },
  ];
}

function bareWays(bare: BareChunks): readonly Way[] {
  return [
    { name: "put, bare driver", run: bare.put },
    {
      name: "get, bare driver",
      run: async (id, value) => {
        const bytes = await bare.get(id, value.length);
        if (bytes !== value.length) throw new Error(`${bytes} bytes came, wanted ${value.length}`);
      },
    },
  ];
}

function figuresOf(name: string, times: ReadonlyMap<number, readonly number[]>): GrowingFigures {
  const sizes = [...times].map(([mib, millis]) => ({ mib, millis: spreadOf(millis) }));
  const fit = fitLine(sizes.map(({ mib, millis }) => ({ mib, millis: millis.median })));
  const largest = sizes.at(-1);
  const mibPerSecond = largest === undefined ? 0 : largest.mib / (largest.millis.median / 1000);
  return { name, sizes, fit, mibPerSecond };
}
