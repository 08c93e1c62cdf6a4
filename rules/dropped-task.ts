import type { Analyses } from "../src/analyses/analyses.ts";
import { lifetimeOutcomes } from "./shared/lifetimes.ts";
import type { Rule } from "../src/findings/rule.ts";

const id = "dropped-task";

export const droppedTask: Rule<Analyses> = {
  id,
  title: "Task is started and lost",
  category: "hazard",
  severity: "medium",
  impact: "availability",
  effort: 15,
  languages: ["python"],
  why: "The event loop keeps only a weak reference to a task. One that nothing else refers to may be collected in the middle of its work, and what it raises is never seen.",
  fix: "Await it, start it in a 'TaskGroup', or keep it in a set that it leaves when it is done ('task.add_done_callback(tasks.discard)').",
  silentWhen: [
    "the task is awaited, gathered, returned, stored or handed on",
    "something is called when it is done ('add_done_callback')",
    "it is started in a 'TaskGroup', which keeps and awaits it",
  ],
  references: ["https://docs.python.org/3/library/asyncio-task.html#asyncio.create_task"],
  check: (analyses) => lifetimeOutcomes(analyses, droppedTask, { acquired: "started", released: "kept or awaited", releasing: "keeping", thrown: false }),
};
