/** The signal of a client that may give up, and what still listens to it. */
export class GiveUp {
  readonly #listeners = new Set<() => void>();
  #aborted = false;

  /** As the client takes it. */
  readonly signal: AbortSignal = this.#asSignal();

  /** Tells all who listen, each once. */
  abort(): void {
    this.#aborted = true;
    for (const listener of this.#listeners) listener();
  }

  /** How many listen: none, once the call has ended (RES-1). */
  get listeners(): number {
    return this.#listeners.size;
  }

  /** The part of an AbortSignal that is used, at a tenth of the price, and countable. */
  #asSignal(): AbortSignal {
    const isAborted = (): boolean => this.#aborted;
    const signal = {
      get aborted() {
        return isAborted();
      },
      addEventListener: (_type: string, listener: () => void) => this.#listeners.add(listener),
      removeEventListener: (_type: string, listener: () => void) =>
        this.#listeners.delete(listener),
    };
    return signal as unknown as AbortSignal;
  }
}
