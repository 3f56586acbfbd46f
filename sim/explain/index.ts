/** Door to explanations of failures. */
export {
  type Change,
  type Difference,
  nearestPassing,
  type Side,
  type Unhelped,
} from "./difference.ts";
export { explain, type Explanation, type ToldFault } from "./explain.ts";
export { type Beside, explanationLines } from "./lines.ts";
export { wrapped } from "./wrapped.ts";
