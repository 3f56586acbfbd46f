/** Points in an adapter: worlds over the conditional engine come by. */
import type { Point } from "../point.ts";

/** Of the adapter of DynamoDB. */
export const ENGINE_POINTS: readonly Point[] = [
  {
    name: "deletions-to-items-late",
    what: "a pause between the range deletions of a record and its items",
    file: "src/engines/dynamodb/read.ts",
    find: "const found = await getAll(session, context, table, read, call);",
    side: "before",
    at: "call.signal",
    engine: "conditional",
  },
  {
    name: "deletions-to-rows-late",
    what: "a pause between the range deletions of a record and its rows",
    file: "src/engines/dynamodb/read.ts",
    find: "const page = await session.query(rangeQuery(table, read, call), call);",
    side: "before",
    at: "call.signal",
    engine: "conditional",
  },
  {
    name: "item-put-late",
    what: "a pause before one of the items of a write",
    file: "src/engines/dynamodb/write.ts",
    find: "return outcomeOf(await session.putItem(putIfNewer(table, item, version), call), version);",
    side: "before",
    at: "call.signal",
    engine: "conditional",
  },
];
