/** What a client knows of the servers' side, from their replies (SIG-1). */
import type { NamespaceLimits, ServerFacts } from "../model/capabilities.ts";
import type { Micros } from "../model/time.ts";
import type { TokenSource } from "./token-source.ts";

/** The latest limits of each namespace; every reply renews them. */
export class ServerView {
  readonly #limits = new Map<string, NamespaceLimits>();
  readonly #tokens: TokenSource;

  constructor(tokens: TokenSource) {
    this.#tokens = tokens;
  }

  /** Undefined before the first reply. */
  limits(namespace: string): NamespaceLimits | undefined {
    return this.#limits.get(namespace);
  }

  observe(namespace: string, { time, limits }: ServerFacts, sentAt: Micros): void {
    this.#limits.set(namespace, limits);
    this.#tokens.observe({ time, sentAt, maxDrift: limits.tokenMaxDrift });
  }
}
