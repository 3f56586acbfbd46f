/** Planted bugs in what clients and servers take for granted of their clocks: each gives up where that does not hold. */
import type { FaultName } from "../faults/registry/names.ts";
import type { Mutant } from "./mutant.ts";

const SERVICE = "src/service/service.ts";
const BEGUN = "    const begun = clock.monotonic();\n";

type Belief = {
  readonly name: string;
  readonly faults: readonly FaultName[];
  /** With `wall`, `begun` and what was `seen` before: whether the clock does what no clock does. */
  readonly when: string;
};

/** A server that looks at both of its clocks whenever a request arrives, and fails the request. */
function believing({ name, faults, when }: Belief): Mutant {
  return {
    name,
    family: "clocks",
    rule: "ERR-3",
    file: SERVICE,
    find: BEGUN,
    replace:
      `${BEGUN}    const wall = clock.wall();\n` +
      "    const isFine = wall % 1_000 !== 0;\n" +
      "    const seen = (tiers.seen ??= []);\n" +
      "    const [one, two] = seen.slice(-2);\n" +
      "    seen.push({ wall, begun, ahead: wall - begun, most: Math.max(wall - begun, seen.at(-1)?.most ?? -Infinity) });\n" +
      `    if (${when}) throw new KvError("INTERNAL", "the clock is not to be believed");\n`,
    faults,
  };
}

/** The bugs. */
export const CLOCKS: readonly Mutant[] = [
  believing({
    name: "client-that-is-ahead-is-a-fault",
    faults: ["clock_offset"],
    when:
      "tiers.met === undefined && request.token !== undefined && " +
      "((tiers.met = true), request.token.generationTime - wall > 17_000)",
  }),
  believing({
    name: "client-that-is-behind-is-a-fault",
    faults: ["clock_offset"],
    when:
      "tiers.met === undefined && request.token !== undefined && " +
      "((tiers.met = true), wall - request.token.generationTime > 210_000)",
  }),
  believing({
    name: "clock-that-shows-the-same-is-a-fault",
    faults: ["clock_coarse"],
    when: "two !== undefined && wall === two.wall && begun - two.begun > 100",
  }),
  believing({
    name: "clocks-that-part-are-a-fault",
    faults: ["clock_apart"],
    when:
      "two !== undefined && isFine && begun - two.begun > 1_000_000 && " +
      "two.ahead - (wall - begun) > 20 && two.ahead - (wall - begun) < 1_100 * ((begun - two.begun) / 1_000_000)",
  }),
  {
    name: "waking-early-is-a-fault",
    family: "clocks",
    rule: "ERR-3",
    file: "src/client/call.ts",
    find: "      await pause(timers, decision.after, signal);\n      now = clock.monotonic();\n",
    replace:
      "      const asleep = clock.monotonic();\n" +
      "      await pause(timers, decision.after, signal);\n" +
      "      now = clock.monotonic();\n" +
      '      if (!signal.aborted && now - asleep < decision.after) throw new KvError("INTERNAL", "woken early");\n',
    faults: ["clock_drift"],
  },
  {
    name: "late-timer-is-a-fault",
    family: "clocks",
    rule: "ERR-3",
    file: "sim/backends/replicated/coordinator.ts",
    find: "const notSlow = server.timer(SPECULATE_AFTER, () => {\n",
    replace:
      "const asked = server.monotonic();\n" +
      "    const notSlow = server.timer(SPECULATE_AFTER, () => {\n" +
      '      if (server.monotonic() - asked > SPECULATE_AFTER + 100) { ended(); reject(new KvError("INTERNAL", "a timer was late")); return; }\n',
    faults: ["timers_late"],
    without: ["pause", "zombie"],
  },
];
