/**
 * Planted bugs in what the coordinator of the simulated replicas makes of the messages that it sends and gets: something
 * that it took for granted of them does not hold, and for a while it dates what it writes by a clock of its own.
 */
import type { FaultName } from "../faults/registry/names.ts";
import type { FaultSwitch } from "../faults/only.ts";
import { ANEW, COORDINATOR, CREATE, lateBut } from "./arrivals.ts";
import type { Mutant } from "./mutant.ts";

/** What is taken for granted of messages. */
type Promised = {
  readonly name: string;
  readonly faults: readonly FaultName[];
  readonly without?: readonly FaultSwitch[];
  /** What is noted of each message that arrives. */
  readonly note?: string;
  /** Where the assumption does not hold. */
  readonly when: string;
};

/**
 * A bug where a message arrives, `one` of the `line` to a replica or from it: lines know when each was sent, and when it
 * came. In worlds of two regions there is none.
 */
function onMessage({ name, faults, without, note = "", when }: Promised): Mutant {
  return {
    name,
    family: "dated anew",
    rule: "TOK-4",
    file: COORDINATOR,
    find: CREATE,
    replace:
      "export function createCoordinator(given) {\n" +
      "  const { server, network, local } = given;\n  const { world } = server;\n" +
      "  const lines = (world.lines ??= []);\n  let doubtedUntil = -1;\n" +
      "  const lineOf = (replica, isOut) => {\n" +
      "    const isIt = (line) => line.life === given && line.replica === replica && line.isOut === isOut;\n" +
      "    const line = lines.find(isIt) ?? { life: given, server, replica, isOut, sent: [], looked: 1 };\n" +
      "    if (!lines.includes(line)) lines.push(line);\n    return line;\n  };\n" +
      "  const send = (from, to, key, receive, wait = 0, carried = undefined) => {\n" +
      "    const isOut = from === server;\n    const replica = isOut ? to : from;\n" +
      "    const line = lineOf(replica, isOut);\n" +
      "    const one = { line, sent: world.now + wait, came: Infinity };\n    line.sent.push(one);\n" +
      "    network.send(from, to, key, () => {\n" +
      "      const isFirst = one.came === Infinity;\n      if (isFirst) one.came = world.now;\n" +
      `      ${note}\n` +
      `      if (isFirst && local === undefined && (${when})) doubtedUntil = world.now + 20_000;\n` +
      "      receive();\n    }, wait, carried);\n  };\n" +
      "  const engine = plainCoordinator({ ...given, network: { send } });\n" +
      `  const anew = (m) => (m.kind === "put" && world.now < doubtedUntil ? ${ANEW} : m);\n` +
      "  return { ...engine, write: (at, mutations, call) => engine.write(at, mutations.map(anew), call) };\n}\n\n" +
      "function plainCoordinator(parts: CoordinatorParts): StorageEngine {\n",
    faults,
    ...(without === undefined ? {} : { without }),
  };
}

/** Looks once at every message of all lines that was sent so long ago, and says whether one of them is such. */
function lookingBack(condition: string, after: number): string {
  return (
    "let isFound = false;\n" +
    "      for (const { sent, replica, ...line } of lines.filter((each) => each.life === given)) {\n" +
    "        const own = lineOf(replica, line.isOut);\n" +
    "        const isLost = (u) => sent[u].came === Infinity;\n" +
    `        while (world.now - (sent[own.looked + 10]?.sent ?? Infinity) > ${after}) {\n` +
    "          const u = (own.looked += 1);\n" +
    `          if (replica.incarnation === 0 && (${condition})) isFound = true;\n` +
    "        }\n      }"
  );
}

/** One between two that came, which were sent so close together that no cut fits in between. */
const blip = (u: string): string =>
  `(isLost(${u}) && !isLost(${u} - 1) && !isLost(${u} + 1) && sent[${u} + 1].sent - sent[${u} - 1].sent < 4_800)`;

/** Between two instants something sent on a line of such ends came. */
const passed = (server: string, replica: string): string =>
  "[true, false].every((isOut) => lines.some((its) => its.isOut === isOut && " +
  `its.server ${server} && its.replica === ${replica} && its.sent.some((other) => ` +
  "other.came < Infinity && other.sent > from && other.sent < until)))";

/** The bugs. */
export const MESSAGES: readonly Mutant[] = [
  onMessage({
    name: "answer-that-was-overtaken-ends-the-order",
    faults: ["reorder"],
    without: lateBut("reorder"),
    when:
      "world.now - one.sent > 1_700 && " +
      "line.sent.some((other) => other.came < world.now && other.sent > one.sent + 1_700)",
  }),
  onMessage({
    name: "messages-that-come-at-once-are-a-new-beginning",
    faults: ["clog"],
    without: lateBut("clog"),
    note:
      "const isLate = world.now - one.sent > 3_000;\n" +
      "      const burst = line.sent.filter((each) => isLate && each.came <= world.now && world.now - each.came < 1_600 && each.came - each.sent > 3_000);\n" +
      "      const begun = burst.map((each) => each.sent);",
    when: "burst.length >= 2 && Math.max(...begun) - Math.min(...begun) > 1_000",
  }),
  onMessage({
    name: "links-freed-by-turns-are-new-ones",
    faults: ["swizzle"],
    without: lateBut("swizzle"),
    when:
      "world.now - one.sent > 3_000 && lines.some((other) => other !== line && other.sent.some((its) => " +
      "its.came - its.sent > 3_000 && its.came > one.sent && its.came < world.now - 1_700))",
  }),
  onMessage({
    name: "half-heard-replica-is-another",
    faults: ["reply_loss"],
    without: ["loss", "reset", "tails"],
    note: lookingBack(
      "!line.isOut && ((lost) => lost.filter(Boolean).length >= 4 && " +
        "lost.filter((is, i) => i > 0 && is !== lost[i - 1]).length >= 5)" +
        "([0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((more) => isLost(u + more)))",
      60_000,
    ),
    when: "isFound",
  }),
  onMessage({
    name: "who-does-not-hear-us-alone-is-another",
    faults: ["partition_partial"],
    without: ["loss", "reset", "tails"],
    note: lookingBack(
      "line.isOut && [0, 1, 2].every((more) => isLost(u + more)) && ((from, until) => until - from > 2_000 && " +
        "lines.some(({ replica: near }) => near !== replica && " +
        `${passed("=== server", "near")} && ${passed("!== server", "near")}) && ` +
        `${passed("!== server", "replica")})(sent[u].sent, sent[u + 2].sent)`,
      60_000,
    ),
    when: "isFound",
  }),
  onMessage({
    name: "what-a-reset-took-is-of-another-life",
    faults: ["reset"],
    without: ["loss", "reply_loss", "tails"],
    note: lookingBack(blip("u"), 60_000),
    when: "isFound",
  }),
  onMessage({
    name: "messages-of-one-instant-are-of-another-life",
    faults: ["pause"],
    note:
      "const here = to.here?.at === world.now ? to.here : (to.here = { at: world.now, sent: [] });\n" +
      "      here.sent.push(one.sent);",
    when: "isOut && here.sent.length >= 3 && Math.max(...here.sent) - Math.min(...here.sent) > 1_700",
  }),
  onMessage({
    name: "sleeper-goes-on-by-its-own-clock",
    faults: ["zombie"],
    when:
      "!isOut && world.now - one.sent > 26_000 && lines.flatMap(({ sent }) => sent).filter((its) => its.came === world.now && " +
      "its.line.life === given && !its.line.isOut && world.now - its.sent > 26_000).length >= 2",
  }),
];
