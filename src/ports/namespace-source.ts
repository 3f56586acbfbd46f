/** A configuration of namespaces at one moment. */
export type NamespaceDocument = {
  /** Another text has another version; nothing else is to be read from it. */
  readonly version: string;
  readonly text: string;
};

/**
 * Where the configuration of namespaces comes from: a file, a control plane. It is watched by version, as a long poll:
 * nobody asks again and again (NS-5). Both verbs reject with the signal's reason when it is aborted, and leave
 * nothing behind (RES-1).
 */
export type NamespaceSource = {
  /** What messages call it, such as the file's path. */
  readonly name: string;
  /** Names a single namespace that has no other name. */
  readonly fallbackName?: string | undefined;
  /** The present document. Rejects when there is none. */
  readonly current: (signal: AbortSignal) => Promise<NamespaceDocument>;
  /** Resolves with a document of another version than `since` as soon as there is one. */
  readonly changes: (since: string, signal: AbortSignal) => Promise<NamespaceDocument>;
};
