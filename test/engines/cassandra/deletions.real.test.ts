// Goal: a record or a range leaves one tombstone, items leave none before their markers' TTL fires (DEL-1 to DEL-3).
// Method: Cassandra's own trace of a read says what it met; plain DELETEs beside show that it would tell.
import { expect, test } from "vitest";
import { countTombstones } from "../../../bench/deletes/tombstones.ts";
import { benchEngine } from "../../../bench/engines.ts";

const endpoint = process.env["KVDAL_CASSANDRA"];
const skipped = endpoint === undefined ? " (skipped: KVDAL_CASSANDRA is not set)" : "";

test.skipIf(endpoint === undefined)(
  `cassandra keeps one tombstone of a record, one of a range, none of items${skipped}`,
  async () => {
    const engine = await benchEngine("cassandra");
    if (typeof engine === "string" || engine.server === undefined) throw new Error("no Cassandra");
    try {
      const counts = await countTombstones(engine.adapter, engine.server, 300);
      expect(counts.map(({ kind, tombstones }) => [kind, tombstones])).toEqual([
        ["record", 1],
        ["range", 1],
        ["items", 0],
        ["items by DELETE", 300],
      ]);
    } finally {
      await engine.end();
    }
  },
);
