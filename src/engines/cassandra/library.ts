/** The driver, loaded when an engine is opened: whoever uses other engines need not have it installed. */
import type { Client, policies } from "cassandra-driver";
import { KvError } from "../../model/error.ts";

/** What is used of the package `cassandra-driver`. */
export type Library = { readonly Client: typeof Client; readonly policies: typeof policies };

/** Throws UNSUPPORTED when the package is not there. */
export async function loadLibrary(): Promise<Library> {
  try {
    return ((await import("cassandra-driver")) as unknown as { readonly default: Library }).default;
  } catch (cause) {
    const wanted = "wanted the package cassandra-driver to be installed";
    throw new KvError("UNSUPPORTED", `Cassandra cannot be used, ${wanted}`, { cause });
  }
}
