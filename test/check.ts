/** `npm run check`: everything that can be known without running the product, side by side. */
import { HOUSE_RULES, runChecks, TOOLS } from "./steps/check-parts.ts";

const { failed } = await runChecks([...TOOLS, HOUSE_RULES]);
if (failed > 0) console.log(`  (npm run format rewrites what "format" reports)`);
process.exitCode = failed > 0 ? 1 : 0;
