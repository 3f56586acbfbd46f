/** What a client knows of the servers' side, namespace by namespace, from their replies (SIG-1). */
import type { ServerFacts } from "../model/capabilities.ts";
import type { Micros } from "../model/time.ts";
import { extraBudget } from "../policy/extra-budget.ts";
import type { CallLimits } from "./call.ts";
import { NamespaceView, type ViewBounds } from "./namespace-view.ts";
import type { TokenSource } from "./token-source.ts";

/** Most names remembered; beyond it the one that was used first is forgotten (RES-2). */
const NAMESPACES_MAX = 1_000;

/** The view of one client. */
export class ServerView {
  readonly #views = new Map<string, NamespaceView>();
  /** The one that was asked for last: mostly it is asked for again. */
  #last: NamespaceView | undefined;
  readonly #tokens: TokenSource;
  readonly #bounds: ViewBounds;

  constructor(tokens: TokenSource, limits: CallLimits) {
    this.#tokens = tokens;
    const { retryShare, retryBurst, hedgeShare, hedgeBurst, refreshMicros } = limits;
    this.#bounds = {
      retries: extraBudget({ share: retryShare, burst: retryBurst }),
      hedges: extraBudget({ share: hedgeShare, burst: hedgeBurst }),
      refreshMicros,
    };
  }

  /** Of this name, made when there is none. */
  of(namespace: string): NamespaceView {
    if (this.#last?.namespace === namespace) return this.#last;
    this.#last = this.#views.get(namespace) ?? this.#add(namespace);
    return this.#last;
  }

  #add(namespace: string): NamespaceView {
    const [oldest] = this.#views.keys();
    if (oldest !== undefined && this.#views.size >= NAMESPACES_MAX) this.#views.delete(oldest);
    const view = new NamespaceView(namespace, this.#bounds);
    this.#views.set(namespace, view);
    return view;
  }

  /** Undefined before the first reply. */
  facts(namespace: string): ServerFacts | undefined {
    return this.#views.get(namespace)?.facts;
  }

  /** A server has answered at the monotonic instant `now` a request that was sent at `sentAt`. */
  hear(view: NamespaceView, facts: ServerFacts, sentAt: Micros, now: Micros): void {
    view.hear(facts, now);
    const { time, limits } = facts;
    this.#tokens.observe({ time, sentAt, maxDrift: limits.tokenMaxDrift });
  }
}
