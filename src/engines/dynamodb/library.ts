/** The SDK, loaded when an engine is opened: whoever uses other engines need not have it installed. */
import type * as Sdk from "@aws-sdk/client-dynamodb";
import { KvError } from "../../model/error.ts";

/** What is used of the package `@aws-sdk/client-dynamodb`. */
export type Library = typeof Sdk;

/** Throws UNSUPPORTED when the package is not there. */
export async function loadLibrary(): Promise<Library> {
  try {
    return await import("@aws-sdk/client-dynamodb");
  } catch (cause) {
    const wanted = "wanted the package @aws-sdk/client-dynamodb to be installed";
    throw new KvError("UNSUPPORTED", `DynamoDB cannot be used, ${wanted}`, { cause });
  }
}
