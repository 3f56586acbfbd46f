/** The requests a client sends and what a server answers. Values only: they travel as they are. */
import type { ClientCapabilities, ServerFacts } from "./capabilities.ts";
import type { KvErrorCode } from "./error.ts";
import type { ChunkMetadata, CompressionMetadata, ContentMetadata, Item } from "./item.ts";
import type { Predicate } from "./predicate.ts";
import type { ScannedItem, ScanSegment, ScanSelection } from "./scan.ts";
import type { Selection } from "./selection.ts";
import type { Micros } from "./time.ts";
import type { IdempotencyToken } from "./token.ts";

/** What every request has. */
type Common = {
  readonly namespace: string;
  /** What the client can do (SIG-2). */
  readonly capabilities: ClientCapabilities;
};

/** An item on its way to a server: the expiry is absolute, so that no attempt moves it (TTL-2). */
export type PutItem = {
  readonly key: Uint8Array;
  /** As it is to be stored: compressed, when `compression` says so. Empty when its chunks are staged. */
  readonly value: Uint8Array;
  /** Microseconds since 1970; absent for the namespace's default. */
  readonly expiresAt?: Micros | undefined;
  readonly content?: ContentMetadata | undefined;
  readonly compression?: CompressionMetadata | undefined;
  /** The value's chunks were staged under this request's token; storing the item commits them (CHUNK-2). */
  readonly chunk?: ChunkMetadata | undefined;
};

/** Upsert of 1 to 1000 items of one record under one token (PUT-1). */
export type PutItemsRequest = Common & {
  readonly kind: "put_items";
  readonly id: string;
  readonly token: IdempotencyToken;
  readonly items: readonly PutItem[];
  /** Put the one item only where no live item of its key is (PUT-5). */
  readonly ifAbsent?: true | undefined;
};

/** One page of the items that match (GET-1, PAGE-1). */
export type GetItemsRequest = Common & {
  readonly kind: "get_items";
  readonly id: string;
  readonly predicate: Predicate;
  readonly selection: Selection;
  /** From the page before; absent for the first. */
  readonly pageToken?: Uint8Array | undefined;
};

/** One page of the items of a segment, whatever their record (SCAN-1). */
export type ScanItemsRequest = Common & {
  readonly kind: "scan_items";
  readonly segment: ScanSegment;
  readonly selection: ScanSelection;
  /** From the page before; absent for the first of the segment. */
  readonly pageToken?: Uint8Array | undefined;
};

/** Deletion of the items that match, under one token (DEL-1 to DEL-4). */
export type DeleteItemsRequest = Common & {
  readonly kind: "delete_items";
  readonly id: string;
  readonly token: IdempotencyToken;
  readonly predicate: Predicate;
};

/** Some consecutive chunks of a value that a put under the same token is to commit (CHUNK-6). */
export type StageChunksRequest = Common & {
  readonly kind: "stage_chunks";
  readonly id: string;
  readonly key: Uint8Array;
  readonly token: IdempotencyToken;
  /** Size of all chunks but the value's last: what the commit will say, as a rule the namespace's chunk size. */
  readonly chunkBytes: number;
  /** Random, the same for all chunks of one staging of the value; 8 bytes. */
  readonly staging: Uint8Array;
  /** Index of the first chunk. */
  readonly first: number;
  readonly chunks: readonly Uint8Array[];
};

/** Some consecutive chunks of a stored value (CHUNK-5). */
export type GetChunksRequest = Common & {
  readonly kind: "get_chunks";
  readonly id: string;
  readonly key: Uint8Array;
  /** As the item's metadata says. */
  readonly chunk: ChunkMetadata;
  readonly first: number;
  readonly count: number;
};

/** A put or a delete of a list, under a token of its own. Values lie in it whole: none is in chunks. */
export type ListedMutation = { readonly namespace: string; readonly id: string } & (
  | { readonly kind: "put"; readonly items: readonly PutItem[] }
  | { readonly kind: "delete"; readonly predicate: Predicate }
);

/**
 * A list of 1 to 1000 mutations across records and namespaces, to be logged and then applied (MUT-1). Its namespace is
 * that of the first. The token is the first mutation's, each further one's is a tick later (MUT-2).
 */
export type MutateItemsRequest = Common & {
  readonly kind: "mutate_items";
  readonly token: IdempotencyToken;
  readonly mutations: readonly ListedMutation[];
};

/** What has become of a list, by the token that it was handed in under (MUT-1). */
export type MutationStatusRequest = Common & {
  readonly kind: "mutation_status";
  readonly token: IdempotencyToken;
};

/** Asks for nothing but what every reply brings: the server's time and limits (SIG-1). */
export type HandshakeRequest = Common & { readonly kind: "handshake" };

/** Every request there is. */
export type KvRequest =
  | PutItemsRequest
  | GetItemsRequest
  | ScanItemsRequest
  | DeleteItemsRequest
  | StageChunksRequest
  | GetChunksRequest
  | MutateItemsRequest
  | MutationStatusRequest
  | HandshakeRequest;

/** Whether the request itself changes what readers see, so that its failure has to say whether it did (TOK-8). */
export function isMutation({ kind }: KvRequest): boolean {
  return kind === "put_items" || kind === "delete_items" || kind === "mutate_items";
}

/** What became of one item of a mutation that the server carried out. */
export type WriteOutcome =
  /** In effect. */
  | "applied"
  /** A newer write was there; nothing changed, and that is success (TOK-5). */
  | "superseded"
  /** Durable; the engine does not say which of the two. */
  | "accepted"
  /** A conditional put found a live item, or a newer deletion; nothing changed (PUT-5). */
  | "present";

/** What every reply has. */
type Reply = { readonly server: ServerFacts };

/** All items were carried out: one outcome an item of a put, one a key, or one in all, of a delete. */
export type MutationResponse = { readonly outcomes: readonly WriteOutcome[] };

/** Some items; more follow when there is a token, also after an empty page (PAGE-4). */
export type GetItemsResponse = {
  readonly items: readonly Item[];
  readonly nextPageToken: Uint8Array | undefined;
};

/** Some items with their records; more follow when there is a token, also after an empty page. */
export type ScanItemsResponse = {
  readonly items: readonly ScannedItem[];
  readonly nextPageToken: Uint8Array | undefined;
};

/** The chunks that were asked for, whole, in order. */
export type GetChunksResponse = { readonly chunks: readonly Uint8Array[] };

/** What has become of one mutation of a list. */
export type MutationState =
  /** Not yet in effect, or not known to be. */
  | { readonly kind: "pending" }
  /** In effect, durably, or a newer write was there. */
  | { readonly kind: "applied" }
  /** It could not be applied, and waits for an operator to retry or discard it. */
  | { readonly kind: "dead_lettered"; readonly code: KvErrorCode; readonly reason: string }
  /** An operator has discarded it. */
  | { readonly kind: "discarded" };

/**
 * What has become of a list, one state a mutation, in order. None at all when no list of the name is known: it was
 * never accepted, or its end lies so far back that it was forgotten.
 */
export type MutationStatusResponse = { readonly mutations: readonly MutationState[] };

/** The chunks are staged, the list is accepted, or the server is there: nothing to tell but the facts. */
export type Done = { readonly done: true };

/** What an API answers, before the facts are added. */
export type KvResultOf<R extends KvRequest> = R extends GetItemsRequest
  ? GetItemsResponse
  : R extends ScanItemsRequest
    ? ScanItemsResponse
    : R extends GetChunksRequest
      ? GetChunksResponse
      : R extends MutationStatusRequest
        ? MutationStatusResponse
        : R extends StageChunksRequest | HandshakeRequest | MutateItemsRequest
          ? Done
          : MutationResponse;

/** Any such answer. */
export type KvResult =
  | MutationResponse
  | GetItemsResponse
  | ScanItemsResponse
  | GetChunksResponse
  | MutationStatusResponse
  | Done;

/** The answer to each kind of request. */
export type KvResponseOf<R extends KvRequest> = KvResultOf<R> & Reply;

/** Any answer. */
export type KvResponse = KvResult & Reply;
