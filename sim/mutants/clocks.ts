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
  /** The public bug that it is. */
  readonly origin?: string;
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

/** Between the last look but two and the last but one, and not before or after, the two clocks of a node came apart. */
const STEADY =
  "Math.abs(ahead - two.ahead) < 20 && Math.abs(four.ahead - three.ahead) < 20 && two.begun - three.begun < 18_000";

/** A node that looks at its monotonic clock whenever it looks at its wall clock, and fails where they do not agree. */
function watching({ name, faults, when, origin }: Belief): Mutant {
  return {
    name,
    family: "clocks",
    rule: "ERR-3",
    file: "sim/world/node.ts",
    find: "function idle(): NodeWork {\n",
    replace:
      'import { KvError } from "kvdal";\n' +
      "const rateOf = (from, to) => (to.ahead - from.ahead) / (to.begun - from.begun);\n" +
      "const plainEnv = SimNode.prototype.env;\n" +
      "SimNode.prototype.env = function () {\n" +
      "  const looks = (this.looks ??= []);\n" +
      "  const before = (look) => looks.findLast((other) => look?.begun - other.begun > 1_500);\n" +
      "  const isOff = (wall, begun) => {\n" +
      "    const [ahead, isFine] = [wall - begun, wall % 1_000 !== 0];\n" +
      "    const one = { wall, begun, ahead };\n" +
      "    looks.push(one);\n" +
      "    const [two, three, four = three] = looks.slice(-4, -1).reverse();\n" +
      `    return ${when};\n  };\n` +
      "  const look = () => {\n" +
      "    const [wall, begun] = [this.wall(), this.monotonic()];\n" +
      "    if (looks.at(-1)?.begun !== begun && isOff(wall, begun)) this.doubtedUntil = begun + 5_000;\n" +
      '    if (begun < this.doubtedUntil) throw new KvError("INTERNAL", "the clock is not to be believed");\n' +
      "    return { wall, begun };\n  };\n" +
      "  const clock = { wall: () => look().wall, monotonic: () => look().begun };\n" +
      "  return { ...plainEnv.call(this), clock };\n};\n\nfunction idle(): NodeWork {\n",
    faults,
    ...(origin === undefined ? {} : { origin }),
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
  watching({
    name: "leap-of-the-clock-is-a-fault",
    faults: ["clock_step_forward"],
    when: `three !== undefined && isFine && ${STEADY} && two.ahead - three.ahead > 60`,
  }),
  watching({
    name: "time-that-runs-backwards-is-a-panic",
    faults: ["clock_step_back"],
    when: "two !== undefined && wall < two.wall",
    origin:
      "Cloudflare's DNS on 1 January 2017: at the leap second a duration by a wall clock was negative, and its user panicked",
  }),
  watching({
    name: "clock-that-stood-still-is-a-fault",
    faults: ["clock_freeze"],
    when:
      "two !== undefined && isFine && ahead - two.ahead > 60 && " +
      "looks.slice(-9, -2).some((look) => Math.abs(look.ahead - ahead) < 20)",
  }),
  watching({
    name: "clock-that-is-slewed-is-a-fault",
    faults: ["clock_smear"],
    when:
      "before(before(one)) !== undefined && isFine && Math.abs(rateOf(before(one), one)) > 0.004 && " +
      "Math.abs(rateOf(before(one), one)) < 0.6 && " +
      "Math.abs(rateOf(before(before(one)), before(one)) - rateOf(before(one), one)) < 0.002",
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
