import { KvError } from "../../src/model/error.ts";

/** The `KvError` that `work` throws; undefined when it throws none. Anything else is thrown on. */
export function errorOf(work: () => unknown): KvError | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof KvError) return error;
    throw error;
  }
}

/** The `KvError` that the promise rejects with; undefined when it does not. Anything else is thrown on. */
export async function rejectionOf(promise: Promise<unknown>): Promise<KvError | undefined> {
  try {
    await promise;
    return undefined;
  } catch (error) {
    if (error instanceof KvError) return error;
    throw error;
  }
}
