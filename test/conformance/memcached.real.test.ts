/** The conformance suite over a real memcached, named by KVDAL_MEMCACHED. */
import { testRealEngine } from "./real.ts";

testRealEngine("memcached", "KVDAL_MEMCACHED", 20);
