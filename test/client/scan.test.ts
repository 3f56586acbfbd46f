// Goal: a scan asks for no more than it may, gives every page once, and leaves nothing when it ends, however that is.
import { describe, expect, test } from "vitest";
import type {
  ScanInput,
  ScanItemsInput,
  ScanItemsResult,
  ScannedPage,
} from "../../src/client/inputs.ts";
import { type ScanParts, scanPages } from "../../src/client/scan.ts";
import { utf8 } from "../../src/model/bytes.ts";
import { KvError } from "../../src/model/error.ts";
import type { ScannedItem } from "../../src/model/scan.ts";
import { rejectionOf } from "../fakes/error-of.ts";
import { settle } from "../fakes/stepped-env.ts";

type Asked = {
  readonly input: ScanItemsInput;
  readonly answer: (result: ScanItemsResult) => void;
  readonly fail: (error: KvError) => void;
};

/** Pages are asked for and answered by hand, or, `byItself`, at once: three a segment. */
function stage(byItself = false) {
  const asked: Asked[] = [];
  const resolved: string[] = [];
  let out = 0;
  const parts: ScanParts = {
    resolve: async (namespace) => {
      resolved.push(namespace);
      return `${namespace}_own`;
    },
    page: (input, { signal }) =>
      new Promise((resolve, reject) => {
        out += 1;
        let isOver = false;
        const end = (): void => {
          if (!isOver) out -= 1;
          isOver = true;
        };
        const fail = (error: KvError): void => {
          end();
          reject(error);
        };
        signal?.addEventListener("abort", () => fail(new KvError("CANCELLED", "given up")));
        const answer = (result: ScanItemsResult): void => {
          end();
          resolve(result);
        };
        asked.push({ input, answer, fail });
        if (byItself) answer(pageOf(input));
      }),
  };
  return { parts, asked, resolved, out: () => out };
}

/** The page that an input is for: its token counts to three. */
function pageOf({ segment, pageToken }: ScanItemsInput): ScanItemsResult {
  const turn = pageToken?.[0] ?? 0;
  const id = `${segment?.index ?? 0}/${turn}`;
  const metadata = { lifecycle: { writeTime: 1 } };
  const item: ScannedItem = { id, key: utf8("k"), value: utf8("v"), valueOmitted: false, metadata };
  return { items: [item], nextPageToken: turn === 2 ? undefined : Uint8Array.of(turn + 1) };
}

async function taken(parts: ScanParts, input: ScanInput): Promise<readonly ScannedPage[]> {
  const pages: ScannedPage[] = [];
  for await (const page of scanPages(input, undefined, parts)) pages.push(page);
  return pages;
}

const idsOf = (pages: readonly ScannedPage[]): readonly string[] =>
  pages.flatMap(({ items }) => items.map(({ id }) => id)).toSorted();

const ALL = ["0/0", "0/1", "0/2", "1/0", "1/1", "1/2", "2/0", "2/1", "2/2"];

describe("scanPages()", () => {
  test.each([1, 2, 3, 50])("gives every page once, %i segments at a time", async (concurrency) => {
    const { parts, asked, resolved } = stage(true);
    const pages = await taken(parts, { namespace: "n", segments: 3, concurrency });
    expect(idsOf(pages)).toEqual(ALL);
    expect(pages.at(-1)?.checkpoint.segments).toEqual(["end", "end", "end"]);
    expect(resolved).toEqual(["n"]);
    expect(new Set(asked.map(({ input }) => input.namespace))).toEqual(new Set(["n_own"]));
  });

  test("goes on from any of its checkpoints with what had not been given", async () => {
    const pages = await taken(stage(true).parts, { namespace: "n", segments: 3 });
    for (const [i, { checkpoint }] of pages.entries()) {
      const { parts, resolved } = stage(true);
      const rest = await taken(parts, { from: checkpoint });
      expect(idsOf([...pages.slice(0, i + 1), ...rest])).toEqual(ALL);
      expect(resolved).toEqual([]);
    }
  });

  test("asks for nothing before the first page is wanted, and for one page a segment then", async () => {
    const { parts, asked, out } = stage();
    const input = { namespace: "n", segments: 5, concurrency: 2 };
    const scan = scanPages(input, undefined, parts)[Symbol.asyncIterator]();
    await settle();
    expect(asked.length).toBe(0);
    const first = scan.next();
    await settle();
    expect(asked.map(({ input: { segment } }) => segment?.index)).toEqual([0, 1]);
    for (const { input: of, answer } of asked.slice()) answer(pageOf(of));
    await first;
    await settle();
    // The page that was taken is followed by the next of its segment; the other one waits.
    expect(asked.length).toBe(3);
    await scan.return?.();
    expect(out()).toBe(0);
  });

  test("ends what is on its way when its reader stops", async () => {
    const { parts, asked, out } = stage();
    const caller = new AbortController();
    const { signal } = caller;
    const scan = scanPages({ namespace: "n", segments: 3 }, { signal }, parts);
    const first = scan.next();
    await settle();
    asked[0]?.answer(pageOf(asked[0].input));
    await first;
    expect(out()).toBe(3);
    const next = scan.next();
    caller.abort();
    expect((await rejectionOf(next))?.code).toBe("CANCELLED");
    expect(out()).toBe(0);
    expect(await scan.next()).toEqual({ done: true, value: undefined });
  });

  test("fails with the first error, after the pages that came before it, and asks for no more", async () => {
    const { parts, asked, out } = stage();
    const scan = scanPages({ namespace: "n", segments: 3 }, undefined, parts);
    const first = scan.next();
    await settle();
    asked[1]?.answer(pageOf(asked[1].input));
    asked[0]?.fail(new KvError("UNAVAILABLE", "no"));
    expect((await first).value?.segment).toBe(1);
    expect((await rejectionOf(scan.next()))?.code).toBe("UNAVAILABLE");
    expect(out()).toBe(0);
    expect(asked.length).toBe(3);
  });

  test.each<readonly [string, ScanInput]>([
    ["no segment", { namespace: "n", segments: 0 }],
    ["too many segments", { namespace: "n", segments: 257 }],
    ["none at a time", { namespace: "n", concurrency: 0 }],
    ["no namespace", {}],
    ["a checkpoint of nothing", { from: { namespace: "n", segments: [] } }],
  ])("refuses %s", async (_name, input) => {
    const { parts, asked } = stage(true);
    expect((await rejectionOf(taken(parts, input)))?.code).toBe("INVALID_ARGUMENT");
    expect(asked).toEqual([]);
  });
});
