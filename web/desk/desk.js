// The desk page's state and what an agent can do.
import { newMessageId } from "../widget/outbox.js";
import { api } from "./api.js";
import { chime } from "./chime.js";
import { keep, kept } from "./kept.js";
import { Stream } from "./stream.js";
import { lastSeq, leavesGap, transcriptOf, withEvent, withEvents, withFacts, withoutPending, withPending } from "./transcript.js";

const HEARTBEAT_MS = 20_000;
const DUTY_MS = 60_000;
const DOUBLE_CLICK_MS = 700;
const TYPING_MS = 6_000;

export class Desk {
  constructor() {
    this.listeners = new Set();
    this.asked = 0;
    this.state = {
      me: undefined, // null: not signed in
      connected: false,
      troubled: false,
      waiting: [],
      held: [],
      unread: {},
      selected: null,
      transcripts: {},
      suggestions: null, // null: loading
      typing: null,
      toasts: [],
      sound: kept("sound", true),
      pane: "lists",
    };
  }

  subscribe(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  set(change) {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }

  // Coming and going

  async start() {
    try {
      this.set({ me: await api.me() });
    } catch (refusal) {
      if (refusal.status !== 401) return void setTimeout(() => this.start(), 2_000);
      return this.set({ me: null });
    }
    this.follow();
  }

  async signIn(name, password) {
    await api.signIn(name, password);
    keep("present", true);
    await this.start();
  }

  async signOut() {
    this.stopFollowing();
    await api.signOut().catch(() => {});
    location.hash = "";
    this.set({ me: null, waiting: [], held: [], transcripts: {}, selected: null, unread: {}, suggestions: null, toasts: [] });
  }

  follow() {
    this.stopFollowing();
    this.stream = new Stream({
      onOpen: () => this.refreshAll(),
      onEvent: (event) => this.take(event),
      onWaiting: () => this.refreshLists(),
      onTyping: (typing) => this.customerTypes(typing.conversation),
      onPing: () => this.beat(),
      onState: (connected) => this.connection(connected),
    });
    this.timers = [setInterval(() => this.beat(), HEARTBEAT_MS), setInterval(() => this.refreshMe(), DUTY_MS)];
    this.setPresence(kept("present", this.state.me.available));
    const asked = decodeURIComponent(location.hash.slice(1));
    if (/^c\d{1,2}-\w+$/.test(asked)) this.select(asked);
  }

  stopFollowing() {
    this.stream?.close();
    this.stream = null;
    (this.timers || []).forEach(clearInterval);
  }

  connection(connected) {
    this.set({ connected });
    clearTimeout(this.troubleTimer);
    if (connected) this.set({ troubled: false });
    else {
      this.troubleTimer = setTimeout(() => this.set({ troubled: true }), 1_500);
      this.refreshMe();
    }
  }

  async setPresence(available) {
    keep("present", available);
    this.set({ me: { ...this.state.me, available } });
    this.beaten = 0;
    await this.beat();
    this.refreshMe();
  }

  /** Say that we are here; browsers slow a hidden page's clock down, so the server's pings call this too. */
  async beat() {
    if (!this.state.me || Date.now() - (this.beaten || 0) < HEARTBEAT_MS / 2) return;
    this.beaten = Date.now();
    await api.presence(this.state.me.available).catch((refusal) => this.refusedSession(refusal));
  }

  async refreshMe() {
    try {
      const me = await api.me();
      if (this.state.me) this.set({ me: { ...me, available: this.state.me.available } });
    } catch (refusal) {
      this.refusedSession(refusal);
    }
  }

  refusedSession(refusal) {
    if (refusal.status !== 401 || !this.state.me) return false;
    this.stopFollowing();
    this.set({ me: null });
    return true;
  }

  // Lists

  refreshAll() {
    this.refreshLists();
    for (const [id, { conversation }] of Object.entries(this.state.transcripts)) {
      if (conversation.state === "waiting" || conversation.state === "person") this.catchUp(id);
    }
    if (this.state.selected) this.suggest();
  }

  /** Read both lists; calls that come while one is under way lead to one more. */
  async refreshLists() {
    if (this.refreshing) return void (this.refreshAgain = true);
    this.refreshing = true;
    try {
      const [waiting, held] = await Promise.all([api.waiting(), api.held()]);
      const known = new Set(this.state.waiting.map((entry) => entry.conversation));
      const someNew = waiting.some((entry) => !known.has(entry.conversation));
      this.set({ waiting, held: held.sort((one, other) => (one.opened_at < other.opened_at ? -1 : 1)) });
      if (someNew) this.ring();
    } catch (refusal) {
      this.refusedSession(refusal);
    }
    this.refreshing = false;
    if (this.refreshAgain) {
      this.refreshAgain = false;
      this.refreshLists();
    }
  }

  ring() {
    if (this.state.sound) chime();
  }

  toggleSound() {
    keep("sound", !this.state.sound);
    this.set({ sound: !this.state.sound });
    this.ring();
  }

  // Events

  take(event) {
    const transcript = this.state.transcripts[event.conversation];
    if (transcript && leavesGap(transcript, event)) this.catchUp(event.conversation);
    else if (transcript) this.change(event.conversation, (now) => withEvent(now, event));
    if (event.type === "state") this.refreshLists();
    if (event.type === "message" && event.author.role === "customer") this.customerSaid(event);
  }

  customerSaid(event) {
    const { selected, unread, held } = this.state;
    this.set({ held: held.map((item) => (item.id === event.conversation ? { ...item, preview: event.text } : item)) });
    if (this.state.typing === event.conversation) this.set({ typing: null });
    const looking = selected === event.conversation && document.visibilityState === "visible";
    const mine = held.some((item) => item.id === event.conversation);
    if (mine && !looking) {
      this.set({ unread: { ...unread, [event.conversation]: (unread[event.conversation] || 0) + 1 } });
      this.ring();
    }
    if (selected === event.conversation) this.suggest();
    else if (!mine) this.refreshLists();
  }

  customerTypes(conversation) {
    clearTimeout(this.typingTimer);
    this.set({ typing: conversation });
    this.typingTimer = setTimeout(() => this.set({ typing: null }), TYPING_MS);
  }

  change(id, how) {
    const before = this.state.transcripts[id];
    const after = before && how(before);
    if (after && after !== before) this.set({ transcripts: { ...this.state.transcripts, [id]: after } });
  }

  async catchUp(id) {
    try {
      for (let more = true; more; ) {
        const after = lastSeq(this.state.transcripts[id]);
        const { conversation, events } = await api.read(id, after);
        this.change(id, (now) => withEvents(withFacts(now, conversation), events));
        more = events.length > 0 && lastSeq(this.state.transcripts[id]) < conversation.seq;
      }
    } catch (refusal) {
      // No longer ours to see: what was shown stays, as the state says who has it.
      if (refusal.status === 404) this.change(id, (now) => ({ ...now, conversation: { ...now.conversation, state: "gone" } }));
    }
  }

  // Conversations

  async select(id) {
    const { [id]: _read, ...unread } = this.state.unread;
    this.set({ selected: id, unread, suggestions: null, pane: "conversation" });
    history.replaceState(null, "", `#${id}`);
    if (this.state.transcripts[id]) {
      await this.catchUp(id);
    } else {
      try {
        const answer = await api.read(id);
        this.set({ transcripts: { ...this.state.transcripts, [id]: transcriptOf(answer) } });
        if (answer.conversation.seq > lastSeq(this.state.transcripts[id])) await this.catchUp(id);
      } catch (refusal) {
        if (refusal.status === 404) this.toast("not_visible");
        if (this.state.selected === id) this.deselect();
        return;
      }
    }
    this.suggest();
  }

  deselect() {
    history.replaceState(null, "", location.pathname);
    this.set({ selected: null, suggestions: null, pane: "lists" });
  }

  seen() {
    const { selected, unread } = this.state;
    if (!selected || !unread[selected]) return;
    const { [selected]: _read, ...rest } = unread;
    this.set({ unread: rest });
  }

  async act(name, id) {
    const transcript = this.state.transcripts[id];
    const epoch = transcript?.conversation.epoch ?? this.state.waiting.find((entry) => entry.conversation === id)?.epoch;
    try {
      const conversation = await api[name](id, epoch);
      this.change(id, (now) => withFacts(now, conversation));
      // What was given back or closed is no longer ours to read; its last event comes by the stream.
      if (transcript && name === "claim") await this.catchUp(id);
      this.refreshLists();
      return true;
    } catch (refusal) {
      this.explain(refusal);
      this.catchUp(id);
      this.refreshLists();
      return false;
    }
  }

  async claim(id) {
    // The list moves up after a claim: a double click must not take the next customer too.
    if (Date.now() - (this.claimedAt || 0) < DOUBLE_CLICK_MS) return;
    this.claimedAt = Date.now();
    // Selected already, it stays as it is: its suggestions are being read.
    if ((await this.act("claim", id)) && this.state.selected !== id) await this.select(id);
  }

  release(id) {
    return this.act("release", id);
  }

  close(id) {
    return this.act("close", id);
  }

  /** Show the reply at once, and send it under the epoch that we see. */
  async say(id, text, article) {
    const message = { message_id: newMessageId(), text, at: new Date().toISOString(), ...(article ? { article } : {}) };
    await this.deliver(id, message);
  }

  async deliver(id, message) {
    const { message_id, text, article } = message;
    this.change(id, (now) => withPending(now, { ...message, failed: null }));
    if (this.state.selected === id) this.set({ suggestions: [] });
    try {
      await api.say(id, { message_id, text, epoch: this.state.transcripts[id].conversation.epoch, ...(article ? { article } : {}) });
      setTimeout(() => this.state.transcripts[id]?.pending.some((other) => other.message_id === message_id) && this.catchUp(id), 1_500);
    } catch (refusal) {
      if (this.refusedSession(refusal)) return;
      this.change(id, (now) => (now.pending.some((other) => other.message_id === message_id) ? withPending(now, { ...message, failed: refusal.code }) : now));
      this.explain(refusal);
      if (refusal.status === 409 || refusal.status === 404) this.catchUp(id);
    }
  }

  discard(id, messageId) {
    this.change(id, (now) => withoutPending(now, messageId));
  }

  /** Suggestions for the selected conversation; an answer that was overtaken is dropped. */
  async suggest() {
    const { selected } = this.state;
    const number = ++this.asked;
    this.set({ suggestions: null });
    let found = [];
    try {
      found = (await api.suggestions(selected)).suggestions.slice(0, 3);
    } catch {
      found = "unavailable";
    }
    if (number === this.asked && this.state.selected === selected) this.set({ suggestions: found });
  }

  // Telling the agent

  explain(refusal) {
    if (this.refusedSession(refusal)) return;
    this.toast(refusal.code, { holder: refusal.holder });
  }

  toast(key, values = {}) {
    const toast = { id: newMessageId(), key, values };
    this.set({ toasts: [...this.state.toasts.slice(-2), toast] });
    setTimeout(() => this.dismiss(toast.id), 9_000);
  }

  dismiss(id) {
    this.set({ toasts: this.state.toasts.filter((toast) => toast.id !== id) });
  }
}
