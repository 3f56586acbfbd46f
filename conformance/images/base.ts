import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "./command.ts";
import { workFolder } from "./work-folder.ts";

/** The release is pinned: Debian 12 is the newest that still has a Java 17, which Cassandra 5.0 needs. */
const SUITE = "bookworm";

/** Settings of apt that a build inside the image must share with the host: proxies, checks of dates. */
const SHARED_SETTING = /^Acquire::(http|https|Retries|ForceIPv4|Check-[A-Za-z-]+)\S* "[^"]/u;

/**
 * Makes the base image: a minimal Debian, unpacked by debootstrap into a folder and imported as one layer.
 * Needs root (debootstrap enters the new root).
 *
 * @throws Error when a command fails.
 */
export async function buildBase(tag: string, label: string): Promise<void> {
  const root = join(workFolder("stage"), "debian");
  await removeRoot(root);
  // minbase: only packages marked essential, and apt. ca-certificates: for a mirror spoken to over https.
  const mirror = await hostMirror();
  await runCommand("debootstrap", [
    "--variant=minbase",
    "--include=ca-certificates",
    SUITE,
    root,
    ...(mirror === undefined ? [] : [mirror]),
  ]);
  writeFileSync(join(root, "etc/apt/apt.conf.d/99host"), await hostSettings());
  await importFolder(root, tag, label);
  await removeRoot(root);
}

// A debootstrap that was killed leaves /proc mounted in there: never delete across a mount.
async function removeRoot(root: string): Promise<void> {
  await runCommand("rm", ["-rf", "--one-file-system", root]);
}

// debootstrap writes the mirror that it used into the image's sources.list, so asking the host for its own
// is all that later apt steps need. A host that is not Debian has none: debootstrap knows a default.
async function hostMirror(): Promise<string | undefined> {
  if (!existsSync("/etc/debian_version")) return undefined;
  const format = ["--format", "$(REPO_URI)"];
  const targets = await runCommand("apt-get", [
    "indextargets",
    ...format,
    "Origin: Debian",
    "Label: Debian",
  ]).catch(() => "");
  return targets.split("\n").find((line) => line !== "");
}

async function hostSettings(): Promise<string> {
  const all = await runCommand("apt-config", ["dump"]).catch(() => "");
  const shared = all.split("\n").filter((line) => SHARED_SETTING.test(line));
  return shared.map((line) => `${line}\n`).join("");
}

async function importFolder(root: string, tag: string, label: string): Promise<void> {
  const archive = `${root}.tar`;
  await runCommand("tar", ["-C", root, "-cf", archive, "."]);
  await runCommand("docker", ["import", "--change", `LABEL ${label}`, archive, tag]);
  rmSync(archive);
}
