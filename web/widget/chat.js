// The widget's state and what a customer can do: joins session, socket, outbox and the log of events.
import { Connection } from "./connection.js";
import { newMessageId, Outbox } from "./outbox.js";
import { Refusal, Server } from "./server.js";
import { Storage } from "./storage.js";
import { emptyTimeline, leavesGap, messageIds, unreadAfter, withEvent } from "./timeline.js";

const BOT_TYPING_MS = 15_000;
const AGENT_TYPING_MS = 6_000;
const LATE_EVENT_MS = 2_000;
const TYPING_EVERY_MS = 3_000;
const TRY_LATER = new Set(["network", "busy", "rate_limited", "store_unavailable", "not_acknowledged", "closing", "lease_lost"]);

export class Chat {
  constructor(settings) {
    this.settings = settings;
    this.storage = new Storage(settings.server, settings.vouch?.user);
    this.outbox = new Outbox(this.storage);
    this.server = new Server(settings, this.storage);
    this.listeners = new Set();
    this.lost = new Set();
    this.state = {
      connection: "idle",
      loaded: false,
      timelines: [],
      pending: this.outbox.entries(),
      acknowledged: [],
      typing: null,
      unread: 0,
      visible: false,
    };
    this.connection = new Connection(settings.server, {
      token: (renew) => this.server.token(renew),
      position: () => this.position(),
      onState: (connection) => this.set({ connection }),
      onEvent: (event) => this.take(event),
      // That the bot writes follows from what was acknowledged, so a late word about it is not needed.
      onTyping: (typing) => typing?.role === "agent" && this.showTyping("agent", AGENT_TYPING_MS),
      onResumed: (answer) => this.resumed(answer),
      onLost: () => this.lose(this.position().conversation),
    });
    this.storage.watch("outbox", () => this.set({ pending: this.outbox.entries() }));
    this.storage.watch("read", () => this.countUnread());
  }

  /** True when there is something to follow before the customer opens the panel. */
  get hasPast() {
    return this.storage.read("conversations", []).length > 0 || this.outbox.entries().length > 0;
  }

  /** Take settings that changed while the page is open, such as the language. */
  use(settings) {
    this.settings = settings;
    this.server.settings = settings;
  }

  subscribe(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  set(change) {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }

  get current() {
    return this.state.timelines.at(-1) || null;
  }

  // Starting

  async start() {
    if (this.starting) return;
    this.starting = true;
    this.set({ connection: "connecting" });
    await this.loadPast();
    this.connection.start();
  }

  async loadPast() {
    for (const id of this.storage.read("conversations", [])) {
      try {
        await this.fetchInto(id);
      } catch (refusal) {
        if (refusal.status === 404) this.forget(id);
      }
    }
    this.set({ loaded: true });
    this.countUnread();
  }

  forget(id) {
    this.storage.write("conversations", this.storage.read("conversations", []).filter((known) => known !== id));
  }

  // Where to go on: what we show last, else what we remember; null is for whatever is open.
  position() {
    const known = this.current?.conversation ?? this.storage.read("conversations", []).at(-1) ?? null;
    if (this.lost.has(known)) return { conversation: null, after: 0 };
    return { conversation: known, after: this.current?.seq ?? 0 };
  }

  // The server does not know the conversation any more: it stays on the page, but is not followed.
  lose(conversation) {
    if (!conversation) return false;
    this.lost.add(conversation);
    this.forget(conversation);
    return true;
  }

  async resumed({ conversation, seq }) {
    if (conversation) {
      this.server.remember(conversation);
      if ((this.timeline(conversation)?.seq ?? 0) < seq) await this.catchUp(conversation);
    }
    this.set({ loaded: true });
    this.flush();
  }

  // Events

  timeline(conversation) {
    return this.state.timelines.find((timeline) => timeline.conversation === conversation) || null;
  }

  take(event) {
    if (!event?.conversation || !Number.isInteger(event.seq)) return;
    if (leavesGap(this.timeline(event.conversation) || emptyTimeline(event.conversation), event)) {
      this.catchUp(event.conversation).then(() => this.add([event]));
    } else {
      this.add([event]);
    }
  }

  add(events) {
    let timelines = this.state.timelines;
    for (const event of events) {
      const known = timelines.find((timeline) => timeline.conversation === event.conversation);
      if (!known) this.server.remember(event.conversation);
      const before = known || emptyTimeline(event.conversation);
      const after = withEvent(before, event);
      if (after === before) continue;
      timelines = known ? timelines.map((timeline) => (timeline === known ? after : timeline)) : [...timelines, after];
      this.noticed(event);
    }
    if (timelines === this.state.timelines) return;
    const seen = messageIds(timelines);
    this.set({ timelines, acknowledged: this.state.acknowledged.filter((entry) => !seen.has(entry.message_id)) });
    this.countUnread();
  }

  noticed(event) {
    const ours = event.type === "message" && event.author.role !== "customer";
    if (ours || (event.type === "state" && event.reason !== "opened")) this.showTyping(null);
  }

  /** Read the log from the last number on. One reading at a time for each conversation. */
  catchUp(conversation) {
    this.catching ??= new Map();
    if (!this.catching.has(conversation)) {
      const done = () => this.catching.delete(conversation);
      this.catching.set(conversation, this.fetchInto(conversation).catch(() => {}).finally(done));
    }
    return this.catching.get(conversation);
  }

  async fetchInto(conversation) {
    for (;;) {
      const after = this.timeline(conversation)?.seq ?? 0;
      const { events = [] } = await this.server.events(conversation, after);
      this.add(events);
      if (!events.length || (this.timeline(conversation)?.seq ?? 0) === after) return;
    }
  }

  // Sending

  /** Put a message into the outbox and send what is there. Returns false when the outbox is full. */
  send({ text, payload, attachments = [] }) {
    if (this.outbox.full) return false;
    const entry = { message_id: newMessageId(), text, at: new Date().toISOString(), attachments, ...(payload ? { payload } : {}) };
    this.outbox.add(entry);
    this.typedAt = 0;
    this.set({ pending: this.outbox.entries() });
    this.start();
    this.flush();
    return true;
  }

  retry(messageId) {
    this.outbox.mark(messageId, undefined);
    this.set({ pending: this.outbox.entries() });
    this.flush();
  }

  discard(messageId) {
    this.outbox.remove(messageId);
    this.set({ pending: this.outbox.entries() });
  }

  async flush() {
    if (this.flushing) return;
    this.flushing = true;
    try {
      for (let entry = this.nextEntry(); entry && this.connection.online; entry = this.nextEntry()) {
        if (!(await this.deliver(entry))) break;
      }
    } finally {
      this.flushing = false;
    }
  }

  nextEntry() {
    return this.outbox.entries().find((entry) => !entry.failed);
  }

  // True when the next one may follow.
  async deliver(entry) {
    const { message_id, text, payload, attachments } = entry;
    const pictures = attachments.map((picture) => picture.id);
    let answer;
    try {
      answer = await this.connection.send({ message_id, ...(text ? { text } : {}), ...(payload ? { payload } : {}), ...(pictures.length ? { attachments: pictures } : {}) });
    } catch {
      this.flushLater(2_000);
      return false;
    }
    if (answer?.error) return this.refused(entry, answer.error);
    this.outbox.remove(message_id);
    this.acknowledge(entry, answer);
    return true;
  }

  refused(entry, error) {
    if (TRY_LATER.has(error.code)) {
      this.flushLater(1_000 * (error.retry_after || 3));
      return false;
    }
    if (error.code === "session_invalid") {
      this.connection.renew = true;
      this.connection.again();
      return false;
    }
    this.outbox.mark(entry.message_id, error.code || "refused");
    this.set({ pending: this.outbox.entries() });
    return true;
  }

  flushLater(milliseconds) {
    clearTimeout(this.later);
    this.later = setTimeout(() => this.flush(), milliseconds);
  }

  acknowledge(entry, { conversation, seq, duplicate }) {
    this.server.remember(conversation);
    const seen = messageIds(this.state.timelines).has(entry.message_id);
    this.set({
      pending: this.outbox.entries(),
      acknowledged: seen ? this.state.acknowledged : [...this.state.acknowledged, entry],
    });
    const state = this.timeline(conversation)?.state ?? "bot";
    if (state === "bot" && !duplicate && !this.answered(conversation, seq)) this.showTyping("bot", BOT_TYPING_MS);
    setTimeout(() => (this.timeline(conversation)?.seq ?? 0) < seq && this.catchUp(conversation), LATE_EVENT_MS);
  }

  answered(conversation, seq) {
    return Boolean(this.timeline(conversation)?.events.some((event) => event.type === "message" && event.seq > seq && event.author.role !== "customer"));
  }

  // Typing, reading, pictures

  showTyping(typing, milliseconds = 0) {
    clearTimeout(this.typingTimer);
    if (this.state.typing !== typing) this.set({ typing });
    if (typing) this.typingTimer = setTimeout(() => this.showTyping(null), milliseconds);
  }

  customerTypes() {
    const state = this.current?.state;
    if ((state !== "person" && state !== "waiting") || Date.now() - (this.typedAt || 0) < TYPING_EVERY_MS) return;
    this.typedAt = Date.now();
    this.connection.typing();
  }

  /** Whether the customer can see the log; what is seen is read. */
  look(visible) {
    if (this.state.visible !== visible) this.set({ visible });
    this.countUnread();
  }

  countUnread() {
    const timeline = this.current;
    if (!timeline) return;
    const mark = this.storage.read("read", {});
    if (this.state.visible && this.state.loaded) {
      if (mark.conversation !== timeline.conversation || mark.seq < timeline.seq) this.storage.write("read", { conversation: timeline.conversation, seq: timeline.seq });
      if (this.state.unread) this.set({ unread: 0 });
      return;
    }
    const unread = unreadAfter(timeline, mark.conversation === timeline.conversation ? mark.seq : 0);
    if (unread !== this.state.unread) this.set({ unread });
  }

  async upload(blob, name) {
    const { id, type } = await this.server.upload(blob, name);
    if (!id) throw new Refusal("network");
    return { id, type };
  }

  picture(id) {
    return this.server.picture(id);
  }
}
