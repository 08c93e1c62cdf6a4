import { describeFunction } from "../src/analyses/describe.ts";
import type { Analyses } from "../src/analyses/analyses.ts";
import type { Channel } from "../src/analyses/channels/waiting.ts";
import { callLocation, callStep, finding, place, step, verified } from "../src/analyses/finding.ts";
import type { Heat } from "../src/findings/finding.ts";
import type { Outcome, Rule } from "../src/findings/rule.ts";

export const unclosedChannel: Rule<Analyses> = {
  id: "unclosed-channel",
  title: "Somebody waits on a channel that nobody closes",
  category: "leak",
  severity: "high",
  impact: "memory",
  effort: 30,
  languages: ["go"],
  why: "A goroutine that ranges over a channel ends only when the channel is closed. If nobody closes it, the goroutine stays blocked for ever with its stack and everything it refers to, one more for every call that makes such a channel. A channel itself needs no close: without anybody waiting on it, it is collected like any other value.",
  fix: "Let the side that sends, and only that side, close the channel when nothing more will come ('defer close(ch)' in the sender), or give the receiver another way out ('case <-ctx.Done()').",
  silentWhen: [
    "nobody ranges over or waits on the channel: an abandoned buffered channel is collected",
    "it is handed to code that was not seen and may close it",
    "its owner lives as long as the process, and so do its workers",
    "a value tells the loop that it is the last: 'if job == nil { break }'",
  ],
  references: ["https://go.dev/ref/spec#Close", "https://go.dev/ref/spec#For_range", "https://go.dev/blog/pipelines"],
  *check({ channels, heat }) {
    for (const channel of channels) {
      const location = callLocation(channel.fn, channel.call);
      const close = channel.uses.find((use) => use.use === "closes");
      if (channel.waiter !== null && !channel.escapes && channel.lifetime !== "process") yield report(channel, heat.of(channel.fn));
      else if (channel.waiter !== null && channel.lifetime === "process") yield verified(location, "its workers live as long as the process");
      else if (close !== undefined) yield verified(location, `closed at ${place(channel.fn, close.fn, close.at)}`);
      else if (!channel.escapes && channel.waiter === null) yield verified(location, "nobody waits for its end; a channel needs no close to be collected");
    }
  },
};

function report(channel: Channel, heat: Heat): Outcome {
  const { fn, call, name, waiter, uses } = channel;
  const ranges = waiter!.use === "ranges";
  const send = uses.find((use) => use.use === "sends");
  return finding(fn, {
    location: callLocation(fn, call),
    message: ranges
      ? `'${name}' is ranged over at ${place(fn, waiter!.fn, waiter!.at)}, and nothing in the program closes it: that loop never ends.`
      : `'${name}' is waited on at ${place(fn, waiter!.fn, waiter!.at)}, and nothing in the program sends to it or closes it.`,
    confidence: channel.lifetime === "unknown" ? "medium" : "high",
    fix: fixOf(channel),
    growth: `one blocked goroutine per call of ${describeFunction(fn)}`,
    heat,
    evidence: [
      callStep(fn, call, "made here"),
      ...(send === undefined ? [] : [step(send.fn, send.at, "sent to here, without a close after the last value")]),
      step(waiter!.fn, waiter!.at, ranges ? "this loop waits for the next value or the close" : "blocks here"),
    ],
  });
}

/** Closing is the sender's only while there is one: another's send, or a second close, panics (https://go.dev/ref/spec#Close). */
function fixOf({ variable, senders }: Channel): string | undefined {
  if (senders === "one") return undefined;
  return variable === null
    ? "Others may still send to it, so do not close it: give the loop another way out, 'case <-ctx.Done()' or a 'done' channel that its owner closes."
    : "Several goroutines send, so none of them may close it: wait for all of them in one goroutine ('wg.Wait(); close(ch)'), or give the receiver another way out ('case <-ctx.Done()').";
}
