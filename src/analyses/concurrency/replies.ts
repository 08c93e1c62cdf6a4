import type { FlowEvent } from "../../flow/event-graph.ts";
import type { Value } from "../../flow/values.ts";
import type { Cls, Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import type { ChannelUse, ChannelUses } from "../channels/uses.ts";
import type { Channel } from "../channels/waiting.ts";
import { mentionedValues } from "../work/values.ts";
import { eventsOf } from "./answers.ts";
import type { Blocked } from "./blocked.ts";
import { followPaths } from "./waits.ts";

/** A message that carries the channel on which its answer is to come. */
interface Question {
  /** The function that asks. */
  readonly fn: Fn;
  /** Where it waits for the answer. */
  readonly waits: readonly ChannelUse[];
  /** Hands the message on. */
  readonly hands: (event: FlowEvent) => boolean;
  /** Where others send on the field. */
  readonly sends: readonly ChannelUse[];
}

/** @returns sends of an answer to somebody who may have gone: `request.reply <- value`, where who asked waits for the end of its context too */
export function abandonedReplies(program: Program, uses: ChannelUses, channels: readonly Channel[]): readonly Blocked[] {
  const found: Blocked[] = [];
  const seen = new Set<string>();
  for (const channel of channels) {
    if (channel.kind !== "channel" || channel.room !== 0) continue;
    const question = questionOf(program, uses, channels, channel);
    const send = question?.sends.find((use) => use.use === "sends" && !use.optional && !use.fn.isInside(question.fn) && use.fn !== question.fn);
    if (question === null || send === undefined || seen.has(`${send.fn.file.index} ${send.at}`)) continue;
    const left = leavesUnanswered(program, question, send.fn, channels);
    if (left === null) continue;
    seen.add(`${send.fn.file.index} ${send.at}`);
    found.push({ site: send, name: channel.name, why: "asker leaves", other: { fn: question.fn, at: left } });
  }
  return found;
}

function questionOf(program: Program, uses: ChannelUses, channels: readonly Channel[], channel: Channel): Question | null {
  const { fn } = channel;
  const waits = channel.uses.filter((use) => use.fn === fn && use.use === "receives");
  if (!waits.some((use) => use.optional)) return null;
  if (channel.field !== null) {
    // Where one has room the field says nothing.
    const others = channels.filter((one) => one.field === channel.field);
    const message = channel.escapes || others.some((one) => one.room !== 0) ? null : messageOf(fn, waits[0]!);
    return message === null
      ? null
      : { fn, waits, hands: (event) => isHanded(fn, event, (value) => value.k === "var" && value.id === message), sends: channel.uses };
  }
  if (channel.variable === null) return null;
  const isIt = (value: Value): boolean => value.k === "var" && value.id === channel.variable;
  const sent = sentLiterals(program, fn, isIt);
  const escapes = channel.uses.filter((use) => use.use === "escapes");
  const [only, ...more] = sent;
  if (only === undefined || more.length > 0 || escapes.length !== 1 || escapes[0]!.at !== only.at) return null;
  const sends = uses.ofField(only.cls, only.field);
  if (sends.some((use) => use.use === "escapes") || channels.some((one) => one.field !== null && one.uses === sends)) return null;
  return { fn, waits, hands: (event) => event.e === "send" && event.at === only.at, sends };
}

/** The variable whose field a function waits for. */
function messageOf(fn: Fn, { at }: ChannelUse): number | null {
  for (const { events } of fn.graph.blocks)
    for (const event of events)
      if (event.e === "receive" && event.at === at && event.channel.k === "field" && event.channel.of.k === "var") return event.channel.of.id;
  return null;
}

function isHanded(fn: Fn, event: FlowEvent, isIt: (value: Value) => boolean): boolean {
  if (event.e === "send") return mentionedValues(event.value).some(isIt);
  return event.e === "call" && fn.call(event.call).args.some(({ value }) => isIt(value));
}

interface SentLiteral {
  readonly cls: Cls;
  readonly field: string;
  readonly at: number;
}

/** Where a function sends a struct that has a value in a field: `requests <- request{key: key, reply: reply}`. */
function sentLiterals(program: Program, fn: Fn, isIt: (value: Value) => boolean): readonly SentLiteral[] {
  const found: SentLiteral[] = [];
  for (const { events } of fn.graph.blocks) {
    for (const event of events) {
      if (event.e !== "send" || event.value.k !== "coll" || event.value.type === undefined) continue;
      const { items, keys, type } = event.value;
      const position = items.findIndex(isIt);
      const made = position < 0 ? null : program.types.fromFact(type, fn.file);
      const field = made?.t === "instance" ? (keys[position] ?? made.cls.fact.fields[position]?.name) : undefined;
      if (made?.t === "instance" && field !== undefined) found.push({ cls: made.cls, field, at: event.at });
    }
  }
  return found;
}

/**
 * Where a function returns after it has asked and before it was answered, told by something that the other side is not told by too: then that may be about
 * to answer. Null when it does not.
 */
function leavesUnanswered(program: Program, { fn, waits, hands }: Question, sender: Fn, channels: readonly Channel[]): number | null {
  interface Asked {
    readonly asked: boolean;
    readonly told: number;
  }
  const isAnswer = eventsOf(fn, waits);
  const shared = new Set(
    channels.flatMap((one) =>
      one.uses.some((use) => use.fn === sender && use.use === "receives") ? one.uses.flatMap((use) => (use.fn === fn ? [use.at] : [])) : [],
    ),
  );
  let left: number | null = null;
  const complete = followPaths<Asked>(
    program,
    fn,
    {
      entry: { asked: false, told: -1 },
      key: ({ asked, told }) => `${asked} ${told}`,
      event: (state, event) => {
        if (hands(event)) return { asked: true, told: -1 };
        if (isAnswer(event)) return { asked: false, told: -1 };
        return event.e === "receive" ? { ...state, told: event.at } : state;
      },
    },
    ({ state, at }) => {
      if (state.asked && state.told >= 0 && !shared.has(state.told)) left ??= at;
    },
  );
  return complete ? left : null;
}
