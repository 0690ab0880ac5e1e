// A conversation as the desk page knows it: facts and numbered events. Pure functions.

/** A transcript from what the server answered. */
export const transcriptOf = ({ conversation, events }) => ({ conversation, events, pending: [] });

export const lastSeq = (transcript) => transcript.events.at(-1)?.seq ?? 0;

export const leavesGap = (transcript, event) => event.seq > lastSeq(transcript) + 1;

function factsAfter(conversation, event) {
  if (event.type !== "state" || event.epoch < conversation.epoch) return conversation;
  const holder = event.to === "person" ? event.holder || conversation.holder : null;
  const display_name = holder === conversation.holder ? conversation.display_name : null;
  return { ...conversation, state: event.to, epoch: event.epoch, holder, display_name };
}

/** The transcript with `event`; the same object when it was there. */
export function withEvent(transcript, event) {
  if (event.seq <= lastSeq(transcript)) return transcript;
  return {
    conversation: factsAfter(transcript.conversation, event),
    events: [...transcript.events, event],
    pending: transcript.pending.filter((message) => message.message_id !== event.message_id),
  };
}

export const withEvents = (transcript, events) => events.reduce(withEvent, transcript);

/** The transcript with the server's newer facts. */
export const withFacts = (transcript, conversation) => (conversation.epoch >= transcript.conversation.epoch ? { ...transcript, conversation } : transcript);

export const withPending = (transcript, message) => ({
  ...transcript,
  pending: [...transcript.pending.filter((other) => other.message_id !== message.message_id), message],
});

export const withoutPending = (transcript, messageId) => ({ ...transcript, pending: transcript.pending.filter((message) => message.message_id !== messageId) });

/** The number of what the customer wrote last; 0 when they wrote nothing. */
export const lastCustomerSeq = (transcript) => lastOf(transcript, (event) => event.type === "message" && event.author.role === "customer")?.seq ?? 0;

/** Since when the customer waits for our answer (ISO 8601), or null. */
export function unansweredSince(transcript) {
  let since = null;
  for (const event of transcript?.events ?? []) {
    if (event.type !== "message" || event.notice) continue;
    if (event.author.role === "customer") since ??= event.at;
    else if (event.author.role === "agent") since = null;
  }
  return since;
}

/** When the agent who holds it took it (ISO 8601), or null. */
export const takenAt = (transcript) => lastOf(transcript, (event) => event.type === "state" && event.to === "person")?.at ?? null;

function lastOf(transcript, fits) {
  const events = transcript?.events ?? [];
  for (let at = events.length - 1; at >= 0; at--) if (fits(events[at])) return events[at];
  return null;
}
