// One conversation as the page knows it: its events in order of their numbers, without doubles. Pure functions.

export const emptyTimeline = (conversation) => ({ conversation, seq: 0, state: "bot", events: [] });

/** The timeline with `event` added; the same object when it was there already. The caller looks for gaps first. */
export function withEvent(timeline, event) {
  if (event.conversation !== timeline.conversation || event.seq <= timeline.seq) return timeline;
  return {
    ...timeline,
    seq: event.seq,
    state: event.type === "state" ? event.to : timeline.state,
    events: [...timeline.events, event],
  };
}

/** True when events between the last known one and `event` are missing. */
export const leavesGap = (timeline, event) => event.seq > timeline.seq + 1;

const messagesOf = (timeline) => timeline.events.filter((event) => event.type === "message");

/** The buttons that may be tapped now: those of the bot's last message, while nothing was said after it. */
export function openButtons(timeline) {
  if (!timeline || timeline.state === "closed" || timeline.state === "person") return [];
  for (const event of messagesOf(timeline).reverse()) {
    if (event.author.role === "customer" || event.author.role === "agent") return [];
    if (event.author.role === "bot" && event.buttons?.length) return event.buttons;
  }
  return [];
}

/** Whether a message of the customer's is not in the log yet: nothing said before it is to be answered any more. */
export const underWay = (state) => state.pending.length + state.acknowledged.length > 0;

export const messageIds = (timelines) => new Set(timelines.flatMap((timeline) => messagesOf(timeline).map((event) => event.message_id)));

/** Messages to the customer after number `seq`. */
export const unreadAfter = (timeline, seq) => messagesOf(timeline).filter((event) => event.seq > seq && event.author.role !== "customer").length;

/** The sentence that a change of state is told with, or null when it goes without saying. */
export function stateSentence(event) {
  if (event.to === "waiting") return event.from === "person" ? "state_waiting_again" : "state_waiting";
  if (event.to === "person") return "state_person";
  if (event.to === "closed") return "state_closed";
  if (event.to === "bot" && event.reason === "cancelled") return "state_cancelled";
  if (event.to === "bot" && event.from === "person") return "state_released";
  return null;
}
