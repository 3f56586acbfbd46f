/**
 * Planted bugs of the simulator itself: what makes two runs of one plan differ. None may be found by an oracle; the
 * guard has to, which is the traps and the comparison of runs. Kept apart from the bugs of the code under test.
 */

/** A bug of the simulator. Each text of `changes` stands exactly once in `file`. */
export type SimulatorBug = {
  readonly name: string;
  readonly file: string;
  readonly changes: readonly { readonly find: string; readonly replace: string }[];
  /** What finds it: a trap that springs, or two runs that are compared. */
  readonly caughtBy: "trap" | "comparison";
  /** The file that the guard has to name: where what differs was decided, or a trap sprang. */
  readonly place: string;
};

/** All of them. */
export const SIMULATOR_BUGS: readonly SimulatorBug[] = [
  {
    name: "date-past-the-traps",
    file: "sim/world/network.ts",
    changes: [
      { find: "const MILLION = 1_000_000;", replace: "const MILLION = 1_000_000, now = Date.now;" },
      {
        find: "const delay = wait + this.#latency(remix(bits, DRAW_LATENCY), link);",
        replace:
          "const delay = wait + this.#latency(remix(bits, DRAW_LATENCY), link) + (now() % 1009);",
      },
    ],
    caughtBy: "comparison",
    place: "sim/world/network.ts",
  },
  {
    name: "links-stay-warm",
    file: "sim/world/network.ts",
    changes: [
      {
        find: "const MILLION = 1_000_000;",
        replace: "const MILLION = 1_000_000, warm = new Set();",
      },
      {
        find: "if (this.#world.isHealed || scale(remix(bits, 1), MILLION) >= tailPpm) return usual;",
        replace:
          "if (!warm.has(link)) return warm.add(link), usual + 500;\n" +
          "    if (this.#world.isHealed || scale(remix(bits, 1), MILLION) >= tailPpm) return usual;",
      },
    ],
    caughtBy: "comparison",
    place: "sim/world/network.ts",
  },
  {
    name: "servers-in-the-order-of-last-use",
    file: "sim/world/sim-client.ts",
    changes: [
      {
        find: "/** Who waits for an attempt. */",
        replace:
          "const lately = new Set([0, 1]);\nfunction inOrder(servers) {\n" +
          "  const order = [...lately].map((i) => servers[i] ?? servers[0]);\n" +
          "  const [eldest] = lately;\n  lately.delete(eldest);\n  lately.add(eldest);\n" +
          "  return order;\n}\n/** Who waits for an attempt. */",
      },
      {
        find: "return near[key % near.length] as SimServer;",
        replace: "return inOrder(near)[key % near.length];",
      },
    ],
    caughtBy: "comparison",
    place: "sim/world/sim-client.ts",
  },
  {
    name: "attempt-on-a-real-timer",
    file: "sim/world/sim-client.ts",
    changes: [
      {
        find: "const cancelTimer = node.timer(budget, () => {",
        replace:
          "const real = (wait, fire) => {\n      const timer = setTimeout(fire, wait / 1000);\n" +
          "      return () => clearTimeout(timer);\n    };\n" +
          "    const cancelTimer = real(budget, () => {",
      },
    ],
    caughtBy: "trap",
    place: "sim/world/sim-client.ts",
  },
  {
    name: "random-stream-of-an-earlier-world",
    file: "sim/world/node.ts",
    changes: [
      {
        find: "/** Event codes of timers begin here; below are the links of the network. */",
        replace: "const streams = [];\n",
      },
      {
        find: "random: new KeyedRandom(hash32(this.world.seed, this.index, this.incarnation), this.scope),",
        replace:
          "random: streams[this.index] ??= " +
          "new KeyedRandom(hash32(this.world.seed, this.index, this.incarnation), this.scope),",
      },
    ],
    caughtBy: "comparison",
    place: "src/client/before-call.ts",
  },
];
