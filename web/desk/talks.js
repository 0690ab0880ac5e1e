// Conversations: read, followed, selected, taken, given away.
import { api } from "./api.js";
import { isMine } from "./state.js";
import { lastSeq, leavesGap, transcriptOf, withEvent, withEvents, withFacts } from "./transcript.js";

const DOUBLE_CLICK_MS = 700;

export class Talks {
  constructor(desk) {
    this.desk = desk;
    this.reading = new Map();
  }

  change(id, how) {
    const before = this.desk.state.transcripts[id];
    const after = before && how(before);
    if (after && after !== before) this.desk.set({ transcripts: { ...this.desk.state.transcripts, [id]: after } });
  }

  take(event) {
    const transcript = this.desk.state.transcripts[event.conversation];
    if (transcript && leavesGap(transcript, event)) this.catchUp(event.conversation);
    else if (transcript) this.change(event.conversation, (now) => withEvent(now, event));
  }

  unreadAfter(event) {
    const { desk } = this;
    const { selected, unread, held } = desk.state;
    desk.set({ held: held.map((item) => (item.id === event.conversation ? { ...item, preview: event.text } : item)) });
    const looking = selected === event.conversation && document.visibilityState === "visible";
    if (looking || !held.some((item) => item.id === event.conversation)) return;
    desk.set({ unread: { ...unread, [event.conversation]: (unread[event.conversation] || 0) + 1 } });
    desk.notices.customerWrote();
  }

  async catchUp(id) {
    try {
      for (let more = true; more; ) {
        const after = lastSeq(this.desk.state.transcripts[id]);
        const { conversation, events } = await api.read(id, after);
        this.change(id, (now) => withEvents(withFacts(now, conversation), events));
        more = events.length > 0 && lastSeq(this.desk.state.transcripts[id]) < conversation.seq;
      }
    } catch (refusal) {
      // No longer ours to see: what was shown stays, as the state says who has it.
      if (refusal.status === 404) this.change(id, (now) => ({ ...now, conversation: { ...now.conversation, state: "gone" } }));
      else this.desk.session.ended(refusal);
    }
  }

  /** Have the transcript here, once; whether it is. */
  async read(id) {
    if (this.desk.state.transcripts[id]) return true;
    if (!this.reading.has(id)) this.reading.set(id, this.readFirst(id));
    const there = await this.reading.get(id);
    this.reading.delete(id);
    return there;
  }

  async readFirst(id) {
    try {
      const answer = await api.read(id);
      this.desk.set({ transcripts: { ...this.desk.state.transcripts, [id]: transcriptOf(answer) } });
      if (answer.conversation.seq > lastSeq(this.desk.state.transcripts[id])) await this.catchUp(id);
      return true;
    } catch (refusal) {
      if (!this.desk.session.ended(refusal)) this.problem = refusal;
      return false;
    }
  }

  async select(id) {
    const { desk } = this;
    const { [id]: _read, ...unread } = desk.state.unread;
    const side = desk.state.side === "wrap_up" && !desk.state.wraps[id] ? "context" : desk.state.side;
    desk.set({ selected: id, unread, pane: "conversation", side });
    desk.suggesting.clear();
    history.replaceState(null, "", `#${id}`);
    const known = Boolean(desk.state.transcripts[id]);
    if (known) await this.catchUp(id);
    else if (!(await this.read(id))) return this.notShown(id);
    if (desk.state.selected === id) desk.look(id);
  }

  notShown(id) {
    if (this.desk.state.selected === id) this.deselect();
    if (this.problem) this.desk.notices.toast(this.problem.status === 404 ? "not_visible" : this.problem.code);
    this.problem = null;
  }

  deselect() {
    history.replaceState(null, "", location.pathname + location.search);
    this.desk.set({ selected: null, pane: "lists", dialog: null });
    this.desk.suggesting.clear();
  }

  seen() {
    const { selected, unread } = this.desk.state;
    if (!selected || !unread[selected]) return;
    const { [selected]: _read, ...rest } = unread;
    this.desk.set({ unread: rest });
  }

  epochOf(id) {
    const { transcripts, waiting } = this.desk.state;
    return transcripts[id]?.conversation.epoch ?? waiting.find((entry) => entry.conversation === id)?.epoch;
  }

  /** Do what `call` does under the epoch that we see; null when it was done, else the refusal. */
  async attempt(id, call, { reread = false } = {}) {
    let refusal = null;
    try {
      const conversation = await call(id, this.epochOf(id));
      this.change(id, (now) => withFacts(now, conversation));
      // What was given back or closed is no longer ours to read; its last event comes by the stream.
      if (reread && this.desk.state.transcripts[id]) await this.catchUp(id);
    } catch (problem) {
      refusal = problem;
      if (this.desk.state.transcripts[id]) this.catchUp(id);
    }
    this.desk.queue.refresh();
    return refusal;
  }

  /** The same, and a refusal is told in a toast; whether it was done. */
  async act(id, call, options) {
    const refusal = await this.attempt(id, call, options);
    if (refusal) this.desk.notices.explain(refusal);
    return !refusal;
  }

  async claim(id) {
    // The list moves up after a claim: a double click must not take the next customer too.
    const now = Date.now();
    if (this.claimed && this.claimed.id !== id && now - this.claimed.at < DOUBLE_CLICK_MS) return;
    this.claimed = { id, at: now };
    if (!(await this.act(id, api.claim, { reread: true }))) return;
    if (this.desk.state.selected === id) this.desk.look(id);
    else await this.select(id);
  }

  async takeOver(id, note) {
    if (await this.act(id, (its, epoch) => api.takeOver(its, epoch, note), { reread: true })) this.desk.look(id);
  }

  release(id) {
    return this.act(id, api.release);
  }

  close(id) {
    return this.act(id, api.close);
  }

  /** `where`: {to?: {agent} | {category}, note?}; null when it was done, else the refusal. */
  transfer(id, where) {
    return this.attempt(id, (its, epoch) => api.transfer(its, epoch, where));
  }

  /** After a conversation is done: another one of mine that waits for an answer, else the lists. */
  goOn() {
    const { held, unread, selected } = this.desk.state;
    const next = held.find((item) => item.id !== selected && unread[item.id] && isMine(this.desk.state, item.id));
    if (next) this.select(next.id);
    else this.deselect();
  }
}
