/** Regions as a client meets them: which servers it calls, and which of them answered what it asked. */
import type { OpenOperation } from "../workload/recorder.ts";
import type { SimNode } from "./node.ts";
import type { SimServer } from "./sim-server.ts";

/** What a client is told of regions. */
export type ClientRegions = {
  /** Those that it calls now. */
  readonly serversOf: (client: SimNode) => readonly SimServer[];
  readonly regionAt: (server: SimNode) => number;
};

/** The region is the last that has answered some of the operation. */
export function answerIn(region: number, open: OpenOperation): void {
  open.answeredIn = [...(open.answeredIn ?? []).filter((other) => other !== region), region];
}
