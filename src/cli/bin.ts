#!/usr/bin/env node
/**
 * The program as the package installs it. A Node that is too old ends in an error of syntax or of a name that is not
 * there, wherever it first meets one: this file needs neither, and says what is wanted.
 */
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major > 24 || (major === 24 && minor >= 12)) {
  await import("./main.ts");
} else {
  const wanted = "wanted 24.12 or newer; npm install --save-dev node@24 brings one";
  process.stderr.write(`kvdal: this is Node ${process.versions.node}, ${wanted}\n`);
  process.exitCode = 2;
}
