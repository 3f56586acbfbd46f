/** What a client can do, in the words of its callers. */
import type { NamespaceSignals } from "../model/signals.ts";
import type { CallOptions } from "./call.ts";
import type {
  DeleteItemsInput,
  GetItemsInput,
  GetItemsResult,
  MutateItemsInput,
  MutateItemsResult,
  MutationResult,
  MutationStatus,
  PutItemsInput,
  PutValueInput,
  ReadValueInput,
  ScanInput,
  ScanItemsInput,
  ScanItemsResult,
  ScannedPage,
  ValueReader,
} from "./inputs.ts";

/**
 * The verbs. All reject with `KvError`; where a mutation does, `applied` says whether it may have taken effect,
 * and repeating it with the same token is always safe (TOK-8).
 */
export type KvClient = {
  readonly putItems: (input: PutItemsInput, options?: CallOptions) => Promise<MutationResult>;
  /**
   * Puts one item whose value comes in pieces, of any size and number; memory is bounded by the client's window
   * (CHUNK-6). Fails as the source does, with nothing put. A repeat under the same token needs the same bytes again.
   */
  readonly putValue: (
    input: PutValueInput,
    source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    options?: CallOptions,
  ) => Promise<MutationResult>;
  /** One page. `nextPageToken` is undefined after the last (PAGE-4). */
  readonly getItems: (input: GetItemsInput, options?: CallOptions) => Promise<GetItemsResult>;
  /** All pages from `pageToken`, or the first, on; each under its own time-out. */
  readonly pages: (input: GetItemsInput, options?: CallOptions) => AsyncIterable<GetItemsResult>;
  /** One item with its value as a stream; undefined when there is none. The time-out is for the whole of it. */
  readonly readValue: (
    input: ReadValueInput,
    options?: CallOptions,
  ) => Promise<ValueReader | undefined>;
  readonly deleteItems: (input: DeleteItemsInput, options?: CallOptions) => Promise<MutationResult>;
  /**
   * A whole namespace, several segments at a time; each page under its own time-out. Every item that is there from the
   * beginning to the end comes exactly once, any other at most once (SCAN-1). Retried as reads are, never hedged.
   */
  readonly scan: (input: ScanInput, options?: CallOptions) => AsyncIterable<ScannedPage>;
  /** One page of a segment. `nextPageToken` is undefined after the segment's last. */
  readonly scanItems: (input: ScanItemsInput, options?: CallOptions) => Promise<ScanItemsResult>;
  /**
   * Hands in a list of mutations across records and namespaces. Resolves once it is durably logged: from then on every
   * one of them takes effect, once, in order for each record, or ends as a dead letter (MUT-1). They are not seen
   * together, nor at once. A list that was not accepted for sure is handed in again under its token.
   */
  readonly mutateItems: (
    input: MutateItemsInput,
    options?: CallOptions,
  ) => Promise<MutateItemsResult>;
  /** What has become of an accepted list. What is told to be applied is in effect for every later read. */
  readonly mutationStatus: (requestId: string, options?: CallOptions) => Promise<MutationStatus>;
  /** What the latest reply told of a namespace, for callers who send less by themselves; undefined before the first. */
  readonly signals: (namespace: string) => NamespaceSignals | undefined;
};
