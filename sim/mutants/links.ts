/** Planted bugs in what the coordinator of the simulated replicas takes for granted of its links. */
import { lateBut, looking, NUMBERED, onArrival, RUN, SINGLE, UNHEARD_RUN } from "./arrivals.ts";
import type { Mutant } from "./mutant.ts";

/** Each is revealed by one kind of fault of the network. */
export const LINKS: readonly Mutant[] = [
  onArrival({
    name: "second-delivery-is-a-second-write",
    faults: ["duplicate"],
    when: "arrivals === 2",
  }),
  onArrival({
    name: "write-of-long-ago-is-dated-by-its-arrival",
    faults: ["tails"],
    when: "world.now - sent > 62_000",
  }),
  onArrival({
    name: "hole-in-the-numbers-is-made-up",
    faults: ["loss"],
    sending: NUMBERED,
    note: looking(SINGLE),
    when: "isFound",
  }),
  onArrival({
    name: "many-missing-numbers-are-a-new-beginning",
    faults: ["partition"],
    sending: NUMBERED,
    note: looking(`replica.node.incarnation === 0 && ${RUN}`, 70_000),
    when: "isFound",
  }),
  onArrival({
    name: "unheard-writes-are-sent-as-others",
    faults: ["partition_one_way"],
    sending: NUMBERED,
    note: looking(UNHEARD_RUN, 95_000),
    when: "isFound",
  }),
  onArrival({
    name: "late-writes-in-a-row-are-dated-anew",
    faults: ["tails_exponential"],
    without: lateBut("tails_exponential"),
    note: "replica.late = world.now - sent > 3_000 ? (replica.late ?? 0) + 1 : 0;",
    when: "replica.late >= 2",
  }),
  onArrival({
    name: "late-write-between-prompt-ones-is-dated-anew",
    faults: ["tails_bimodal"],
    without: lateBut("tails_bimodal"),
    when: "world.now - sent > 3_000",
  }),
  onArrival({
    name: "write-at-a-slow-replica-is-dated-anew",
    faults: ["slow_node"],
    without: lateBut("slow_node"),
    when: "world.now - sent > 3_500",
  }),
];
