/** Points on the way of writes, and of the chunks of large values. */
import type { Point } from "../point.ts";

const CHUNK_STORE = { file: "src/service/chunk-store.ts", at: "call.signal" } as const;

/** Of puts and deletions. */
export const WRITE_POINTS: readonly Point[] = [
  {
    name: "large-item-late",
    what: "a pause before the chunks of a large item of a put are stored",
    file: "src/service/put-items.ts",
    find: "const large = isChunked(item.value.length, chunkAboveBytes);",
    side: "after",
    at: "call.signal",
    when: "large",
  },
  {
    name: "commit-late",
    what: "a pause between the chunks of a put and the rows that commit them",
    file: "src/service/put-items.ts",
    find: "const stored = await stageLarge(request, namespace, call, now, parts.env.random);",
    side: "after",
    at: "call.signal",
    when: "stored !== request.items",
  },
  {
    name: "write-late",
    what: "a pause between the admission of a write and its rows",
    file: "src/service/mutation.ts",
    find: "const { engine, table } = namespace;",
    side: "after",
    at: "call.signal",
  },
  {
    name: "write-refused",
    what: "a write that the engine refuses in passing, before it has done anything",
    file: "src/service/mutation.ts",
    find: "const { engine, table } = namespace;",
    side: "after",
    at: "call.signal",
    does: 'throw new KvError("UNAVAILABLE", "the engine is not there, for now", { applied: "no" });',
  },
  {
    name: "write-answer-late",
    what: "a pause between what a write has done and its answer",
    file: "src/service/service.ts",
    find: "const result = await answer(request, namespace, reading, call);",
    side: "after",
    at: "asked.signal",
    when: '"token" in request',
  },
  {
    name: "write-answer-lost",
    what: "a write that has taken effect and is told to be unknown",
    file: "src/service/service.ts",
    find: "const result = await answer(request, namespace, reading, call);",
    side: "after",
    at: "asked.signal",
    when: '(request.kind === "put_items" || request.kind === "delete_items")',
    does: 'throw new KvError("OUTCOME_UNKNOWN", "the engine did not answer in time");',
  },
];

/** Of the chunk store. */
export const CHUNK_POINTS: readonly Point[] = [
  {
    ...CHUNK_STORE,
    name: "chunks-written-late",
    what: "a pause before some chunks of a value are written",
    find: "const outcomes = await engine.write({ table, id: bucketId(place, bucket) }, mutations, call);",
    side: "before",
  },
  {
    ...CHUNK_STORE,
    name: "chunks-refused",
    what: "a write of chunks that the engine refuses in passing, before it has done anything",
    find: "const outcomes = await engine.write({ table, id: bucketId(place, bucket) }, mutations, call);",
    side: "before",
    does: 'throw new KvError("UNAVAILABLE", "the engine is not there, for now", { applied: "no" });',
  },
  {
    ...CHUNK_STORE,
    name: "chunks-unknown",
    what: "a write of chunks that has taken effect and is told to have failed",
    find: "const outcomes = await engine.write({ table, id: bucketId(place, bucket) }, mutations, call);",
    side: "after",
    does: 'throw new KvError("UNAVAILABLE", "the chunk store did not answer in time");',
  },
  {
    ...CHUNK_STORE,
    name: "chunks-written-singly",
    what: "a value whose chunks are written one a call",
    find: "await eachInWindow(callsFor({ first: 0, count }, place, store), WINDOW, (part) =>",
    side: "before",
    does: "store = { ...store, requestBytesMax: 1 };",
  },
  {
    ...CHUNK_STORE,
    name: "chunks-read-singly",
    what: "a value whose chunks are read one a call",
    find: "const parts = await allInWindow(callsFor(span, place, store), WINDOW, (part) =>",
    side: "before",
    does: "store = { ...store, requestBytesMax: 1 };",
  },
  {
    ...CHUNK_STORE,
    name: "chunks-read-late",
    what: "a pause before some chunks of a value are read",
    find: "const { rows, resumeAfter } = await engine.readRange(read, call);",
    side: "before",
  },
  {
    name: "item-to-chunks-late",
    what: "a pause between an item and the chunks of its value",
    file: "src/service/assemble-values.ts",
    find: "const place = { ...chunk, id, key };",
    side: "before",
    at: "call.signal",
  },
  {
    name: "staging-late",
    what: "a pause between the admission of staged chunks and their rows",
    file: "src/service/stage-chunks.ts",
    find: "await writeChunks(chunks, request, request.first, request.chunks, engine);",
    side: "before",
    at: "call.signal",
  },
];
