// The desk page: its state, the parts that act on it, and where each event goes.
import { Arrival } from "./arrival.js";
import { Checking } from "./checking.js";
import { HelpdeskFrame } from "./frame.js";
import { Notices } from "./notices.js";
import { Queue } from "./queue.js";
import { Sending } from "./sending.js";
import { Session } from "./session.js";
import { conversationOf, isMine, nobody, orderOf, surroundings } from "./state.js";
import { Suggesting } from "./suggesting.js";
import { Talks } from "./talks.js";
import { rememberLanguage } from "./words.js";
import { Wrapping } from "./wrapping.js";
import { Writing } from "./writing.js";

const TYPING_MS = 6_000;

export class Desk {
  constructor() {
    this.listeners = new Set();
    this.state = { ...nobody(), ...surroundings() };
    this.notices = new Notices(this);
    this.session = new Session(this);
    this.queue = new Queue(this);
    this.talks = new Talks(this);
    this.sending = new Sending(this);
    this.suggesting = new Suggesting(this);
    this.checking = new Checking(this);
    this.writing = new Writing(this);
    this.arrival = new Arrival(this);
    this.wrapping = new Wrapping(this);
    this.frame = new HelpdeskFrame(this);
  }

  subscribe(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  set(change) {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }

  /** Change one entry of a map in the state: `how` gets it as it is, or undefined. */
  setOf(map, id, how) {
    this.set({ [map]: { ...this.state[map], [id]: how(this.state[map][id]) } });
  }

  start() {
    return this.session.start();
  }

  // The sign-in form and the toasts, which the editors' page uses too, know these two.
  signIn(name, password) {
    return this.session.signIn(name, password);
  }

  dismiss(id) {
    this.notices.dismiss(id);
  }

  setLanguage(language) {
    rememberLanguage(language);
    this.set({ language, contexts: {} });
    this.wrapping.forgetOptions();
    if (this.state.selected) this.look(this.state.selected);
  }

  /** Read again what may have changed while nobody told us. */
  refreshAll() {
    this.queue.refresh();
    for (const [id, { conversation }] of Object.entries(this.state.transcripts)) {
      if (conversation.state === "waiting" || conversation.state === "person") this.talks.catchUp(id);
    }
    this.sending.again();
    if (this.state.selected) this.look(this.state.selected);
  }

  /** What is shown beside a conversation. */
  look(id) {
    // Asking counts as showing: only who may answer is shown suggestions.
    if (isMine(this.state, id)) this.suggesting.ask();
    this.arrival.load(id);
  }

  event(event) {
    this.talks.take(event);
    if (event.type === "state") this.stateChanged(event);
    if (event.type === "ticket") this.arrival.later(event.conversation);
    if (event.type === "message" && event.author.role === "customer") this.customerSaid(event);
    if (event.type === "message" && event.author.role === "agent") this.arrival.later(event.conversation);
  }

  stateChanged(event) {
    const { me } = this.state;
    this.queue.refresh();
    this.arrival.later(event.conversation);
    if (event.reason === "taken_over" && event.former === me.name) this.notices.toast("taken_over", { holder: event.holder });
    if (event.to === "closed" || event.to === "bot") this.suggesting.forget(event.conversation);
  }

  customerSaid(event) {
    const { selected, typing, held } = this.state;
    if (typing === event.conversation) this.set({ typing: null });
    this.talks.unreadAfter(event);
    this.wrapping.customerSaid(event.conversation);
    if (selected === event.conversation && isMine(this.state)) this.suggesting.customerWent();
    this.arrival.later(event.conversation);
    if (!held.some((item) => item.id === event.conversation)) this.queue.refresh();
  }

  customerTypes(conversation) {
    clearTimeout(this.typingTimer);
    this.set({ typing: conversation });
    this.typingTimer = setTimeout(() => this.set({ typing: null }), TYPING_MS);
  }

  /** Select the conversation `by` places further in the lists. */
  move(by) {
    const ids = orderOf(this.state);
    if (!ids.length) return;
    const at = ids.indexOf(this.state.selected);
    this.talks.select(ids[at < 0 ? (by > 0 ? 0 : ids.length - 1) : (at + by + ids.length) % ids.length]);
  }

  /** Show the message `seq` of the selected conversation. */
  jump(seq) {
    if (!seq || !conversationOf(this.state)) return;
    this.set({ pane: "conversation", jump: { id: this.state.selected, seq, number: (this.state.jump?.number ?? 0) + 1 } });
  }

  show(side) {
    this.set({ side, pane: "side" });
  }
}
