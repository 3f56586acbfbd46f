import type { Say } from "../images/command.ts";
import { hasCommand, runCommand } from "../images/command.ts";

/** Packages, and the harmless call of a command by which one is known to be there already. */
const packageProbes: Readonly<Record<string, readonly [string, ...string[]]>> = {
  "docker.io": ["dockerd", "--version"],
  "docker-cli": ["docker", "--version"],
  debootstrap: ["debootstrap", "--version"],
  maven: ["mvn", "--version"],
  "openjdk-17-jre-headless": ["java", "-version"],
  memcached: ["memcached", "-V"],
};

/**
 * Installs those of the packages with apt whose command is not there yet, and says which. Needs root.
 *
 * @throws Error when apt fails.
 */
export async function installMissing(packages: readonly string[], say: Say): Promise<void> {
  const absent: string[] = [];
  for (const name of packages) {
    const [command, ...probe] = packageProbes[name] ?? [name, "--version"];
    if (!(await hasCommand(command, probe))) absent.push(name);
  }
  if (absent.length === 0) return;
  say(`setup: installing with apt: ${absent.join(" ")}`);
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await runCommand("apt-get", ["update", "-q"], { env });
  // Recommended packages are many, and Docker needs one of them: iptables, for its networks.
  const extra = absent.includes("docker.io") ? ["iptables"] : [];
  const options = ["install", "-q", "-y", "--no-install-recommends"];
  await runCommand("apt-get", [...options, ...absent, ...extra], { env });
}
