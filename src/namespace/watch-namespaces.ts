/** A running service takes up new and changed namespaces without a restart (NS-5). */
import type { ShadowCounters, ShadowedEngine } from "../engines/shared/shadow-engine.ts";
import { KvError } from "../model/error.ts";
import { type Micros, MINUTE, SECOND } from "../model/time.ts";
import type { NamespaceDocument, NamespaceSource } from "../ports/namespace-source.ts";
import { pause } from "../ports/pause.ts";
import { problemLine } from "./config-problem.ts";
import { readNamespaces } from "./read-namespaces.ts";
import { namespaceRegistry, type NamespaceRegistry, type ReplaceableRegistry } from "./registry.ts";
import type { RoutedNamespace, RouteParts } from "./route-namespace.ts";
import { type InForce, NOTHING_IN_FORCE, snapshotOf, takeUp } from "./take-up.ts";

/** What came of a version of the configuration. */
export type NamespaceReport = {
  /** The version of the document; undefined when the source could not be read. */
  readonly version: string | undefined;
  /** Namespaces that are new or changed, and in force from now on. */
  readonly changed: readonly string[];
  /** Namespaces that are not served any more. */
  readonly gone: readonly string[];
  /** One line for each thing that is not as the document says, with found and wanted. */
  readonly refused: readonly string[];
};

/** What is watched, and with what. */
export type WatchParts = RouteParts & {
  readonly source: NamespaceSource;
  /** Told of every version but the first. */
  readonly onReport?: ((report: NamespaceReport) => void) | undefined;
};

/** Namespaces that follow their source. */
export type NamespaceWatch = {
  /** For the service. */
  readonly registry: NamespaceRegistry;
  /** What a namespace's shadow has seen; undefined when it has none. */
  readonly shadow: (namespace: string) => Readonly<ShadowCounters> | undefined;
  /** Ends the watch and the shadows' calls, and nothing else: the engines stay open, the last namespaces known. */
  readonly close: () => Promise<void>;
};

/** Most changed shadows whose calls are still ended by a close (RES-2). */
const LEAVING_MAX = 100;
/** How long after a failure it is tried again, and the most that this grows to. */
const RETRY_FIRST: Micros = SECOND;
const RETRY_MAX: Micros = MINUTE;

/**
 * Takes the present document up and follows its source. Rejects with INVALID_ARGUMENT and every flaw when the first
 * document is refused, in whole or in part: a service begins with what it was told to, or not at all.
 */
export async function watchNamespaces(parts: WatchParts): Promise<NamespaceWatch> {
  const watch = new Watch(parts);
  await watch.begin();
  const following = watch.follow();
  return {
    registry: watch.registry,
    shadow: watch.shadow,
    close: async () => {
      watch.stop();
      await following;
      await watch.closeShadows();
    },
  };
}

class Watch {
  readonly registry: ReplaceableRegistry = namespaceRegistry(snapshotOf(NOTHING_IN_FORCE, "none"));
  readonly #parts: WatchParts;
  readonly #closing = new AbortController();
  /** Of namespaces that are gone or changed: requests that began before are still to reach them. */
  readonly #leaving = new Set<ShadowedEngine>();
  #inForce: InForce = NOTHING_IN_FORCE;
  #version = "";

  constructor(parts: WatchParts) {
    this.#parts = parts;
  }

  readonly shadow = (namespace: string): Readonly<ShadowCounters> | undefined =>
    this.#inForce.namespaces.get(namespace)?.shadow?.counters;

  async begin(): Promise<void> {
    const document = await this.#read();
    const { report } = await this.#take(document);
    if (report.refused.length === 0) return;
    await this.closeShadows();
    throw new KvError("INVALID_ARGUMENT", report.refused.join("\n"));
  }

  stop(): void {
    this.#closing.abort(new KvError("CANCELLED", "the watch was closed"));
  }

  async closeShadows(): Promise<void> {
    const served = [...this.#inForce.namespaces.values()].flatMap(({ shadow }) => shadow ?? []);
    for (const { engine } of [...served, ...this.#leaving]) await engine.close();
  }

  /** Until it is stopped. Never rejects. */
  async follow(): Promise<void> {
    const { signal } = this.#closing;
    const { timers } = this.#parts.env;
    let wait = RETRY_FIRST;
    let again: NamespaceDocument | undefined;
    while (!signal.aborted) {
      try {
        const document = await this.#next(again, wait);
        const { report, passes } = await this.#take(document);
        this.#parts.onReport?.(report);
        const isRepeat = again?.version === document.version;
        wait = passes && isRepeat ? Math.min(wait * 2, RETRY_MAX) : RETRY_FIRST;
        again = passes ? document : undefined;
      } catch (error) {
        if (signal.aborted) return;
        const why = error instanceof Error ? error.message : String(error);
        const refused = [`${this.#parts.source.name} cannot be watched: ${why}`];
        this.#parts.onReport?.({ version: undefined, changed: [], gone: [], refused });
        await pause(timers, wait, signal);
        wait = Math.min(wait * 2, RETRY_MAX);
      }
    }
  }

  /** The next version; or, when there is one to be tried again, that one after a while. */
  async #next(again: NamespaceDocument | undefined, wait: Micros): Promise<NamespaceDocument> {
    const { source, env } = this.#parts;
    const { signal } = this.#closing;
    if (again === undefined) return source.changes(this.#version, signal);
    const enough = new AbortController();
    const both = AbortSignal.any([signal, enough.signal]);
    const timeUp = pause(env.timers, wait, both).then(() => again);
    const change = source.changes(this.#version, both);
    try {
      return await Promise.race([timeUp, change]);
    } finally {
      enough.abort(new KvError("CANCELLED", "waited long enough"));
      await Promise.allSettled([timeUp, change]);
    }
  }

  /** Its calls end by their deadlines; a promotion must not cut off what was acknowledged before it. */
  #leave({ shadow }: RoutedNamespace): void {
    if (shadow === undefined) return;
    this.#leaving.add(shadow);
    const [first] = this.#leaving;
    if (this.#leaving.size > LEAVING_MAX && first !== undefined) this.#leaving.delete(first);
  }

  async #read(): Promise<NamespaceDocument> {
    const { source } = this.#parts;
    try {
      return await source.current(this.#closing.signal);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      const message = `${source.name} cannot be read, wanted a configuration of namespaces: ${why}`;
      throw new KvError("INVALID_ARGUMENT", message, { cause });
    }
  }

  async #take(
    document: NamespaceDocument,
  ): Promise<{ readonly report: NamespaceReport; readonly passes: boolean }> {
    const { version, text } = document;
    const { source } = this.#parts;
    this.#version = version;
    const reading = readNamespaces(text, source.fallbackName);
    if (reading.kind === "refused") {
      // Of a text that is not understood nothing is taken: who knows what its other half meant.
      const refused = reading.problems.map((problem) => problemLine(problem, source.name));
      return { report: { version, changed: [], gone: [], refused }, passes: false };
    }
    const old = this.#inForce.namespaces;
    const { next, refused, changed, gone } = await takeUp(
      this.#inForce,
      reading.namespaces,
      this.#parts,
    );
    this.#inForce = next;
    this.registry.replace(snapshotOf(next, version));
    for (const one of old.values()) {
      if (next.namespaces.get(one.namespace.name) !== one) this.#leave(one);
    }
    const report = { version, changed, gone, refused: refused.map(({ why }) => why) };
    return { report, passes: refused.some((one) => one.passes) };
  }
}
