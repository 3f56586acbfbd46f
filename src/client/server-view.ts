/** What a client knows of the servers' side, from their replies (SIG-1). */
import type { ServerFacts } from "../model/capabilities.ts";
import type { Micros } from "../model/time.ts";
import type { TokenSource } from "./token-source.ts";

/** The latest facts of each namespace; every reply renews them. */
export class ServerView {
  readonly #facts = new Map<string, ServerFacts>();
  readonly #tokens: TokenSource;

  constructor(tokens: TokenSource) {
    this.#tokens = tokens;
  }

  /** Undefined before the first reply. */
  facts(namespace: string): ServerFacts | undefined {
    return this.#facts.get(namespace);
  }

  observe(namespace: string, facts: ServerFacts, sentAt: Micros): void {
    this.#facts.set(namespace, facts);
    const { time, limits } = facts;
    this.#tokens.observe({ time, sentAt, maxDrift: limits.tokenMaxDrift });
  }
}
