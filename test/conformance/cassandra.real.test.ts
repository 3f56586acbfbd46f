/** The conformance suite over a real cassandra, named by KVDAL_CASSANDRA. */
import { testRealEngine } from "./real.ts";

testRealEngine("cassandra", "KVDAL_CASSANDRA", 45);
