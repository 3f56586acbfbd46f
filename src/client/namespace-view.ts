/** What a client knows of one namespace, and what it may still spend on it. All instants are monotonic. */
import type { ServerFacts } from "../model/capabilities.ts";
import type { LoadAdvice } from "../model/signals.ts";
import { type Micros, SECOND } from "../model/time.ts";
import {
  canAfford,
  creditAfterCall,
  creditAfterExtra,
  type ExtraBudget,
} from "../policy/extra-budget.ts";

/** For how long a server's advice is followed: load comes and goes, and calls that are not sent hear nothing new. */
const ADVICE_HOLDS: Micros = SECOND;
/** After so long all attempts and refusals count half. */
const REFUSALS_HALVE: Micros = 5 * SECOND;

/** Before all instants. */
const NEVER = Number.NEGATIVE_INFINITY;

/** What all views of a client have in common. */
export type ViewBounds = {
  readonly retries: ExtraBudget;
  readonly hedges: ExtraBudget;
  /** After so long without a word the server is asked. */
  readonly refreshMicros: Micros;
};

/** The view of one namespace. */
export class NamespaceView {
  readonly namespace: string;
  /** The latest facts; undefined before the first reply. */
  facts: ServerFacts | undefined;
  readonly #retries: ExtraBudget;
  readonly #hedges: ExtraBudget;
  readonly #refreshMicros: Micros;
  #retryCredit: number;
  /** Begins empty, so that hedges are never more than their share of the calls. */
  #hedgeCredit = 0;
  #heardAt = NEVER;
  #askedAt = NEVER;
  #attempts = 0;
  #refused = 0;
  #halvesAt = NEVER;
  /** Until then a call has nothing to heed: the one comparison that nearly all of them make. */
  #quietUntil = NEVER;

  constructor(namespace: string, { retries, hedges, refreshMicros }: ViewBounds) {
    this.namespace = namespace;
    this.#retries = retries;
    this.#hedges = hedges;
    this.#refreshMicros = refreshMicros;
    this.#retryCredit = retries.burst;
  }

  /** These facts have just come: an answer that was long on its way tells of a load that is there now. */
  hear(facts: ServerFacts, now: Micros): void {
    this.facts = facts;
    this.#heardAt = now;
    const isQuiet = this.#refused === 0 && facts.advice === "go_on";
    this.#quietUntil = isQuiet ? Math.min(now + this.#refreshMicros, this.#halvesAt) : NEVER;
  }

  /** Whether a call may go without another look at what follows here. */
  isQuiet(now: Micros): boolean {
    return now < this.#quietUntil;
  }

  /** Whether the server has said nothing for long, and has not been asked to for as long. */
  isSilent(now: Micros): boolean {
    if (this.facts === undefined) return false;
    return now - Math.max(this.#heardAt, this.#askedAt) >= this.#refreshMicros;
  }

  /** The server is being asked: once an interval, however many calls begin meanwhile. */
  ask(now: Micros): void {
    this.#askedAt = now;
  }

  advice(now: Micros): LoadAdvice {
    const { facts } = this;
    if (facts === undefined || now - this.#heardAt >= ADVICE_HOLDS) return "go_on";
    return facts.advice;
  }

  /**
   * Attempts of the last while, calls that were not sent among them, and how many of both came to nothing since it was
   * too much for a server; undefined when nothing says that a call should not be sent at once.
   */
  pressure(now: Micros): { readonly attempts: number; readonly refused: number } | undefined {
    if (now >= this.#halvesAt) this.#forget(now);
    if (this.#refused === 0 && this.advice(now) === "go_on") return undefined;
    return { attempts: this.#attempts, refused: this.#refused };
  }

  /** Halves what is remembered for every interval that has passed. */
  #forget(now: Micros): void {
    const intervals = Math.floor((now - this.#halvesAt) / REFUSALS_HALVE) + 1;
    const share = 2 ** -intervals;
    this.#attempts = Math.floor(this.#attempts * share);
    this.#refused = Math.floor(this.#refused * share);
    this.#halvesAt = now + REFUSALS_HALVE;
  }

  /** A call is sent: what it earns may be spent on extra attempts, its own or others'. */
  beginCall(): void {
    this.#retryCredit = creditAfterCall(this.#retryCredit, this.#retries);
    this.#hedgeCredit = creditAfterCall(this.#hedgeCredit, this.#hedges);
  }

  /** A call is not sent. */
  dropCall(): void {
    this.#attempts += 1;
    this.noteRefusal();
  }

  beginAttempt(): void {
    this.#attempts += 1;
  }

  /** A server refused an attempt as too much. */
  noteRefusal(): void {
    this.#refused += 1;
    this.#quietUntil = NEVER;
  }

  canRetry(): boolean {
    return canAfford(this.#retryCredit);
  }

  spendRetry(): void {
    this.#retryCredit = creditAfterExtra(this.#retryCredit);
  }

  /** Whether a call that waits may have another attempt made beside. */
  canHedge(now: Micros): boolean {
    return canAfford(this.#hedgeCredit) && this.advice(now) === "go_on";
  }

  spendHedge(): void {
    this.#hedgeCredit = creditAfterExtra(this.#hedgeCredit);
  }
}
