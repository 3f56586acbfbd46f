/** Door for whoever starts a process that simulates: small, so that nothing of the tree is loaded before the points are in. */
export { plantPoints, POINT_FILES, withPoints } from "./plant.ts";
