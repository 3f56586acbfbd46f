/** Door for those who bring their own transport: the client and the ports it needs. */
export {
  type ClientParts,
  createClient,
  type KvClient,
} from "./client/kv-client.ts";
export { monotonicTokens, type TokenSource } from "./client/token-source.ts";
export type {
  DeleteItemsRequest,
  GetItemsRequest,
  GetItemsResponse,
  KvRequest,
  KvResponse,
  KvResponseOf,
  MutationResponse,
  PutItem,
  PutItemsRequest,
} from "./model/request.ts";
export type { Clock } from "./ports/clock.ts";
export type { Env } from "./ports/env.ts";
export { neverAborted } from "./ports/never-aborted.ts";
export type { Random } from "./ports/random.ts";
export { type CancelTimer, sleep, type Timers } from "./ports/timers.ts";
export type { Transport, TransportCall } from "./ports/transport.ts";
