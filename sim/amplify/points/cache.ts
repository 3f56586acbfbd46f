/** Points in the cache tier. */
import type { Point } from "../point.ts";

const READS = { file: "src/service/cached-reads.ts", at: "call.signal" } as const;
const WRITES = { file: "src/service/cached-writes.ts", at: "call.signal" } as const;
const ROWS = { file: "src/service/cached-rows.ts", at: "call.signal" } as const;
const STAMPS = { file: "src/service/cache-stamps.ts", at: "call.signal" } as const;
const ACCESS = { file: "src/service/cache-access.ts", at: "call.signal" } as const;

/** Of what is in front of the primary. */
export const CACHE_POINTS: readonly Point[] = [
  {
    ...ROWS,
    name: "fill-late",
    what: "a pause between the primary's answer and its way into the cache",
    find: "const entry = encodeEntry({ stamps, rows, until: call.now + life });",
    side: "before",
  },
  {
    ...ROWS,
    name: "fill-left-out",
    what: "an answer of the primary that is not kept in the cache",
    find: "const entry = encodeEntry({ stamps, rows, until: call.now + life });",
    side: "before",
    does: "return;",
  },
  {
    ...WRITES,
    name: "marker-to-write-late",
    what: "a pause between the marker in the cache and the write that it announces",
    find: "const result = await work();",
    side: "before",
  },
  {
    ...WRITES,
    name: "write-to-stamp-late",
    what: "a pause between a write and the fresh stamps in the cache",
    find: "const result = await work();",
    side: "after",
  },
  {
    ...READS,
    name: "stamps-to-page-late",
    what: "a pause between a look at the cache and the page that is read for it",
    find: "const present = look.stamps;",
    side: "before",
  },
  {
    ...READS,
    name: "stamps-to-items-late",
    what: "a pause between a look at the cache and the items that are read for it",
    find: "if (items === undefined) {",
    side: "before",
  },
  {
    ...ACCESS,
    name: "cache-passed-by",
    what: "a read that leaves the cache alone, as where it fails",
    find: "const { admitted, state } = admitRead(",
    side: "before",
    does: "return undefined;",
    passesCache: true,
  },
  {
    ...ACCESS,
    name: "cache-asked-in-vain",
    what: "a look at the cache that it does not answer",
    find: "return await this.#tried(brief, () => engine.get(slot.name, brief), UNKNOWN);",
    side: "before",
    does: "return UNKNOWN;",
    passesCache: true,
  },
  {
    ...STAMPS,
    name: "stamps-left-out",
    what: "stamps that are missing in the cache, and not put there",
    find: "const present = await Promise.all(",
    side: "before",
    does: "return undefined;",
    passesCache: true,
  },
  {
    ...STAMPS,
    name: "stamp-put-late",
    what: "a pause before a stamp is put into the cache where there is none",
    find: "const value = this.#random.bytes(STAMP_BYTES);",
    side: "before",
  },
  {
    name: "flight-late",
    what: "a pause between the primary's answer and the end of a read that others may share",
    file: "src/service/flights.ts",
    find: "const own = work();",
    side: "before",
    at: "call.signal",
    does:
      "const read = work; work = async () => { const page = await read(); " +
      'await call.signal.amplify.pause("flight-late"); return page; };',
  },
  {
    ...ACCESS,
    name: "stamp-set-late",
    what: "a pause before one of the markers or stamps of a write goes to the cache",
    find: "const set = () => engine.set(slot.name, value, ttl, call);",
    side: "before",
  },
  {
    ...ACCESS,
    name: "stamp-set-in-vain",
    what: "a marker or stamp of a write that the cache does not confirm",
    find: "const set = () => engine.set(slot.name, value, ttl, call);",
    side: "before",
    does: "return false;",
    passesCache: true,
  },
  {
    name: "shared-read-late",
    what: "a pause before a read that was shared is told",
    file: "src/service/flights.ts",
    find: "const shared = await this.#within(call, other);",
    side: "after",
    at: "call.signal",
    rare: "two readers have to miss the same at one server at one time",
  },
];
