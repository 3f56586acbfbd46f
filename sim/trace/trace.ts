/** What a watched run leaves behind: everything that happened in a world, as plain data. Times are virtual microseconds. */
import type { Micros } from "kvdal";
import type { CacheSlot } from "../words/cache-words.ts";
import type { LogStep } from "../world/log-steps.ts";
import type { CacheQuestion, Carried } from "../world/trace.ts";

/** A node of the world; its place in the list is its number. */
export type TraceNode = {
  readonly name: string;
  readonly kind: "client" | "server" | "replica" | "cache" | "engine";
  /** How its clock is wrong, in words; empty for a true one. */
  readonly clock: string;
};

/** Something that happened at a node at one moment. Its place in the list is its number, and the order of happening. */
export type TraceEvent = {
  readonly at: Micros;
  readonly node: number;
  /** What the node's clocks show: microseconds since 1970, and since its beginning. */
  readonly wall: Micros;
  readonly monotonic: Micros;
  readonly kind:
    | "begin"
    | "end"
    | "send"
    | "receive"
    | "call"
    | "return"
    | "apply"
    | "forget"
    | "point"
    | "crash"
    | "restart"
    | "flush";
  /** The client operation that it belongs to; 0 for none. */
  readonly operation: number;
  /** Number of the message, of a `send` or `receive`; else absent. */
  readonly message?: number;
  /** Record and keys that it is about, where it is about some. */
  readonly record?: number;
  readonly keys?: readonly number[];
  readonly text: string;
  /** What is said of it where there is little room; absent where that is all of the text. */
  readonly label?: string;
  /** Events without which it would not have been, or been otherwise; all of them before it. */
  readonly causes: readonly number[];
};

/** A message, or all copies of it. */
export type TraceMessage = {
  readonly from: number;
  readonly to: number;
  /** Event of its sending. */
  readonly sent: number;
  /** It leaves later than it was sent where its sender works on it first. */
  readonly leaves: Micros;
  /** `down`: nobody was there when it arrived. `away`: the world ended first. */
  readonly fate: "delivered" | "lost" | "cut" | "down" | "away";
  /** Longer on its way than messages usually are. */
  readonly late: boolean;
  /** Two when it was doubled; `event` is that of its arrival, absent where nobody was there. */
  readonly copies: readonly { readonly arrives: Micros; readonly event?: number }[];
  readonly operation: number;
  /** What kind of thing it carries; absent where its sender did not say. */
  readonly carries?: Carried["kind"];
  /** Of a question to the cache, and of its answer: which slot it is about, and what is asked of that. */
  readonly slot?: CacheSlot & Pick<CacheQuestion, "verb">;
  /** Of a request under a token: when that is dated, on the wall clock that it is of. */
  readonly dated?: Micros;
  /** Of an answer: whether it is an error. */
  readonly isError?: boolean;
  readonly text: string;
};

/** What a client was asked to do, and what became of it. */
export type TraceOperation = {
  readonly operation: number;
  readonly client: number;
  readonly kind: string;
  readonly record: number;
  readonly keys: readonly number[];
  readonly begun: Micros;
  /** Absent where it never came to an end. */
  readonly ended?: Micros;
  readonly outcome: "answered" | "failed" | "unknown" | "open";
  /** What it was asked, and what it was told. */
  readonly asked: string;
  readonly told: string;
  /** Numbers under which its writes stand in a verdict: its own, or those of a list's mutations. */
  readonly writes: readonly number[];
};

/** A call of a server to its engine, or to a cache. Whoever weighs calls goes by these fields: texts are for people. */
export type TraceCall = {
  readonly node: number;
  readonly begun: Micros;
  /** When it came back, or its server went down; absent where the world ended first. */
  readonly ended?: Micros;
  /** `open`: it never came back. */
  readonly outcome: "answered" | "failed" | "open";
  readonly operation: number;
  /** Whose work it is, where it is no client's: `clean-up`, `applier`. */
  readonly by?: string;
  /** Where it goes: `id` is absent of a scan; record and keys where they are some of the world's. */
  readonly table: string;
  readonly id?: string;
  readonly record?: number;
  readonly keys: readonly number[];
  readonly verb: "read" | "scan" | "write" | CacheQuestion["verb"];
  /** Of a write into the log: which step of it. */
  readonly step?: LogStep;
  /** Of a question to the cache: how many entries it is about, beside stamps. */
  readonly entries?: number;
  readonly text: string;
  /** What came back, or the error. */
  readonly said?: string;
  /** Of rows that were asked for: how many came back. */
  readonly rows?: number;
};

/** A fault of the plan, for as long as it lasts, at the nodes that it is about; none for the whole network. */
export type TraceFault = {
  readonly kind:
    | "partition"
    | "crash"
    | "node"
    | "storage"
    | "slow engine"
    | "clock"
    | "cache"
    | "configuration";
  readonly from: Micros;
  readonly until: Micros;
  readonly nodes: readonly number[];
  readonly text: string;
};

/** The rule that was broken. */
export type TraceVerdict = {
  readonly rule: string;
  readonly what: string;
  readonly operations: readonly number[];
  readonly also: readonly string[];
};

/** The causal chain: events by number, in order, those of the verdict's operations and what these depended on. */
export type TraceChain = {
  readonly events: readonly number[];
  /** The violation's moment: when the last of the operations was told, or, where none of them reads, the chain's end. */
  readonly at: Micros;
};

/** A whole trace. */
export type Trace = {
  readonly format: "kvdal trace 1";
  readonly seed: number;
  /** Which world it is, in words, where it is not the one that its seed has. */
  readonly world?: string;
  /** The planted bug, if there was one. */
  readonly mutant?: string;
  readonly fingerprint: string;
  /** Undefined when no rule was broken. */
  readonly verdict?: TraceVerdict;
  readonly chain?: TraceChain;
  readonly nodes: readonly TraceNode[];
  /** Keys by number, as text where they are some, else in hexadecimal. */
  readonly keys: readonly string[];
  readonly records: number;
  readonly operations: readonly TraceOperation[];
  readonly messages: readonly TraceMessage[];
  readonly events: readonly TraceEvent[];
  readonly calls: readonly TraceCall[];
  readonly faults: readonly TraceFault[];
  /** Moments of the world as a whole. */
  readonly marks: readonly { readonly at: Micros; readonly text: string }[];
};
