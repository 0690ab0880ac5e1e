// What the log shows, from top to bottom, made from events and from messages that are still on their way.
import { dayKey, dayName } from "../../shared/moments.js";
import { messageIds, stateSentence } from "../timeline.js";

const GROUP_MS = 5 * 60_000;

function fromEvent(event) {
  const at = event.at;
  if (event.type === "state") {
    const sentence = stateSentence(event);
    return sentence && { kind: "line", key: `${event.conversation}:${event.seq}`, at, sentence };
  }
  if (event.type !== "message") return null;
  const kind = event.notice || event.author.role === "system" ? "notice" : "message";
  return { kind, key: event.message_id || `${event.conversation}:${event.seq}`, at, role: event.author.role, name: event.author.id, event };
}

function fromPending(entry, status) {
  const event = { text: entry.text, attachments: entry.attachments, message_id: entry.message_id };
  return { kind: "message", key: entry.message_id, at: entry.at, role: "customer", event, status, failure: entry.failed };
}

/** Items {kind: date|line|notice|message, key, ...}; a message that is there twice shows once. */
export function itemsOf(state, language, now) {
  const seen = messageIds(state.timelines);
  const waiting = (entry) => !seen.has(entry.message_id);
  const statusOf = (entry) => (entry.failed ? "failed" : state.connection === "online" ? "sending" : "queued");
  const flat = [
    ...state.timelines.flatMap((timeline) => timeline.events.map(fromEvent).filter(Boolean)),
    ...state.acknowledged.filter(waiting).map((entry) => fromPending(entry, "sent")),
    ...state.pending.filter(waiting).map((entry) => fromPending(entry, statusOf(entry))),
  ];
  const items = [];
  let previous = null;
  for (const item of flat) {
    if (!previous || dayKey(previous.at) !== dayKey(item.at)) {
      items.push({ kind: "date", key: `date ${item.key}`, text: dayName(item.at, language, now) });
      previous = null;
    }
    const follows = previous?.kind === item.kind && previous.role === item.role && previous.name === item.name;
    items.push({ ...item, first: !follows || Date.parse(item.at) - Date.parse(previous.at) > GROUP_MS });
    previous = item;
  }
  return items;
}
