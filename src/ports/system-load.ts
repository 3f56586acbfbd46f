/** What only the place that a server runs at can measure. A server without it tells of its own requests alone. */

/** The port. Asked about once a second; a measurement that takes time is made elsewhere and remembered. */
export type SystemLoad = {
  /** How busy this server's processors are, percent; undefined when that is not known. */
  readonly compute: () => number | undefined;
  /** How full the namespace's storage is, percent; undefined when that is not known. */
  readonly storage: (namespace: string) => number | undefined;
};
