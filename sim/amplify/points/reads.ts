/** Points on the way of pages and scans. */
import type { Point } from "../point.ts";

const PAGES = { file: "src/service/collect-page.ts" } as const;

/** Of reads. */
export const READ_POINTS: readonly Point[] = [
  {
    ...PAGES,
    name: "page-read-late",
    what: "a pause before a page asks the engine for its first rows",
    find: "const step = nextStep(work, progress);",
    side: "before",
    at: "work.call.signal",
    when: "!hasAdvanced(work, progress)",
  },
  {
    name: "page-of-single-rows",
    what: "a read of a page that asks the engine for one row",
    file: "src/service/page-source.ts",
    find: "const page = await namespace.engine.readRange(",
    side: "before",
    at: "call.signal",
    // Keys that are asked for together are answered as of one moment: a list of keys is left whole.
    does: "rowLimit = 1;",
  },
  {
    name: "scan-of-single-rows",
    what: "a read of a scan that asks the engine for one row",
    file: "src/service/scan-source.ts",
    find: "const from = standing(after);",
    side: "before",
    at: "call.signal",
    does: "rowLimit = 1;",
  },
  {
    ...PAGES,
    name: "page-ends-early",
    what: "a page that ends with what its first read has brought",
    find: "progress.idleReads = progress.items.length === before ? progress.idleReads + 1 : 0;",
    side: "after",
    at: "work.call.signal",
    when: "!full && rows.resumeAfter !== undefined && progress.items.length > before",
    does: "progress.after = rows.resumeAfter; return finished(work, progress, false);",
  },
  {
    ...PAGES,
    name: "page-read-lost",
    what: "a later read of a page that fails in passing",
    find: "noteRows(stats, projectionOf(work), sizesOf(rows.rows));",
    side: "before",
    at: "call.signal",
    when: "hasAdvanced(work, progress)",
    does: 'throw new KvError("UNAVAILABLE", "the engine did not answer in time");',
  },
  {
    ...PAGES,
    name: "sizes-forgotten",
    what: "a server that forgets how large items are",
    find: "const timeLeft = call.deadline - env.clock.monotonic();",
    side: "before",
    at: "call.signal",
    does: "stats.sizes.rows = { items: 0, bytes: 0 }; stats.sizes.keys = { items: 0, bytes: 0 };",
  },
  {
    ...PAGES,
    name: "latency-forgotten",
    what: "a server that forgets how long reads take",
    find: "const timeLeft = call.deadline - env.clock.monotonic();",
    side: "before",
    at: "call.signal",
    does: "stats.latency = { mean: 0, deviation: 0, rows: 0 };",
  },
  {
    name: "scan-sealed-late",
    what: "a pause between the rows of a scan's page and its token",
    file: "src/service/scan-items.ts",
    find: "const page = await collectPage({ source, selection, from, namespace, stats, env, call, client });",
    side: "after",
    at: "call.signal",
  },
];
