/** What callers hand to the client, and what they get. */
import type { ContentMetadata, Item, ItemInput } from "../model/item.ts";
import type { Predicate } from "../model/predicate.ts";
import type { MutationState, WriteOutcome } from "../model/request.ts";
import type { ScannedItem, ScanSegment, ScanSelection } from "../model/scan.ts";
import type { Selection } from "../model/selection.ts";
import type { Micros } from "../model/time.ts";
import type { IdempotencyToken } from "../model/token.ts";

/** A record. */
type RecordAddress = { readonly namespace: string; readonly id: string };

/** A mutation's token: by default the next one of the client's source. Name one to repeat a mutation (TOK-4). */
type UnderToken = { readonly token?: IdempotencyToken };

/** A put of 1 to 1000 items of one record. */
export type PutItemsInput = RecordAddress &
  UnderToken & {
    readonly items: readonly ItemInput[];
    /**
     * Put the item, one only, where no live item of its key is: its outcome is `applied`, or else `present`. A repeat
     * under its token is `applied` again while that item is there. UNSUPPORTED on engines without it (PUT-5).
     */
    readonly ifAbsent?: true;
  };

/** A put of one item whose value comes as a stream (CHUNK-6). */
export type PutValueInput = RecordAddress &
  UnderToken & {
    readonly key: Uint8Array;
    /** Time to live from the token's generation time, microseconds; absent for the namespace's default. */
    readonly ttlMicros?: Micros;
    readonly content?: ContentMetadata;
  };

/** The item whose value is wanted as a stream. */
export type ReadValueInput = RecordAddress & { readonly key: Uint8Array };

/** A stored value as a stream. */
export type ValueReader = {
  /** Its value is empty here. */
  readonly item: Item;
  /**
   * The value, in pieces that belong to the reader. Read it once, to its end or not. A failure in the middle is
   * DATA_LOSS, or any error of a read: what was read until then must not be used as the value.
   */
  readonly value: AsyncIterable<Uint8Array>;
};

/** A read of one record. */
export type GetItemsInput = RecordAddress & {
  /** Default: all items. */
  readonly predicate?: Predicate;
  readonly selection?: Selection;
  /** From the page before; absent for the first page. */
  readonly pageToken?: Uint8Array | undefined;
};

/** Some items; more follow when there is a token, also after an empty page (PAGE-4). */
export type GetItemsResult = {
  readonly items: readonly Item[];
  readonly nextPageToken: Uint8Array | undefined;
};

/** One page of a scan of a namespace. */
export type ScanItemsInput = {
  readonly namespace: string;
  /** Default: the whole namespace. */
  readonly segment?: ScanSegment;
  readonly selection?: ScanSelection;
  /** From the segment's page before; absent for its first page. */
  readonly pageToken?: Uint8Array | undefined;
};

/** Some items with their records; more follow when there is a token, also after an empty page. */
export type ScanItemsResult = {
  readonly items: readonly ScannedItem[];
  readonly nextPageToken: Uint8Array | undefined;
};

/** How far a segment has been scanned: a page token, or none of it, or all. */
export type SegmentPosition = Uint8Array | "begin" | "end";

/** How far a scan has come, as a value to keep: any client of the deployment goes on from there. */
export type ScanCheckpoint = {
  /** By its own name: the scan stays in it, wherever an alias points by then (NS-4). */
  readonly namespace: string;
  /** One a segment. */
  readonly segments: readonly SegmentPosition[];
};

/** A scan of a whole namespace, or what is left of one. */
export type ScanInput = {
  /** A name or an alias; not needed beside `from`. */
  readonly namespace?: string;
  /** Into how many parts it is split, 1 to 256, default 1. */
  readonly segments?: number;
  /** In place of namespace and segments: where an earlier scan had come to. */
  readonly from?: ScanCheckpoint;
  /** Segments scanned at a time, hence pages that are fetched and wait to be taken; default 4. */
  readonly concurrency?: number;
  readonly selection?: ScanSelection;
};

/** A page of one of a scan's segments. */
export type ScannedPage = {
  /** Index of the segment. */
  readonly segment: number;
  /** None at times: what was looked at may all be dead (PAGE-5). */
  readonly items: readonly ScannedItem[];
  /** Where the scan stands with this page and all before it. */
  readonly checkpoint: ScanCheckpoint;
};

/** A deletion in one record. */
export type DeleteItemsInput = RecordAddress &
  UnderToken & {
    /** Default: the whole record. */
    readonly predicate?: Predicate;
  };

/** One mutation of a list: items to put into a record, or what to delete there. */
export type MutationInput = RecordAddress &
  ({ readonly put: readonly ItemInput[] } | { readonly delete: Predicate });

/**
 * A list of 1 to 1000 mutations, across records and namespaces, at most 4 MiB in all. Values are inline only: what its
 * namespace would store in chunks is TOO_LARGE, with nothing logged, and none is compressed.
 */
export type MutateItemsInput = UnderToken & {
  /** In order: of two that touch the same item the later one stays. */
  readonly mutations: readonly MutationInput[];
};

/** A list that was accepted. */
export type MutateItemsResult = {
  /** By which to ask what became of it. */
  readonly requestId: string;
  /** The first mutation's token; each further one's is a tick later. Repeat the list under it (TOK-4). */
  readonly token: IdempotencyToken;
};

/** What has become of a list. */
export type MutationStatus = {
  /**
   * `unknown`: no such list was accepted, or its end lies so far back that it was forgotten. `pending`: of some of its
   * mutations nothing is known yet. `done`: each was applied, or is a dead letter or was one.
   */
  readonly state: "unknown" | "pending" | "done";
  /** One a mutation, in order; empty for an unknown list. */
  readonly mutations: readonly MutationState[];
};

/** What a mutation came to, and the token it is ordered by. */
export type MutationResult = {
  readonly token: IdempotencyToken;
  readonly outcomes: readonly WriteOutcome[];
};
