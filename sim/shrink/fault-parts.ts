/** The faults of a plan, each as a part that it can do without. */
import { POINTS } from "../amplify/list.ts";
import type { Plan } from "../workload/plan.ts";
import { withChanged } from "../workload/with-changed.ts";
import { conditionalFaults } from "./conditional-parts.ts";
import { kindPart, type Part } from "./part.ts";
import { regionFaults } from "./region-parts.ts";
import { listed } from "../words/listed.ts";
import { duration, share, spanWords } from "../words/measures.ts";
import { nodeName } from "../words/node-name.ts";
import { troubleWords } from "../words/trouble-words.ts";

/** Every fault of the plan. */
export function faultParts(plan: Plan): readonly Part[] {
  return [
    ...networkParts(plan),
    ...nodeParts(plan),
    ...troubleParts(plan),
    ...pointParts(plan),
    ...engineParts(plan),
    ...conditionalFaults(plan),
    ...regionFaults(plan),
    ...clockParts(plan),
    ...cacheParts(plan),
    ...impatienceParts(plan),
  ];
}

function fault(says: string, without: Part["without"]): Part {
  return { kind: "fault", says, without };
}

/** A part for each element of a list. */
function each<T extends object>(
  elements: readonly T[],
  says: (element: T) => string,
  without: (plan: Plan, isLeft: (element: T) => boolean) => Plan,
): readonly Part[] {
  return elements.map((gone) =>
    fault(says(gone), (plan) => without(plan, (element) => element !== gone)),
  );
}

function networkParts(plan: Plan): readonly Part[] {
  const { network } = plan;
  const { lossPpm, duplicatePpm, tailPpm, tailMax } = network;
  const late = `the delay of ${share(tailPpm)} messages by up to ${duration(tailMax)}`;
  return [
    ...kindPart("loss", lossPpm, `the loss of ${share(lossPpm)} messages`),
    ...kindPart("duplicate", duplicatePpm, `the doubling of ${share(duplicatePpm)} messages`),
    ...kindPart("tails", tailPpm, late),
    ...each(
      plan.cuts,
      (cut) => `the cut ${cutWords(cut, plan)}`,
      (rest, isLeft) => ({ ...rest, cuts: rest.cuts.filter(isLeft) }),
    ),
  ];
}

const DIRECTIONS = { both: "both ways", out: "on their way out", in: "on their way in" } as const;

function cutWords({ island, from, until, direction }: Plan["cuts"][number], plan: Plan): string {
  const nodes = listed(island.map((node) => nodeName(node, plan)));
  const when = spanWords({ at: from, until });
  return `of ${nodes || "nobody"} from the others, ${DIRECTIONS[direction]}, ${when}`;
}

const NTH: readonly string[] = ["", "first", "second", "third"];

function nodeParts(plan: Plan): readonly Part[] {
  const atStep = ({ step, nth, when }: NonNullable<Plan["lists"]>["crashes"][number]): string =>
    `the crash of a server ${when} it comes to "${step}" for the ${NTH[nth] ?? `${nth}th`} time`;
  return [
    ...each(
      plan.crashes,
      (crash) => `the crash of ${nodeName(crash.node, plan)} ${spanWords(crash)}`,
      (rest, isLeft) => ({ ...rest, crashes: rest.crashes.filter(isLeft) }),
    ),
    ...each(
      plan.flips,
      ({ server, at }) => `the flip of the alias at server ${server} at ${duration(at)}`,
      (rest, isLeft) => ({ ...rest, flips: rest.flips.filter(isLeft) }),
    ),
    ...each(plan.lists?.crashes ?? [], atStep, (rest, isLeft) =>
      withChanged(rest, "lists", ({ crashes }) => ({ crashes: crashes.filter(isLeft) })),
    ),
  ];
}

function troubleParts(plan: Plan): readonly Part[] {
  return each(
    plan.troubles,
    (trouble) => troubleWords(trouble, plan),
    (rest, isLeft) => ({ ...rest, troubles: rest.troubles.filter(isLeft) }),
  );
}

/** What happens at points of the code: `a pause between … and … (amplification point commit-late)`. */
function pointParts({ amplified }: Plan): readonly Part[] {
  return amplified.map((gone) => {
    const what = POINTS.find(({ name }) => name === gone)?.what ?? "nothing";
    return fault(`${what} (amplification point ${gone})`, (rest) => ({
      ...rest,
      amplified: rest.amplified.filter((name) => name !== gone),
    }));
  });
}

/** Requests at a time of a server that refuses none. */
const REQUESTS_MAX = 1_000;

function engineParts({ slowEngine, requestsMax }: Plan): readonly Part[] {
  const { ppm, max } = slowEngine;
  const slow = `the engine's slowness, up to ${duration(max)} in ${share(ppm)} reads`;
  const refusals = fault(`the refusal of more than ${requestsMax} requests at a time`, (rest) => ({
    ...rest,
    requestsMax: REQUESTS_MAX,
  }));
  return [
    ...kindPart("slow_engine", ppm, slow),
    ...(requestsMax >= REQUESTS_MAX ? [] : [refusals]),
  ];
}

/** A wrong clock is one fault a node; coarse clocks are one fault of all. */
function clockParts(plan: Plan): readonly Part[] {
  const { clocks } = plan;
  const wrong = clocks.flatMap(({ offset, driftPpm }, node) => {
    if (offset === 0 && driftPpm === 0) return [];
    const off =
      offset === 0 ? [] : [`${duration(Math.abs(offset))} ${offset < 0 ? "behind" : "ahead"}`];
    const drift = driftPpm === 0 ? [] : [`drifting by ${driftPpm} µs a second`];
    const says = `the clock of ${nodeName(node, plan)}, ${[...off, ...drift].join(" and ")}`;
    return [fault(says, (rest) => withClock(rest, node, { offset: 0, driftPpm: 0 }))];
  });
  const resolution = Math.max(...clocks.map((clock) => clock.resolution));
  const coarse = `clocks that show multiples of ${duration(resolution)}`;
  return [...wrong, ...kindPart("clock_coarse", resolution - 1, coarse)];
}

function withClock(plan: Plan, node: number, right: Partial<Plan["clocks"][number]>): Plan {
  const clocks = plan.clocks.map((clock, at) => (at === node ? { ...clock, ...right } : clock));
  return { ...plan, clocks };
}

function cacheParts({ cache }: Plan): readonly Part[] {
  if (cache === undefined) return [];
  const { evictPpm, silentPpm, latePpm, lateMax, slowWritePpm, slowWriteMax } = cache;
  const late = `the cache's lateness, up to ${duration(lateMax)} at ${share(latePpm)} its calls`;
  const slow = `slow writes behind the cache, up to ${duration(slowWriteMax)}`;
  return [
    ...kindPart("cache_evict", evictPpm, `an eviction at ${share(evictPpm)} the cache's calls`),
    ...kindPart(
      "cache_silent",
      silentPpm,
      `the silence of the cache at ${share(silentPpm)} its calls`,
    ),
    ...kindPart("cache_late", latePpm, late),
    ...kindPart("cache_slow_write", slowWritePpm, slow),
    ...cache.flushes.map((gone) =>
      fault(`the flush of the cache at ${duration(gone)}`, (rest) =>
        withChanged(rest, "cache", ({ flushes }) => ({
          flushes: flushes.filter((at) => at !== gone),
        })),
      ),
    ),
    ...each(
      cache.away,
      (gone) => `the cache's restart, away ${spanWords(gone)}`,
      (rest, isLeft) => withChanged(rest, "cache", ({ away }) => ({ away: away.filter(isLeft) })),
    ),
    ...each(
      cache.cutOff,
      (gone) => `server ${gone.server} cut off from the cache ${spanWords(gone)}`,
      (rest, isLeft) =>
        withChanged(rest, "cache", ({ cutOff }) => ({ cutOff: cutOff.filter(isLeft) })),
    ),
  ];
}

/** Callers that give up. */
function impatienceParts({ operations }: Plan): readonly Part[] {
  return operations.flat().flatMap(({ index, giveUp }) => {
    if (giveUp === 0) return [];
    const says = `the caller of operation ${index} giving up after ${duration(giveUp)}`;
    return [
      fault(says, (plan) => changeOperation(plan, index, (left) => ({ ...left, giveUp: 0 }))),
    ];
  });
}

type Change = (operation: Plan["operations"][number][number]) => Plan["operations"][number][number];

/** The plan with one operation changed, if it is still there. */
export function changeOperation(plan: Plan, index: number, change: Change): Plan {
  const operations = plan.operations.map((list) =>
    list.some((operation) => operation.index === index)
      ? list.map((operation) => (operation.index === index ? change(operation) : operation))
      : list,
  );
  return { ...plan, operations };
}
