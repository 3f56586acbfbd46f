import type { Native } from "../ports/storage-engine.ts";

/** Runs a native call at once, as production does. A thunk that throws rejects. */
export const runNative: Native = async (_label, thunk) => await thunk();
