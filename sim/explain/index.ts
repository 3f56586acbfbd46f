/** Door to explanations of failures. */
export {
  type Change,
  type Difference,
  nearestPassing,
  type Side,
  type Unhelped,
} from "./difference.ts";
export { explain, type ExplainedOf, type Explanation, type ToldFault } from "./explain.ts";
export { happenedLines } from "./happened-lines.ts";
export { type Beside, explanationLines } from "./lines.ts";
export { fileLines, ruleLines } from "./rule-lines.ts";
export { wrappedLines } from "../words/columns.ts";
