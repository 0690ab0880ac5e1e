// A conversation as the desk page knows it: facts and numbered events. Pure functions.

/** A transcript from what the server answered. */
export const transcriptOf = ({ conversation, events }) => ({ conversation, events, pending: [] });

export const lastSeq = (transcript) => transcript.events.at(-1)?.seq ?? 0;

export const leavesGap = (transcript, event) => event.seq > lastSeq(transcript) + 1;

function factsAfter(conversation, event) {
  if (event.type !== "state" || event.epoch < conversation.epoch) return conversation;
  return { ...conversation, state: event.to, epoch: event.epoch, holder: event.to === "person" ? event.holder || conversation.holder : null };
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

/** The language that the customer writes in, for the search. */
export const languageOfTalk = (transcript) => transcript?.conversation.language || null;
