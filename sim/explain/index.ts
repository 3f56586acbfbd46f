/** Door to explanations of failures. */
export { type Difference, nearestPassing, type Side } from "./difference.ts";
export { explain, type Explanation, type ToldFault } from "./explain.ts";
export { type Beside, explanationLines } from "./lines.ts";
