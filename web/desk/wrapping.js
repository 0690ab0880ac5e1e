// Wrap-up: one key opens it, the form is there already, and one step keeps it, opens tickets and closes the conversation.
import { api } from "./api.js";
import { released } from "./pointer.js";
import { isMine } from "./state.js";
import { withFacts } from "./transcript.js";
import { filledFrom, toSend, valuesOf } from "./wrap_form.js";

const PAUSE_MS = 400;

export class Wrapping {
  constructor(desk) {
    this.desk = desk;
    this.options = null;
    this.timers = {};
    this.numbers = {};
  }

  /** The titles are in the page's language. */
  forgetOptions() {
    this.options = null;
    this.desk.set({ wraps: {} });
  }

  put(id, change) {
    this.desk.setOf("wraps", id, (before) => ({ ...before, ...change }));
  }

  /** Open the form of the selected conversation; the after-work clock runs from now. */
  async open() {
    const { selected: id, language, wraps } = this.desk.state;
    if (!id) return;
    this.desk.show("wrap_up");
    const known = wraps[id]?.state === "ready";
    if (!known) this.put(id, { state: "loading" });
    try {
      const asked = isMine(this.desk.state, id) ? api.beginWrapUp(id, language) : api.wrapUp(id, language);
      const [options, answer] = await Promise.all([this.options ?? api.wrapUpOptions(language), asked]);
      this.options = options;
      const clock = { handling: answer.handling, at: Date.now(), paused: false };
      if (known) return this.put(id, clock);
      const filled = filledFrom(answer, options);
      this.put(id, { state: "ready", options, ...filled, ...clock, problems: answer.problems ?? [], touched: {}, tried: false, busy: false, done: answer.done });
    } catch (refusal) {
      if (this.desk.session.ended(refusal)) return;
      this.put(id, { state: known ? "ready" : "unavailable", problem: refusal.code });
      if (known) this.desk.notices.explain(refusal);
    }
  }

  leave() {
    this.desk.set({ side: "context", pane: "conversation" });
  }

  /** The customer goes on, and so does the conversation. */
  customerSaid(id) {
    const wrap = this.desk.state.wraps[id];
    if (wrap?.state === "ready" && !wrap.done) this.put(id, { paused: true });
  }

  fill(id, field, value) {
    const wrap = this.desk.state.wraps[id];
    this.put(id, { form: { ...wrap.form, [field]: value }, problems: wrap.problems.filter((problem) => problem.field !== field) });
    this.later(id);
  }

  choose(id, disposition) {
    const wrap = this.desk.state.wraps[id];
    this.put(id, { disposition, sure: null, problems: wrap.problems.filter((problem) => problem.field !== "disposition") });
    this.later(id);
  }

  changeTicket(id, kind, change) {
    const { tickets } = this.desk.state.wraps[id];
    this.put(id, { tickets: { ...tickets, [kind]: { ...tickets[kind], ...change } } });
  }

  async left(id, field) {
    await released(); // a field is often left by a click, which must hit what it was aimed at
    const wrap = this.desk.state.wraps[id];
    if (!wrap) return;
    this.put(id, { touched: { ...wrap.touched, [field]: true } });
    this.check(id);
  }

  later(id) {
    clearTimeout(this.timers[id]);
    this.timers[id] = setTimeout(() => this.check(id), PAUSE_MS);
  }

  async check(id) {
    clearTimeout(this.timers[id]);
    const number = (this.numbers[id] = (this.numbers[id] ?? 0) + 1);
    const { form, disposition } = this.desk.state.wraps[id];
    try {
      const { problems } = await api.checkWrapUp(id, { form: valuesOf(form), ...(disposition ? { disposition } : {}) }, this.desk.state.language);
      await released();
      if (number === this.numbers[id] && this.desk.state.wraps[id]) this.put(id, { problems });
    } catch {
      // It is looked at again when it is sent.
    }
  }

  /** Keep it all and close; returns the name of the first field that is wrong, or null when it was done. */
  async finish(id) {
    const { desk } = this;
    const wrap = desk.state.wraps[id];
    if (wrap?.state !== "ready" || wrap.busy || wrap.done) return null;
    clearTimeout(this.timers[id]);
    this.numbers[id] = (this.numbers[id] ?? 0) + 1;
    this.put(id, { busy: true });
    const close = isMine(desk.state, id);
    try {
      const done = await api.finishWrapUp(id, toSend(wrap, desk.talks.epochOf(id), close), desk.state.language);
      this.finished(id, done);
      return null;
    } catch (refusal) {
      this.put(id, { busy: false, tried: true, ...(refusal.more.problems ? { problems: refusal.more.problems } : {}) });
      if (refusal.code !== "wrap_up_refused") desk.notices.explain(refusal);
      if (refusal.status === 409) desk.talks.catchUp(id);
      return refusal.more.problems?.find((problem) => problem.severity === "stop")?.field ?? null;
    }
  }

  finished(id, { conversation, tickets, handling }) {
    const { desk } = this;
    desk.talks.change(id, (now) => withFacts(now, conversation));
    this.put(id, { busy: false, done: true, handling });
    desk.notices.toast(tickets.length ? "wrapped_with_tickets" : "wrapped", { ...handling, tickets: tickets.join(" ") }, "good");
    desk.queue.refresh();
    desk.set({ side: "context" });
    if (desk.state.selected === id) desk.talks.goOn();
  }
}
