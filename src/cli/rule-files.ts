/** Which files of the code name a rule of the contract: where to look first when it is broken. */
import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const ROOT = new URL("../../", import.meta.url);

/** The program itself names rules only to tell of them. */
const SPARED = "src/cli/";

/** Paths from the root of the checkout, the one that names it most often first; none where there are no sources here. */
export async function filesNaming(rule: string): Promise<readonly string[]> {
  const paths = (await sourcesHere()).filter((path) => !path.startsWith(SPARED));
  const named = new RegExp(`\\b${rule}\\b`, "g");
  const counts = await Promise.all(
    paths.map(async (path) => {
      const source = await readFile(new URL(path, ROOT), "utf8");
      return { path, count: source.match(named)?.length ?? 0 };
    }),
  );
  return counts
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => b.count - a.count || (a.path < b.path ? -1 : 1))
    .map(({ path }) => path);
}

async function sourcesHere(): Promise<readonly string[]> {
  try {
    const entries = await readdir(new URL("src", ROOT), { recursive: true, withFileTypes: true });
    const root = fileURLToPath(ROOT);
    return entries
      .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
      .map(({ parentPath, name }) => `${parentPath}/${name}`.slice(root.length));
  } catch {
    return [];
  }
}
