import { createHash } from "node:crypto";
import { watch } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, extname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { NamespaceDocument, NamespaceSource } from "../ports/namespace-source.ts";

/** Events of one change come in a burst; the file is what it is when the burst is over, milliseconds. */
const QUIET_MILLIS = 50;

/**
 * Namespaces from a file. Its version is a hash of its text, so that touching it changes nothing. Its folder is
 * watched, not the file: editors and deployments put another file in its place, or turn a link to another folder. A
 * change counts once the file has been the same for a while: who writes it in place empties it first.
 */
export function namespaceFile(path: string): NamespaceSource {
  const current = async (signal: AbortSignal): Promise<NamespaceDocument> => {
    const text = await readFile(path, { encoding: "utf8", signal });
    return { version: createHash("sha256").update(text).digest("hex").slice(0, 16), text };
  };
  return {
    name: path,
    fallbackName: basename(path, extname(path)),
    current,
    changes: (since, signal) => nextVersion(dirname(path), current, since, signal),
  };
}

async function nextVersion(
  folder: string,
  read: NamespaceSource["current"],
  since: string,
  signal: AbortSignal,
): Promise<NamespaceDocument> {
  signal.throwIfAborted();
  let bell = newBell();
  // Watched before it is read: a change in between rings, too.
  const watcher = watch(folder, () => bell.resolve());
  watcher.on("error", (error) => bell.reject(error));
  const onAbort = (): void => bell.reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    let last: string | undefined = since;
    for (;;) {
      const document = await read(signal).catch(unlessMissing);
      const isSettled = document?.version === last;
      if (document !== undefined && document.version !== since && isSettled) return document;
      if (isSettled || document === undefined) {
        await bell.promise;
        bell = newBell();
      }
      last = document?.version;
      await delay(QUIET_MILLIS, undefined, { signal });
    }
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    watcher.close();
    signal.removeEventListener("abort", onAbort);
  }
}

/** Rings once. Nobody may be listening when it fails. */
function newBell(): PromiseWithResolvers<void> {
  const bell = Promise.withResolvers<void>();
  bell.promise.catch(() => undefined);
  return bell;
}

/** A file that is being replaced is missing for a moment. */
function unlessMissing(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
}
