/** Which code this is, as plan files say it. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

const ROOT = new URL("../../", import.meta.url);

/** Version of the package, with the commit where this is a checkout: `0.1.0+1a2b3c4`, and `-changed` where it is not that commit. */
export async function codeVersion(): Promise<string> {
  const version = await packageVersion();
  try {
    const git = ["describe", "--always", "--abbrev=10", "--exclude=*", "--dirty=-changed"];
    const { stdout } = await promisify(execFile)("git", git, { cwd: ROOT });
    return `${version}+${stdout.trim()}`;
  } catch {
    // An installed package has no commit.
    return version;
  }
}

async function packageVersion(): Promise<string> {
  for (const path of ["package.json", "../package.json"]) {
    try {
      const { version } = JSON.parse(await readFile(new URL(path, ROOT), "utf8")) as {
        readonly version: string;
      };
      return version;
    } catch {
      // Compiled, this file lies a folder deeper.
    }
  }
  return "unknown";
}
