/**
 * Checks of the engine port that hold for every engine, written once. The file of an engine's own tests opens the
 * adapter and hands it in; each check uses records or tables that no other check touches.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { EngineAdapter } from "../../src/ports/storage-engine.ts";
import { callCases } from "./port-call-cases.ts";
import { orderCases } from "./port-order-cases.ts";
import { readCases } from "./port-read-cases.ts";
import { expectFailure, openStage, type PortStage, readPage } from "./port-stage.ts";

export type PortCase = {
  readonly name: string;
  readonly run: (stage: PortStage) => Promise<void>;
};

export const PORT_CASES: readonly PortCase[] = [...orderCases, ...readCases, ...callCases];

/** Registers all checks as tests of the surrounding `describe`. */
export function testPort(adapter: EngineAdapter): void {
  let stage: PortStage;
  beforeAll(async () => {
    stage = await openStage(adapter);
  });
  afterAll(async () => {
    await stage.engine.close();
  });
  const named = PORT_CASES.map((each) => [each.name, each] as const);
  test.for(named)("%s", async ([, { run }]) => await run(stage));
  test("declares sensible values", () => {
    const { capabilities } = stage.engine;
    expect(capabilities.engine).toBe(adapter.name);
    expect(capabilities.consistency).toContain("quorum");
    for (const most of ["keysPerReadMax", "mutationsPerWriteMax", "scanSegmentsMax"] as const) {
      expect(capabilities[most]).toBeGreaterThanOrEqual(1);
    }
    expect(capabilities.inlineBytesMax).toBeGreaterThanOrEqual(256 * 1024);
  });
  test("after close every call fails typed, and closing again is harmless", async () => {
    // An embedded store belongs to one opener at a time, so this is the last check on the shared stage.
    await stage.engine.close();
    await stage.engine.close();
    await expectFailure(readPage(stage, stage.record()), "UNAVAILABLE");
  });
}
