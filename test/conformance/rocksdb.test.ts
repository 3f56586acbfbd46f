/** The conformance suite over RocksDB, which is in this process: an ordinary test. */
import { testRealEngine } from "./real.ts";

testRealEngine("rocksdb", undefined, 45);
