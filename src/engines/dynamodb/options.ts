/** How the DynamoDB adapter is told where its tables are and how to treat them. */

/** What `dynamodb` needs to know. */
export type DynamodbOptions = {
  readonly region: string;
  /** Of DynamoDB Local or another stand-in, `http://host:port`; absent for the service of the region. */
  readonly endpoint?: string;
  /** Absent for the usual sources of the SDK. DynamoDB Local wants letters and digits only. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Put before the name of every table, such as `prod-`; default none. */
  readonly tablePrefix?: string;
  /**
   * Whether expiring rows and deletion markers carry a time at which DynamoDB may remove them; default true. Switch
   * it off where expiry is judged by another clock than the service's: then `sweep` alone removes them.
   */
  readonly nativeTtl?: boolean;
  /**
   * Least time given to a native call, milliseconds; default 0. The time is what is left of the call's deadline by
   * the environment's clock; where that clock stands still during native calls, a floor keeps it from ending.
   */
  readonly timeoutMillisMin?: number;
  /** More options of the SDK, such as a request handler. The adapter's own come on top. */
  readonly sdk?: Readonly<Record<string, unknown>>;
};
