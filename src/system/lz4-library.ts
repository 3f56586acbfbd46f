import type { Lz4Library } from "../ports/lz4-library.ts";

/**
 * Loads the package `lz4-napi`; undefined where it is not installed, or has no binary for the platform. Values that
 * others compressed with lz4 are then decoded by whoever has it (COMP-1).
 */
export async function loadLz4(): Promise<Lz4Library | undefined> {
  try {
    // Its types ask for a Buffer here and there; any bytes will do.
    return (await import("lz4-napi")) as unknown as Lz4Library;
  } catch {
    return undefined;
  }
}
