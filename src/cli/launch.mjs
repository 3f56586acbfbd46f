/**
 * The door before the door: `node src/cli/launch.mjs FILE ARGUMENTS` runs a TypeScript file of the
 * project on the project's own Node, from a fresh clone on a machine that has only some Node (20 or
 * newer) and npm. Plain JavaScript without imports from packages, because it runs before there are
 * any.
 *
 * 1. Installs the dependencies when they are missing or are not those of the lock file.
 * 2. Finds Node 24: the npm package `node`, its platform package, or the Node that runs this file.
 * 3. Runs FILE there, handing through arguments, standard streams, signals and the exit code.
 *
 * It starts a child instead of replacing the process, since `process.execve` is newer than Node 20.
 * It names the binary in full, since a shell that already found an older `node` remembers it.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Our own name resolves to sources. The simulator drains microtasks by a native of V8 (sim/world/drain.ts); set from
 * the start, its flag need not be changed in a process that runs.
 */
const NODE_FLAGS = ["--conditions=kvdal-source", "--allow-natives-syntax"];

/**
 * These are about young objects, of which simulated worlds make many that die at once (together a sixth more
 * worlds a CPU-second): they get room from the start, for three worlds or so, since what lives when the room is full
 * is copied; one thread collects what is so soon dead; and none is made old from the start. V8 does that where many
 * of a kind lived long once, and one old object that is dead keeps all young ones alive that it refers to: by
 * chance, a campaign then took up to twice its time.
 *
 * Not for `bench`, which measures the package as those have it who use it: in a Node without flags.
 */
const WORLD_FLAGS = [
  "--min-semi-space-size=32",
  "--max-semi-space-size=32",
  "--single-threaded-gc",
  "--no-allocation-site-pretenuring",
];
const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const MODULES = join(ROOT, "node_modules");

/** The oldest Node that runs TypeScript without a warning; `engines` in package.json says the same. */
const NODE_WANTED = [24, 12];

const say = (line) => process.stderr.write(`kvdal: ${line}\n`);

/** Says what went wrong and what to do, then gives up. */
function fail(lines) {
  for (const line of lines) say(line);
  process.exit(1);
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

/**
 * Whether node_modules holds what package-lock.json asks for. Compares npm's own record of what it
 * installed instead of file times, so that a checkout or a touched file costs no reinstallation.
 */
function isInstalled() {
  const wanted = readJson(join(ROOT, "package-lock.json"))?.packages;
  const found = readJson(join(MODULES, ".package-lock.json"))?.packages;
  if (wanted === undefined || found === undefined) return false;
  const same = (path) =>
    found[path].version === wanted[path]?.version &&
    found[path].integrity === wanted[path]?.integrity;
  const needed = (path) => path !== "" && wanted[path].optional !== true;
  return (
    Object.keys(found).every(same) &&
    Object.keys(wanted).every((path) => !needed(path) || path in found)
  );
}

/** Runs npm with the same Node, and by the path under which npm itself runs, if it does. */
function npm(args) {
  const options = { cwd: ROOT, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] };
  const script = process.env.npm_execpath;
  return script !== undefined && /\.[cm]?js$/.test(script)
    ? spawnSync(process.execPath, [script, ...args], options)
    : spawnSync("npm", args, { ...options, shell: process.platform === "win32" });
}

function install() {
  say("installing the dependencies of package-lock.json (npm ci); about a minute the first time");
  const started = Date.now();
  const result = npm(["ci", "--include=dev", "--no-audit", "--no-fund"]);
  if (result.status !== 0) {
    process.stderr.write(`${result.stdout ?? ""}${result.stderr ?? ""}`);
    fail([
      `npm ci failed (${result.error?.message ?? `exit code ${result.status}`}); its output is above.`,
      "Check that npm reaches its registry (npm ping) and that this folder is writable,",
      "then run the same command again.",
    ]);
  }
  say(`installed in ${((Date.now() - started) / 1000).toFixed(0)} s`);
}

function isModern(version) {
  const [major, minor] = version.split(".").map(Number);
  return major > NODE_WANTED[0] || (major === NODE_WANTED[0] && minor >= NODE_WANTED[1]);
}

function findNode() {
  const name = process.platform === "win32" ? "node.exe" : "node";
  const platformPackage = `node-${process.platform}-${process.arch}`;
  const candidates = [
    join(MODULES, "node", "bin", name),
    join(MODULES, platformPackage, "bin", name),
    join(MODULES, "node", "node_modules", platformPackage, "bin", name),
  ];
  const found = candidates.find((path) => existsSync(path));
  return found ?? (isModern(process.versions.node) ? process.execPath : undefined);
}

/** Where install scripts are switched off, the package `node` is there but not yet its binary. */
function fetchNode() {
  say("npm ran no install scripts, so the project's Node is missing; fetching it");
  const script = join(MODULES, "node", "installArchSpecificPackage.js");
  spawnSync(process.execPath, [script], { cwd: dirname(script), stdio: "ignore" });
  return findNode();
}

/** Runs the file and ends as it ends. */
function run(node, file, args) {
  const flags = args[0] === "bench" ? NODE_FLAGS : [...NODE_FLAGS, ...WORLD_FLAGS];
  const child = spawn(node, [...flags, resolve(ROOT, file), ...args], {
    stdio: "inherit",
    env: {
      // What is compiled once, types stripped, is there for every later process: each starts in half the time.
      NODE_COMPILE_CACHE: join(MODULES, ".cache", "node"),
      ...process.env,
      PATH: [dirname(node), join(MODULES, ".bin"), process.env.PATH].join(delimiter),
    },
  });
  const forward = (signal) => child.kill(signal);
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, forward);
  // A terminal sends Ctrl-C to the child as well; a second one from here would read as impatience.
  process.on("SIGINT", process.stdin.isTTY ? () => undefined : forward);
  child.on("error", (error) => fail([`Could not start ${node}: ${error.message}`]));
  child.on("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

const [file, ...args] = process.argv.slice(2);
if (file === undefined) {
  fail(["Say which file to run: node src/cli/launch.mjs src/cli/main.ts --help"]);
}
if (!isInstalled()) install();
const node = findNode() ?? fetchNode();
if (node === undefined) {
  fail([
    `Node ${NODE_WANTED.join(".")} or newer is needed; this is ${process.versions.node}, and the npm package`,
    "`node`, which brings it, has no binary here. Either allow its install script",
    "(npm ci --ignore-scripts=false) or run the command with a newer Node from nodejs.org.",
  ]);
}
run(node, file, args);
