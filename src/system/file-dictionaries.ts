/**
 * Dictionaries in a folder: `index.json` lists the versions, `ID.zdict` has the content of each. The index is replaced
 * by a rename, so that a reader sees it as it was or as it is. One process changes it at a time; any number may read.
 * Failures are plain errors that name the file.
 */
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { DictionaryVersion } from "../model/dictionary.ts";
import type { DictionaryStore, DictionaryVersions } from "../ports/dictionary-store.ts";

/** Hexadecimal digits of an id: 48 bits of SHA-256, which tell a namespace's few dictionaries apart. */
const ID_DIGITS = 12;
const INDEX = "index.json";
const SUFFIX = ".zdict";
const FORMAT = 1;

/** The store in a folder. The folder is made when something is kept in it; one that is not there is an empty store. */
export function fileDictionaries(folder: string): DictionaryStore {
  let turn: Promise<unknown> = Promise.resolve();
  const list = (): Promise<DictionaryVersions> => readIndex(folder);
  return {
    list,
    read: (id) => readContent(folder, id),
    keep: async (content) => {
      const id = idOf(content);
      await replaceFile(folder, `${id}${SUFFIX}`, content);
      return id;
    },
    change: (decide) => {
      const next = turn.then(async () => {
        const versions = decide(await list());
        await replaceFile(
          folder,
          INDEX,
          `${JSON.stringify({ format: FORMAT, versions }, null, 2)}\n`,
        );
        await removeUnnamed(folder, versions);
        return versions;
      });
      turn = next.catch(() => undefined);
      return next;
    },
  };
}

function idOf(content: Uint8Array): string {
  return createHash("sha256").update(content).digest("hex").slice(0, ID_DIGITS);
}

async function readContent(folder: string, id: string): Promise<Uint8Array | undefined> {
  const path = join(folder, `${id}${SUFFIX}`);
  const content = await readIfThere(path);
  if (content === undefined) return undefined;
  if (idOf(content) === id) return new Uint8Array(content);
  throw new Error(`${path} has the content of ${idOf(content)}, wanted ${id}`);
}

async function readIndex(folder: string): Promise<DictionaryVersions> {
  const path = join(folder, INDEX);
  const text = await readIfThere(path);
  if (text === undefined) return [];
  let index: unknown;
  try {
    index = JSON.parse(text.toString("utf8"));
  } catch (cause) {
    throw new Error(`${path} is no JSON`, { cause });
  }
  if (!isIndex(index)) {
    throw new Error(`${path} is not a list of dictionaries of format ${FORMAT}`);
  }
  return index.versions;
}

type Index = { readonly format: number; readonly versions: readonly DictionaryVersion[] };

const STATES: readonly unknown[] = ["new", "current", "old", "retired"];

/** Whether the file says what this code may rely on; whoever edits it by hand is told so. */
function isIndex(index: unknown): index is Index {
  if (!isRecord(index) || index["format"] !== FORMAT) return false;
  const { versions } = index;
  return Array.isArray(versions) && versions.every(isVersion);
}

function isVersion(version: unknown): boolean {
  if (!isRecord(version) || !isRecord(version["gain"])) return false;
  const { namespace, id, state, bytes, addedAt, gain } = version;
  const { samples, originalBytes, plainBytes, dictionaryBytes } = gain;
  const counts = [bytes, addedAt, samples, originalBytes, plainBytes, dictionaryBytes];
  return (
    typeof namespace === "string" &&
    typeof id === "string" &&
    /^[0-9a-f]+$/.test(id) &&
    STATES.includes(state) &&
    counts.every(Number.isSafeInteger)
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (cause) {
    if (isMissing(cause)) return undefined;
    throw failed(`${path} cannot be read`, cause);
  }
}

async function replaceFile(
  folder: string,
  name: string,
  content: Uint8Array | string,
): Promise<void> {
  const path = join(folder, name);
  const temporary = `${path}.${process.pid}.part`;
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(temporary, content, { flush: true });
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw failed(`${path} cannot be written`, cause);
  }
}

async function removeUnnamed(folder: string, versions: DictionaryVersions): Promise<void> {
  const named = new Set(versions.map(({ id }) => `${id}${SUFFIX}`));
  try {
    for (const name of await readdir(folder)) {
      if (name.endsWith(SUFFIX) && !named.has(name)) await rm(join(folder, name), { force: true });
    }
  } catch (cause) {
    throw failed(`${folder} cannot be cleared of removed dictionaries`, cause);
  }
}

function isMissing(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && cause.code === "ENOENT";
}

function failed(what: string, cause: unknown): Error {
  const found = cause instanceof Error ? cause.message : String(cause);
  return new Error(`${what}: ${found}`, { cause });
}
