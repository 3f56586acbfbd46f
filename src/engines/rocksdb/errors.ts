/** RocksDB's failures as errors of ours, mapped here and nowhere else (ERR-2). */
import { KvError } from "../../model/error.ts";

/** The database could not be opened: UNAVAILABLE when somebody has it open, DATA_LOSS when it is damaged. */
export function openFailed(path: string, cause: unknown): KvError {
  const text = messageOf(cause);
  if (/\block\b/i.test(text)) {
    const wanted = "wanted one process, and one opening in it, to own the folder";
    return new KvError("UNAVAILABLE", `${path} is open elsewhere, ${wanted}`, { cause });
  }
  if (isCorruption(text)) {
    return new KvError("DATA_LOSS", `${path} is damaged: ${text}`, { cause });
  }
  return new KvError("UNAVAILABLE", `${path} cannot be opened: ${text}`, { cause });
}

/** Rows could not be read. Nothing was changed. */
export function readFailed(cause: unknown): KvError {
  if (cause instanceof KvError) return cause;
  const text = messageOf(cause);
  const code = isCorruption(text) ? "DATA_LOSS" : "UNAVAILABLE";
  return new KvError(code, `RocksDB could not read: ${text}`, { cause });
}

/** A batch failed: it may yet be found in the log after a restart. */
export function writeFailed(cause: unknown): KvError {
  if (cause instanceof KvError) return cause;
  const inner = cause instanceof Error && cause.cause !== undefined ? cause.cause : cause;
  const text = messageOf(inner);
  return new KvError("OUTCOME_UNKNOWN", `RocksDB could not write: ${text}`, { cause });
}

/** The store is closed, or on its way there. Nothing was done. */
export function storeClosed(): KvError {
  return new KvError("UNAVAILABLE", "the RocksDB store is closed, wanted an open one");
}

function isCorruption(text: string): boolean {
  return /corruption|checksum/i.test(text);
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
