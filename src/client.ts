/** Door for those who bring their own transport: the client and the ports it needs. */
export {
  type ClientParts,
  createClient,
  type KvClient,
} from "./client/kv-client.ts";
export { monotonicTokens, type TokenSource } from "./client/token-source.ts";
export {
  type ClientCapabilities,
  type NamespaceLimits,
  PLAIN_CLIENT,
  type ServerFacts,
} from "./model/capabilities.ts";
export type {
  DeleteItemsRequest,
  GetChunksRequest,
  GetChunksResponse,
  GetItemsRequest,
  GetItemsResponse,
  HandshakeRequest,
  KvRequest,
  KvResponse,
  KvResponseOf,
  MutationResponse,
  PutItem,
  PutItemsRequest,
  StageChunksRequest,
} from "./model/request.ts";
export type { Clock } from "./ports/clock.ts";
export type { Env } from "./ports/env.ts";
export { neverAborted } from "./ports/never-aborted.ts";
export type { Sequencer } from "./ports/sequencer.ts";
export type { Random } from "./ports/random.ts";
export { type CancelTimer, sleep, type Timers } from "./ports/timers.ts";
export type { Transport, TransportCall } from "./ports/transport.ts";
