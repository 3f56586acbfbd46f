/** A configuration of namespaces that the program itself holds. */
import type { NamespaceDocument, NamespaceSource } from "../ports/namespace-source.ts";

/** A source whose text is set; whoever watches it is told at once. */
export type MemoryNamespaces = NamespaceSource & {
  readonly set: (text: string) => void;
};

/** The source, beginning with this text. */
export function memoryNamespaces(first: string): MemoryNamespaces {
  let document: NamespaceDocument = { version: "1", text: first };
  const waiting = new Set<() => void>();
  return {
    name: "configuration",
    current: async (signal) => {
      signal.throwIfAborted();
      return document;
    },
    changes: async (since, signal) => {
      signal.throwIfAborted();
      while (document.version === since) {
        const { promise, resolve, reject } = Promise.withResolvers<void>();
        const onAbort = (): void => reject(signal.reason as Error);
        signal.addEventListener("abort", onAbort, { once: true });
        waiting.add(resolve);
        try {
          await promise;
        } finally {
          waiting.delete(resolve);
          signal.removeEventListener("abort", onAbort);
        }
      }
      return document;
    },
    set: (text) => {
      if (text === document.text) return;
      document = { version: String(Number(document.version) + 1), text };
      for (const resolve of waiting) resolve();
    },
  };
}
