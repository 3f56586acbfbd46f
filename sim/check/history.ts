/** What happened in a world, as its clients saw it: an index over tokens that the oracles read. */
import type { KvErrorCode, Micros } from "kvdal";
import type { CacheHistory } from "./cache-history.ts";
import type { ExactRule } from "./exact.ts";
import type { ListHistory } from "./list-history.ts";
import type { WriteOrder } from "./order.ts";
import type {
  AdmissionRecord,
  AnswerRecord,
  EngineCallRecord,
  RefusalRecord,
  ServerFailure,
} from "./server-history.ts";
import type { WriteRegions } from "./write-regions.ts";

/** A put or delete that a client asked for. Times are virtual. */
export type WriteRecord = {
  readonly operation: number;
  /** Number of the client. */
  readonly client: number;
  readonly record: number;
  /** Bits of the keys it is about. */
  readonly keys: number;
  readonly kind: "put" | "delete";
  /** Bits of the keys whose values lie in chunks. */
  readonly chunked: number;
  /** How much a deletion names; undefined for a put. */
  readonly scope: "keys" | "range" | "record" | undefined;
  readonly order: WriteOrder;
  readonly begun: Micros;
  /** When it was acknowledged; Infinity when it never was. */
  readonly acknowledged: Micros;
  /** When its client was told, whatever it was told. */
  readonly ended: Micros;
  /** What it failed with, if it failed. */
  readonly code: KvErrorCode | undefined;
  /** It failed and certainly did not, and will not, take effect. */
  readonly refused: boolean;
  /** Of a mutation of a list: the times of the first and the last of its tokens, for any of which it is refused whole. */
  readonly listTimes?: { readonly first: Micros; readonly last: Micros };
  /** Its client was told so; a second copy of its request, made by the network, may have taken effect nevertheless. */
  readonly toldRefused?: boolean;
  /** What its client's clock showed when the token was made. */
  readonly shown?: Micros | undefined;
  /** In a world of several regions: the one whose server answered last. */
  readonly answeredIn?: number | undefined;
  /** In such a world, of an acknowledged write. */
  readonly regions?: WriteRegions | undefined;
};

/** An item that a reader was given, and which write its parts say they are from. */
export type SeenItem = {
  readonly key: number;
  /** Operation that wrote the value, by its bytes; 0 when they are no value of this world. */
  readonly valueFrom: number;
  /** Operation that wrote the content metadata, by its bytes. */
  readonly contentFrom: number;
  readonly writeTime: Micros;
  /** 0 for none. */
  readonly expiresAt: Micros;
  /** Whether the value has the length that its operation gave it. */
  readonly whole: boolean;
  /** Whether it was stored in chunks. */
  readonly chunked: boolean;
  /** Which staging of its write they are of, hexadecimal; empty for none. */
  readonly staging: string;
};

/** A read or a traversal that came to its end. */
export type ReadRecord = {
  readonly operation: number;
  readonly record: number;
  /** Bits of the keys that it answered for: asked for, and not past an item limit. */
  readonly answered: number;
  readonly begun: Micros;
  readonly ended: Micros;
  readonly reverse: boolean;
  /** Most items asked for over all pages; 0 for no limit (GET-4). */
  readonly itemLimit: number;
  /** What a scan of the namespace gave of the record (SCAN-1). */
  readonly byScan: boolean;
  /** Read by an alias that points at an empty namespace at times: where nothing came, it may have pointed there. */
  readonly byAlias: boolean;
  /** A server answered some of it without a read of the primary on its behalf. */
  readonly cached: boolean;
  /** A server answered it by one look at its keys: it came in one page, and was asked for by keys. */
  readonly atOnce: boolean;
  /** In a world of several regions: those whose servers answered some of it, each once. */
  readonly answeredIn?: readonly number[] | undefined;
  /** In the order in which they came. */
  readonly items: readonly SeenItem[];
  readonly pages: readonly PageRecord[];
};

/** A scan that came to its end, abandoned and resumed on its way or not. */
export type ScanRecord = {
  readonly operation: number;
  /** In the order in which they came. */
  readonly pages: readonly ScannedPageRecord[];
};

/** One page of one segment. */
export type ScannedPageRecord = {
  readonly segment: number;
  readonly bytes: number;
  readonly budget: number;
  readonly items: readonly ScannedItemRecord[];
};

/** An item that a scan gave; `record` is -1 for one that no record of the namespace has. */
export type ScannedItemRecord = { readonly record: number; readonly item: SeenItem };

/** One page of a traversal. */
export type PageRecord = {
  readonly items: number;
  readonly bytes: number;
  readonly budget: number;
  /** A hash of the token that came with it; 0 for none. */
  readonly token: number;
};

/** What one replica, or one server, shows of one record: key to write, in key order. */
export type View = readonly {
  readonly key: Uint8Array;
  readonly time: number;
  readonly nonce: Uint8Array;
}[];

/** A value in chunks, by the item that it is, or was, the value of. */
export type ChunkedValue = {
  readonly id: string;
  /** Hexadecimal. */
  readonly key: string;
  /** When the write that staged it was dated. */
  readonly writeTime: Micros;
  /** Which staging of that write it is, hexadecimal. */
  readonly staging: string;
};

/** An error that no client has reason to meet. */
export type Fault = {
  readonly operation: number;
  readonly kind: "read" | "write";
  readonly code: KvErrorCode;
  readonly message: string;
};

/** An attempt beyond the first of its request. Times are virtual. */
export type ExtraAttempt = {
  readonly operation: number;
  /** Whether another attempt of the request was out when it was sent. */
  readonly kind: "retry" | "hedge";
  /** Requests of the client in the namespace until then, each counted once. */
  readonly calls: number;
  /** Attempts of this kind until then, this one included. */
  readonly count: number;
  /** Of a retry: which one of its request, 1 for the first. Of a hedge: how many attempts were out already. */
  readonly turn: number;
  /** Of a retry: since the last attempt before it ended. Of a hedge: since the last one before it began. */
  readonly waited: Micros;
  /** Of a hedge: the target latency that the client had been told; Infinity when it had not. */
  readonly target: Micros;
};

/** A call that ended in an error that another attempt might have mended. */
export type GivenUpCall = {
  readonly operation: number;
  /** Attempts made, hedges not counted. */
  readonly attempts: number;
  /** Time that the call had left at least. */
  readonly timeLeft: Micros;
  /** Retries that the client had made, or may have paid for, in the namespace until then. */
  readonly retries: number;
};

/** An attempt that was out so long beyond its target, after so many calls none of which was hedged. */
type Unhedged = { readonly operation: number; readonly calls: number; readonly beyond: Micros };

/** What one client sent. */
export type ClientTraffic = {
  readonly extras: readonly ExtraAttempt[];
  /** Operations with an attempt that was out when they ended. */
  readonly strays: readonly number[];
  /** Operations whose mutations were sent with more than one token or expiry. */
  readonly otherIntents: readonly number[];
  /** Longest time without an answer, or a handshake, until an operation began to send. */
  readonly longestSilence: { readonly operation: number; readonly micros: Micros };
  /** The attempt that was given most, beyond the longest latency that the client had been told. */
  readonly longestBudget: { readonly operation: number; readonly beyondMax: Micros };
  readonly givenUp: readonly GivenUpCall[];
  /** Of a client that never hedged, and had earned it: the attempt that was out longest beyond its target. */
  readonly longestUnhedged: Unhedged;
  /** The call that went on longest beyond its time, or beyond its caller's giving up. */
  readonly longestOverrun: { readonly operation: number; readonly beyond: Micros };
};

/** What clients are allowed. */
export type TrafficLimits = {
  readonly attemptsMax: number;
  readonly backoffBase: Micros;
  readonly backoffMax: Micros;
  readonly retryShare: number;
  readonly retryBurst: number;
  readonly hedgeShare: number;
  readonly refreshMicros: Micros;
};

/** The whole history of a world. */
export type History = {
  readonly writes: readonly WriteRecord[];
  readonly reads: readonly ReadRecord[];
  /** Reads that ended in an error, as if nothing had come: no error may be told so. */
  readonly unanswered: readonly ReadRecord[];
  readonly scans: readonly ScanRecord[];
  /** Whether the engine declares that the writes of a request to a record take effect together (PUT-2). */
  readonly writesAtOnce: boolean;
  /** Whether a read that finds copies apart gives them the keys that it asks for, and not the rest of their put. */
  readonly repairsKeys?: boolean | undefined;
  /** Bounds of the servers' wall clocks at a virtual time: expiry is judged by one of them. */
  readonly serverWall: (now: Micros) => { readonly low: Micros; readonly high: Micros };
  /** What tokens may be off that clock (TOK-3). */
  readonly tokenWindow: { readonly maxAge: Micros; readonly maxDrift: Micros };
  /** Most that the clocks of two clients differ, and that a token may be ahead of its client's clock (TOK-9). */
  readonly clientSkew: Micros;
  /** The first error that no client has reason to meet. */
  readonly fault: Fault | undefined;
  /** When servers began to clean up. */
  readonly cleanUps: readonly Micros[];
  /** Of each record, what every replica shows once all faults have healed; empty where only servers can tell. */
  readonly views: readonly (readonly View[])[];
  /** After the last clean-up: values that have chunks in the store, and those that items refer to. */
  readonly chunks: {
    readonly stored: readonly ChunkedValue[];
    readonly referred: readonly ChunkedValue[];
  };
  /** What servers asked of their engine, and when they answered. */
  readonly calls: readonly EngineCallRecord[];
  readonly answers: readonly AnswerRecord[];
  readonly refusals: readonly RefusalRecord[];
  readonly failures: readonly ServerFailure[];
  /** Nothing is lost, cut off, held up, slow or down in this world, and no cache is in it. */
  readonly isCalm: boolean;
  readonly admissions: readonly AdmissionRecord[];
  /** Undefined in a world without a cache. */
  readonly cache: CacheHistory | undefined;
  /** What clients sent, and what they were allowed to. */
  readonly traffic: {
    readonly limits: TrafficLimits;
    readonly clients: readonly ClientTraffic[];
  };
  /**
   * In a world of two regions: longest time from an acknowledgement until the other region has the write; Infinity where
   * something may be lost, cut off or down meanwhile. Undefined for one region.
   */
  readonly arrivesWithin?: Micros | undefined;
  /** Lists of mutations; undefined in a world without. */
  readonly lists?: ListHistory | undefined;
  /** An answer that is not the one that is known, of the last questions to a sound world. */
  readonly exact?: Pick<Violation<ExactRule>, "rule" | "what" | "check"> | undefined;
  /** What was still there after the end, in words; empty when nothing was (RES-1). */
  readonly left: readonly string[];
};

/** A broken rule. */
export type Violation<R extends string = string> = {
  /** Rule id of the contract. */
  readonly rule: R;
  /** What was found and what the rule wants, in one sentence. */
  readonly what: string;
  /** Operations concerned. */
  readonly operations: readonly number[];
  /** File of the check that shows it, where it is asked at a world's end, apart from all operations. */
  readonly check?: string;
};

/** A judge of histories. */
export type Oracle<R extends string = string> = {
  readonly name: string;
  /** Every rule that it can report, and no other. */
  readonly rules: readonly R[];
  /** The first violation, or undefined. */
  readonly check: (history: History) => Violation<R> | undefined;
};
