/**
 * What the adapter needs of a DynamoDB: actions of its API by their names, with documents as the SDK spells them. The
 * SDK has them; so may a stand-in, and then nothing of the SDK is loaded.
 */
import type { EngineCall } from "../../ports/storage-engine.ts";

/** The actions that the adapter uses. */
export type DynamodbAction =
  | "BatchGetItem"
  | "CreateTable"
  | "DeleteItem"
  | "DescribeTable"
  | "DescribeTimeToLive"
  | "GetItem"
  | "PutItem"
  | "Query"
  | "Scan"
  | "UpdateTimeToLive";

/** What goes with every request. */
export type WireOptions = {
  /** Aborted when nobody waits for the answer any more: reject with an error named `AbortError`. */
  readonly abortSignal: AbortSignal;
  /** The engine call that the request is a part of. */
  readonly call: EngineCall;
};

/** A way to a DynamoDB, or to something in its place. */
export type DynamodbWire = {
  /**
   * Carries out one action, once. Rejects with an error that has the service's name of it, and with a failed
   * condition's `Item` where that was asked for. The documents are the caller's; the wire keeps none of their bytes.
   */
  readonly send: (action: DynamodbAction, input: object, options: WireOptions) => Promise<unknown>;
  /** Ends what is out. */
  readonly destroy: () => void;
};
