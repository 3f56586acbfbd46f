/** The conformance suite over the simulated engines and cache, as over those whose shape they have. */
import { testRealEngine } from "./real.ts";

testRealEngine("conditional", undefined, 300);
testRealEngine("replicated", undefined, 300);
testRealEngine("simulated-cache", undefined, 20);
