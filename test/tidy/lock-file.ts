/**
 * The lock file serves every platform. npm leaves out of it what its registry did not show while the
 * lock was made: with a registry that mirrors one platform only, the binaries of all others. Such a
 * lock installs nothing useful elsewhere (a missing optional dependency is no error), and `npm ci`
 * refuses it everywhere. Names and exact versions are known from the packages that ask for them, so
 * the entries can be completed; what cannot be known is their checksum.
 */
import type { Violation } from "./violation.ts";

type LockEntry = {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
};

export type LockFile = { readonly packages: Readonly<Record<string, LockEntry>> };

const SYSTEMS: readonly string[] =
  "aix android darwin freebsd linux netbsd openbsd openharmony sunos win32".split(" ");
const PROCESSORS: readonly string[] =
  "arm arm64 ia32 loong64 mips64el ppc64 riscv64 s390x x64".split(" ");

/** Entries that the lock file lacks, by their place in node_modules. */
export function missingBinaries(lock: LockFile): Map<string, LockEntry> {
  const missing = new Map<string, LockEntry>();
  for (const [path, entry] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const places = [`node_modules/${name}`, `${path}/node_modules/${name}`];
      const platform = platformOf(name);
      if (platform === undefined || places.some((place) => place in lock.packages)) continue;
      const kind = entry.dev === true ? { dev: true } : {};
      missing.set(`node_modules/${name}`, { version, ...kind, optional: true, ...platform });
    }
  }
  return missing;
}

/** The platform that a package of binaries spells in its name, as npm's fields put it. */
function platformOf(name: string): LockEntry | undefined {
  const words = name.split(/[/-]/);
  const os = words.find((word) => SYSTEMS.includes(word));
  const cpu = words.find((word) => PROCESSORS.includes(word));
  if (os === undefined || cpu === undefined) return undefined;
  const libc = words.some((word) => word.startsWith("musl")) ? "musl" : "glibc";
  return { os: [os], cpu: [cpu], ...(os === "linux" ? { libc: [libc] } : {}) };
}

export function completeLock(lock: LockFile): LockFile {
  const packages = Object.entries({
    ...lock.packages,
    ...Object.fromEntries(missingBinaries(lock)),
  });
  // npm's own order, so that completing a lock changes nothing else in it.
  const byPath = packages.toSorted(([a], [b]) => a.localeCompare(b, "en"));
  return { ...lock, packages: Object.fromEntries(byPath) };
}

export function checkLock(lock: LockFile): Violation[] {
  return [...missingBinaries(lock).keys()].map((place) => ({
    path: "package-lock.json",
    line: 1,
    rule: "lock-platforms",
    message: `lacks ${place}; npm run lock completes it`,
  }));
}
