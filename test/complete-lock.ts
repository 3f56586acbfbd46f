/** `npm run lock`: after a change of dependencies, makes the lock file serve every platform again. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT_ROOT } from "./steps/run-program.ts";
import { completeLock, missingBinaries } from "./tidy/lock-file.ts";
import { readLock } from "./tidy/project.ts";

const path = join(PROJECT_ROOT, "package-lock.json");
const lock = readLock();
writeFileSync(path, `${JSON.stringify(completeLock(lock), null, 2)}\n`);
console.log(`package-lock.json: ${missingBinaries(lock).size} entries added`);
