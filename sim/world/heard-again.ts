/** A request that a server is handed a second time for the same attempt: it counts, and what it writes may come late. */
import type { KvRequest } from "kvdal/client";
import { faultPlace } from "../faults/registry/index.ts";
import type { OpenOperation, Recorder } from "../workload/recorder.ts";
import type { SimNode } from "./node.ts";
import { isMutation } from "./traffic-watch.ts";

const DOUBLE = faultPlace("double_delivery");

/** Notes it, of an operation of the client on that node. */
export function noteAgain(
  request: KvRequest,
  open: OpenOperation,
  { node, recorder }: { readonly node: SimNode; readonly recorder: Recorder },
): void {
  node.world.tally.count(DOUBLE, isMutation(request));
  if (request.kind !== "stage_chunks") recorder.doubled(open);
}
