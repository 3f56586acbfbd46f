/** The conformance suite over a real dynamodb, named by KVDAL_DYNAMODB. */
import { testRealEngine } from "./real.ts";

testRealEngine("dynamodb", "KVDAL_DYNAMODB", 45);
