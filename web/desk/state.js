// What the page knows, and what follows from it.
import { kept } from "./kept.js";
import { firstLanguage } from "./words.js";

/** Before anybody is signed in. `me`: undefined while unknown, null when nobody is. */
export const nobody = () => ({
  me: undefined,
  waiting: [],
  held: [],
  others: null, // colleagues' conversations, for those who may see them
  unread: {},
  selected: null,
  transcripts: {},
  typing: null,
  suggestions: NO_SUGGESTIONS,
  drafts: {}, // by conversation: {text, sources}
  caret: null, // {id, from, to, number}: where the caret is to go
  findings: {}, // by conversation: {text, list, asks}
  contexts: {}, // by conversation: {data, problem}
  wraps: {}, // by conversation: see wrapping.js
  jump: null, // {id, seq, number}: the message to be shown
  helpdesk: null, // what the page around the frame told of its customer
  toasts: [],
  pane: "lists",
  side: "context",
  dialog: null,
});

export const NO_SUGGESTIONS = { state: "none", list: [], forSeq: 0 };

/** What stays as it is when somebody else signs in. */
export const surroundings = () => ({
  connected: false,
  troubled: false,
  offline: navigator.onLine === false,
  language: firstLanguage(),
  sound: kept("sound_on", false),
  notify: kept("notify", false),
});

export const rightTo = (state, right) => (state.me?.rights ?? []).includes(right);

export const conversationOf = (state, id = state.selected) => state.transcripts[id]?.conversation;

/** Whether the signed-in agent holds the conversation. */
export function isMine(state, id = state.selected) {
  const conversation = conversationOf(state, id);
  return Boolean(conversation && state.me && conversation.state === "person" && conversation.holder === state.me.name);
}

/** What waits for the agent's eyes: customers in the queue whom they may take, and unread messages. */
export function attentionIn(state) {
  if (!state.me) return 0;
  const waiting = state.me.available ? state.waiting.filter((entry) => entry.may_take !== false).length : 0;
  return waiting + Object.values(state.unread).reduce((sum, one) => sum + one, 0);
}

/** Conversation ids in the order of the lists: one's own first, then the queue. */
export const orderOf = (state) => [...state.held.map((item) => item.id), ...state.waiting.map((entry) => entry.conversation)];
