/** Small histories of two regions: what readers of one are owed of what the other acknowledged (CONS-3). */
import type { History, WriteRecord } from "../../sim/check/index.ts";
import { history, item, put, read, remove } from "./histories.ts";

const NEVER = Number.POSITIVE_INFINITY;

/** Acknowledged in region 0 at 21; region 1 has it from `arrived` on. */
function shipped(arrived: number, of: WriteRecord = put(2, 20)): WriteRecord {
  const { acknowledged } = of;
  const regions = {
    acknowledgedIn: 0,
    arrived: [acknowledged, arrived],
    owed: [acknowledged, Math.max(acknowledged, arrived)],
  };
  return { ...of, answeredIn: 0, regions };
}

const older = shipped(5, put(1, 10, { keys: 3 }));
const whole = shipped(NEVER, put(2, 20, { keys: 3 }));
const come = shipped(90, put(2, 20, { keys: 3 }));
const old = shipped(5, put(1, 10));
const [there, onItsWay, late] = [shipped(90), shipped(101), shipped(NEVER)];
const gone = shipped(NEVER, remove(7, 22));
const in0 = { answeredIn: [0] };
const in1 = { answeredIn: [1] };
const of2 = { ...in1, answered: 3, atOnce: true };
const repairing = { repairsKeys: true };

/** The oracle, the rule that it is to say or undefined, and to what. */
export const REGION_HISTORIES: readonly (readonly [
  oracle: string,
  rule: string | undefined,
  name: string,
  of: History,
])[] = [
  ["reads", undefined, "a write that is on its way", history([onItsWay], [read([], in1)])],
  ["reads", undefined, "one that is seen early", history([late], [read([item(late)], in1)])],
  ["reads", undefined, "an older one meanwhile", history([old, late], [read([item(old)], in1)])],
  ["reads", undefined, "what is deleted elsewhere", history([old, gone], [read([item(old)], in1)])],
  ["reads", undefined, "a read of both", history([late], [read([], { answeredIn: [0, 1] })])],
  ["reads", "CONS-3", "one that has arrived", history([there], [read([], in1)])],
  ["reads", "CONS-3", "an older one", history([old, there], [read([item(old)], in1)])],
  ["reads", "CONS-3", "both having it", history([there], [read([], { answeredIn: [1, 0] })])],
  ["reads", "PUT-3", "its own region", history([late], [read([], in0)])],
  ["reads", "TOK-5", "its own, an older one", history([old, late], [read([item(old)], in0)])],
  [
    "halves",
    "PUT-2",
    "half of a put",
    history([older, whole], [read([item(whole), item(older, { key: 1 })], of2)]),
  ],
  [
    "halves",
    undefined,
    "half of one that is on its way, where reads repair what they ask for",
    history([older, whole], [read([item(whole), item(older, { key: 1 })], of2)], repairing),
  ],
  [
    "halves",
    "PUT-2",
    "half of one that had come, where reads repair what they ask for",
    history([older, come], [read([item(come), item(older, { key: 1 })], of2)], repairing),
  ],
  ["regions", undefined, "lag within bounds", history([there], [], { arrivesWithin: 69 })],
  ["regions", "CONS-3", "lag beyond", history([there], [], { arrivesWithin: 68 })],
  ["regions", "CONS-3", "what never came", history([late], [], { arrivesWithin: 1e9 })],
  ["regions", undefined, "what may be lost", history([late], [], { arrivesWithin: NEVER })],
  ["regions", undefined, "one region", history([put(1, 10)], [])],
];
