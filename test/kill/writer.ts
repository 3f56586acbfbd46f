/**
 * A process that embeds the service and writes until it is killed or a write fails. It says on a line each: `begun N`
 * before a write, `done N` once it is acknowledged, `failed N CODE APPLIED` at its end.
 */
import { writeSync } from "node:fs";
import { asKvError } from "../../src/model/error.ts";
import { openEmbedded, putNumber, type WritePlan } from "./embedded-store.ts";

const plan = JSON.parse(process.argv[2] ?? "") as WritePlan;
// Written through at once: what is said is said, whenever the process dies.
const say = (line: string): void => void writeSync(1, `${line}\n`);

const store = await openEmbedded(plan.store);
for (let n = plan.first; ; n += 1) {
  say(`begun ${n}`);
  try {
    await putNumber(store, n, plan.valueBytes);
  } catch (error) {
    const { code, applied } = asKvError(error);
    say(`failed ${n} ${code} ${applied}`);
    break;
  }
  say(`done ${n}`);
}
await store.close();
