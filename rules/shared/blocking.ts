import { describeFunction } from "../../src/analyses/describe.ts";
import type { Abandoned } from "../../src/analyses/concurrency/abandoned.ts";
import type { Blocked } from "../../src/analyses/concurrency/blocked.ts";
import { place, step } from "../../src/analyses/finding.ts";
import type { Evidence } from "../../src/findings/finding.ts";
import type { Confidence } from "../../src/findings/levels.ts";

const inWords = (n: number): string => ["none", "one", "two", "three", "four", "five"][n] ?? String(n);

/** @returns what blocks, and what makes the other side stay away */
export function abandonedMessage({ channel, blocked, left, why, received, runner }: Abandoned): string {
  const at = left === null ? "" : place(blocked.fn, left.fn, left.at);
  const action = blocked.use === "sends" ? "send to" : "wait for";
  switch (why) {
    case "never answered":
      return `The ${action} '${channel.name}' blocks for ever: nothing receives from it.`;
    case "answers some": {
      const room = channel.room ?? 0;
      const all = (received ?? 0) + room;
      const spare = room === 0 ? "" : `, and the channel has room for ${inWords(room)} more`;
      return `The ${action} '${channel.name}' blocks for ever after ${all === 1 ? "the first value" : `${inWords(all)} values`}: only ${inWords(received ?? 0)} ${received === 1 ? "is" : "are"} received${spare}.`;
    }
    case "answers fewer":
      return `The ${action} '${channel.name}' blocks for ever when it comes after another: fewer are received than may be sent.`;
    case "leaves the loop":
      return `The ${action} '${channel.name}' blocks for ever when the receiver returns at ${at} before everything was received.`;
    case "left early":
      return `The ${action} '${channel.name}' blocks for ever when ${describeFunction(channel.fn)} returns at ${at} first.`;
    case "returns without sending":
      return `The ${action} '${channel.name}' blocks for ever when the ${runner ?? "goroutine"} ends at ${at} without answering.`;
    case "fails first":
      return `The ${action} '${channel.name}' blocks for ever when the ${runner ?? "goroutine"} that sends fails at ${at}: nothing more comes then.`;
  }
}

/** @returns where the channel is made, the goroutine starts, the other side leaves, and what blocks */
export function abandonedSteps({ channel, blocked, left, spawn, runner }: Abandoned): readonly Evidence[] {
  return [
    step(channel.fn, channel.fn.call(channel.call).start, "made here"),
    ...(spawn === null ? [] : [step(spawn.fn, spawn.at, `the ${runner ?? "goroutine"} starts here`)]),
    ...(left === null ? [] : [step(left.fn, left.at, "the other side leaves here")]),
    step(blocked.fn, blocked.at, "blocks here"),
  ];
}

const mediums: readonly Blocked["why"][] = [
  "never told",
  "other side ends",
  "reader leaves",
  "workers leave",
  "fails unsettled",
  "not drained",
  "not woken",
  "asks itself",
  "asker leaves",
  "fills up",
];

/** @returns how sure it is: that nobody tells, or that the other side has gone before, rests on what was seen of the program */
export function blockedConfidence({ why, runner, unlikely }: Blocked): Confidence {
  if (why === "ticks for ever" || unlikely === true) return "low";
  // The event loop may end soon after, and cancels its tasks.
  if (why === "nobody left" && runner === "task") return "medium";
  return mediums.includes(why) ? "medium" : "high";
}

/** @returns what waits, and why that does not end */
export function blockedMessage({ site, name, why, other, runner }: Blocked): string {
  const at = other === null ? "" : place(site.fn, other.fn, other.at);
  switch (why) {
    case "waits for itself":
      return `This waits for '${name}' in a goroutine that counts down only afterwards (${at}): it waits for itself.`;
    case "expects too much":
      return `This waits for ever: more is added to '${name}' at ${at} than is counted down.`;
    case "skips some":
      return `This waits for ever when a step of the loop at ${at} starts no goroutine: '${name}' counts one for each element.`;
    case "never told":
      return `This waits for '${name}', and nothing in the program ends that wait.`;
    case "waits first":
      return `The send to '${name}' blocks for ever: ${at} waits for this goroutine, and only after that somebody receives.`;
    case "alone":
      return `The send to '${name}' blocks for ever: only this goroutine would receive, after it.`;
    case "nil":
      return `'${name}' was never made, and an operation on a nil channel blocks for ever.`;
    case "endless context":
      return `This waits for the end of '${name}', and nobody can end that context.`;
    case "goes on":
      return `Nothing leaves the loop after '${name}' says that it is time to end: it spins from then on, and the goroutine never ends.`;
    case "nobody left":
      return `This waits for '${name}' for ever once the function that started the ${runner ?? "goroutine"} (${at}) has returned: nothing leaves the loop, and ${runner == null ? "nobody closes the channel" : `nobody stops the ${runner}`}.`;
    case "kept place":
      return `The place taken in '${name}' here is not given back when ${at} is reached: when all are gone, this blocks for ever.`;
    case "reader leaves":
      return `The send to '${name}' blocks for ever when a reader leaves its loop (${at}) before everything was read.`;
    case "workers leave":
      return `The send to '${name}' blocks for ever when every goroutine that receives has returned at ${at}.`;
    case "stopped ticker":
      return `This waits for '${name}' for ever once the ticker is stopped (${at}): stopping it does not close the channel.`;
    case "ticks for ever":
      return `This goes on with '${name}' for ever: nothing ends the goroutine, and each call of the function around it starts one more.`;
    case "copied":
      return `This waits for ever: at ${at} '${name}' is passed by value, and what counts down is the copy.`;
    case "no way out":
      return `'${name}' never ends, and each request starts one more.`;
    case "not settled":
      return `This waits for ever when something taken from '${name}' at ${at} is not marked as done before the next is taken.`;
    case "fails unsettled":
      return `This waits for ever when the ${runner ?? "goroutine"} fails at ${at}: what it took from '${name}' is never marked as done.`;
    case "not drained":
      return `This may wait for ever: a process that has put something into '${name}' does not end before that is taken, which happens only afterwards (${at}).`;
    case "not woken":
      return `This waits for '${name}' and does not see the flag that tells it to stop: ${at} waits for the end of this loop, and puts nothing that would wake it.`;
    case "asks itself":
      return `This waits for '${name}' for ever when it is called at ${at}: the goroutine that calls it there is the one that would answer.`;
    case "asker leaves":
      return `The send to '${name}' blocks for ever when who asked has left at ${at} and waits no more.`;
    case "fills up":
      return `The send to '${name}' blocks for ever when the loop sends more than there is room for: nobody receives before it has ended.`;
    case "other side ends":
      return `This blocks for ever when the goroutine at the other end of '${name}' has returned at ${at}.`;
  }
}

/** @returns what makes the wait endless, and the wait */
export function blockedSteps({ site, why, other }: Blocked): readonly Evidence[] {
  const because: Readonly<Record<Blocked["why"], string>> = {
    "waits for itself": "counts down here",
    "expects too much": "added here",
    "skips some": "some steps of this loop start nothing",
    "never told": "added here",
    "waits first": "waits here for the goroutine",
    alone: "",
    nil: "",
    "endless context": "",
    "other side ends": "the other side can end here",
    "goes on": "",
    "nobody left": "what waits is started here",
    "no way out": "",
    "kept place": "left here without giving it back",
    "reader leaves": "the reader leaves here",
    "workers leave": "a receiver returns here",
    "stopped ticker": "stopped here",
    "ticks for ever": "",
    copied: "copied here",
    "not settled": "taken here",
    "fails unsettled": "fails here, after something was taken",
    "not drained": "taken only here",
    "asks itself": "called here",
    "asker leaves": "left here without the answer",
    "fills up": "",
    "not woken": "waits here for the loop to end",
  };
  const here = why === "goes on" ? "received here, and the loop goes on" : why === "no way out" ? "started here" : "blocks here";
  return [...(other === null ? [] : [step(other.fn, other.at, because[why])]), step(site.fn, site.at, here)];
}
