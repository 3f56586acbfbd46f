/** The last questions to a world that is sound: every call is made once, and its answer compared. */
import type { IdempotencyToken, Micros } from "kvdal";
import type { WorldBackend } from "../backends/backend.ts";
import { NAMESPACE } from "../workload/namespace-plan.ts";
import type { Plan } from "../workload/plan.ts";
import { chance, planRandom } from "../world/keyed-random.ts";
import { keysAt } from "../world/server-keys.ts";
import type { SimClient } from "../world/sim-client.ts";
import type { SimServer } from "../world/sim-server.ts";
import { ALIASES } from "./aliases.ts";
import { ANSWERED } from "./answers.ts";
import { BOUNDS } from "./bounds.ts";
import { COMPRESSION } from "./compression.ts";
import { EDGES } from "./edges.ts";
import type { Asked, ExactCall } from "./exact-call.ts";
import { type ExactFlaw, filed, firstExactFlaw, type Filed } from "./exact-flaw.ts";
import { HELD_BACK } from "./held-back.ts";
import { LETTERS } from "./letters.ts";
import { LISTED } from "./lists.ts";
import { LOST_CHUNKS } from "./lost-chunks.ts";
import { MANY_NAMESPACES } from "./many-namespaces.ts";
import { CODECS } from "./codecs.ts";
import { RAW } from "./raw-rows.ts";
import { REFUSED } from "./refusals.ts";
import { REMOVED_LATE } from "./removed-late.ts";
import { STAGING } from "./staging.ts";
import { STORED_FORMS } from "./stored-forms.ts";

/** Who asks whom, about which record. */
export type ExactParts = {
  readonly plan: Plan;
  readonly client: SimClient;
  /** The first of all. */
  readonly server: SimServer;
  readonly backend: Pick<WorldBackend, "recordId">;
};

/** What the world's own client and servers are asked, by the file that it stands in, in this order. */
const OF_THE_WORLD = filed<ExactCall>("sim/exact", {
  "answers.ts": ANSWERED,
  "edges.ts": EDGES,
  "refusals.ts": REFUSED,
});

/** What a house is asked afterwards: nearly the same everywhere, and so in some of these worlds only. */
const OF_A_HOUSE = filed<ExactCall>("sim/exact", {
  "bounds.ts": BOUNDS,
  "compression.ts": COMPRESSION,
  "lost-chunks.ts": LOST_CHUNKS,
  "staging.ts": STAGING,
  "raw-rows.ts": RAW,
  "stored-forms.ts": STORED_FORMS,
  "lists.ts": LISTED,
  "letters.ts": LETTERS,
  "codecs.ts": CODECS,
  "removed-late.ts": REMOVED_LATE,
  "aliases.ts": ALIASES,
  "held-back.ts": HELD_BACK,
  "many-namespaces.ts": MANY_NAMESPACES,
});

/** All of it. */
export const CALLS: readonly Filed<ExactCall>[] = [...OF_THE_WORLD, ...OF_A_HOUSE];

/** One in so many of these worlds has a house. */
const HOUSE_IN = 4;
/** One in so many is asked what takes long, too. */
const THOROUGH_IN = 4;

function callsOf({ seed }: Plan): readonly Filed<ExactCall>[] {
  const hasHouse = chance(planRandom(seed, "house of exact calls"), 1, HOUSE_IN);
  return hasHouse ? CALLS : OF_THE_WORLD;
}

/** These calls are numbered from here on. */
const EXACT_FIRST = 980_000;

/** What of an answer is told. */
const TEXT_MAX = 400;

/** Number of a record that no plan has. */
const RECORD = 1_000;

/** The first wrong answer, where the plan asks for any. */
export async function askExactly(parts: ExactParts): Promise<ExactFlaw | undefined> {
  const { plan, client, server, backend } = parts;
  if (plan.exact === undefined) return undefined;
  let number = EXACT_FIRST;
  const asked: Asked = {
    namespace: NAMESPACE,
    id: backend.recordId(RECORD),
    chunkAboveBytes: plan.namespace.chunkAboveBytes,
    chunkBytes: plan.namespace.chunkBytes,
    env: server.node.env(),
    mac: keysAt(server.node),
    isCached: isCached(plan),
    isThorough: chance(planRandom(plan.seed, "exact at length"), 1, THOROUGH_IN),
    wasCached: () => client.wasCached,
    token: tokensOf(server),
    call: (ask) => client.askAt(0, number++, ask),
  };
  const { failures } = server.watch;
  const known = failures.length;
  const flaw = await firstExactFlaw(callsOf(plan), ({ ask }) => ask(asked), TEXT_MAX);
  // What was to be refused is no failure of the server.
  if (flaw === undefined) failures.length = known;
  return flaw;
}

/** Not where entries end early, keys share a hash, or most answers take longer than a server waits for them. */
function isCached({ cache, network }: Plan): boolean {
  if (cache === undefined || cache.wholeSeconds || cache.sharesHashes) return false;
  return cache.timeout > 3 * network.latencyMax;
}

/** Tokens as the server's own clock has the time, which it admits; clients' clocks may be days off. */
function tokensOf({ node }: SimServer): () => IdempotencyToken {
  const random = node.env().random.fork("tokens of exact calls");
  let last: Micros = 0;
  return () => {
    last = Math.max(last + 1, node.wall());
    return { generationTime: last, nonce: random.bytes(16) };
  };
}
