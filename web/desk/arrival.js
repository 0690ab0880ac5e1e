// What an agent should know of a conversation before the first word: wish, what was tried, slots, mood, earlier contacts.
import { api } from "./api.js";

const PAUSE_MS = 900;

export class Arrival {
  constructor(desk) {
    this.desk = desk;
    this.timers = {};
  }

  /** Read it; what is shown meanwhile stays. */
  async load(id) {
    clearTimeout(this.timers[id]);
    const { language } = this.desk.state;
    try {
      const data = await api.context(id, language);
      if (language === this.desk.state.language) this.desk.setOf("contexts", id, () => ({ data, problem: null }));
    } catch (refusal) {
      if (!this.desk.session.ended(refusal)) this.desk.setOf("contexts", id, (before) => ({ data: before?.data ?? null, problem: refusal.code }));
    }
  }

  /** Something happened in it: read it again soon, if it is looked at. */
  later(id) {
    clearTimeout(this.timers[id]);
    if (this.desk.state.selected === id) this.timers[id] = setTimeout(() => this.load(id), PAUSE_MS);
  }

  async setVerified(id, how) {
    try {
      const verified = how ? await api.verify(id, how) : await api.unverify(id);
      this.desk.setOf("contexts", id, (before) => ({ ...before, data: { ...before.data, verified } }));
      return true;
    } catch (refusal) {
      this.desk.notices.explain(refusal);
      return false;
    }
  }
}
