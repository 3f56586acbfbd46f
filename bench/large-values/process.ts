/** What runs in a process of its own: measures large values over one engine. */
import { answerApart } from "../apart.ts";
import { type MeasureTask, measureEngine } from "./measure-engine.ts";

await answerApart((task, say) => measureEngine(task as MeasureTask, say));
