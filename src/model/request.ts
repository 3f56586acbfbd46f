/** The requests a client sends and what a server answers. Values only: they travel as they are. */
import type { ContentMetadata, Item } from "./item.ts";
import type { Predicate } from "./predicate.ts";
import type { Selection } from "./selection.ts";
import type { Micros } from "./time.ts";
import type { IdempotencyToken } from "./token.ts";

/** An item on its way to a server: the expiry is absolute, so that no attempt moves it (TTL-2). */
export type PutItem = {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  /** Microseconds since 1970; absent for the namespace's default. */
  readonly expiresAt?: Micros | undefined;
  readonly content?: ContentMetadata | undefined;
};

/** Upsert of 1 to 1000 items of one record under one token (PUT-1). */
export type PutItemsRequest = {
  readonly kind: "put_items";
  readonly namespace: string;
  readonly id: string;
  readonly token: IdempotencyToken;
  readonly items: readonly PutItem[];
};

/** One page of the items that match (GET-1, PAGE-1). */
export type GetItemsRequest = {
  readonly kind: "get_items";
  readonly namespace: string;
  readonly id: string;
  readonly predicate: Predicate;
  readonly selection: Selection;
  /** From the page before; absent for the first. */
  readonly pageToken?: Uint8Array | undefined;
};

/** Deletion of the items that match, under one token (DEL-1 to DEL-4). */
export type DeleteItemsRequest = {
  readonly kind: "delete_items";
  readonly namespace: string;
  readonly id: string;
  readonly token: IdempotencyToken;
  readonly predicate: Predicate;
};

/** Every request there is. */
export type KvRequest = PutItemsRequest | GetItemsRequest | DeleteItemsRequest;

/** What became of one item of a mutation that the server carried out. */
export type WriteOutcome =
  /** In effect. */
  | "applied"
  /** A newer write was there; nothing changed, and that is success (TOK-5). */
  | "superseded"
  /** Durable; the engine does not say which of the two. */
  | "accepted";

/** All items were carried out: one outcome an item of a put, one a key, or one in all, of a delete. */
export type MutationResponse = { readonly outcomes: readonly WriteOutcome[] };

/** Some items; more follow when there is a token, also after an empty page (PAGE-4). */
export type GetItemsResponse = {
  readonly items: readonly Item[];
  readonly nextPageToken: Uint8Array | undefined;
};

/** The answer to each kind of request. */
export type KvResponseOf<R extends KvRequest> = R extends GetItemsRequest
  ? GetItemsResponse
  : MutationResponse;

/** Any answer. */
export type KvResponse = MutationResponse | GetItemsResponse;
