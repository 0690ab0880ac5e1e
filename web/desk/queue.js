// Who waits, what I hold, and what colleagues hold.
import { api } from "./api.js";
import { rightTo } from "./state.js";

export class Queue {
  constructor(desk) {
    this.desk = desk;
  }

  /** Read both lists; calls that come while one is under way lead to one more. */
  async refresh() {
    if (this.refreshing) return void (this.again = true);
    this.refreshing = true;
    try {
      const [waiting, held] = await Promise.all([api.waiting(), api.held()]);
      if (this.desk.state.me) this.take(waiting, held);
    } catch (refusal) {
      this.desk.session.ended(refusal);
    }
    this.refreshing = false;
    if (this.again) {
      this.again = false;
      this.refresh();
    }
  }

  take(waiting, held) {
    const { desk } = this;
    const before = desk.state;
    held.sort((one, other) => (one.opened_at < other.opened_at ? -1 : 1));
    desk.set({ waiting, held });
    this.tellWhatWentBack(before.held, waiting);
    const known = new Set(before.waiting.map((entry) => entry.conversation));
    if (waiting.some((entry) => !known.has(entry.conversation) && entry.may_take !== false)) desk.notices.somebodyWaits();
    for (const { id } of held) desk.talks.read(id);
    if (before.others) this.lookAtOthers();
  }

  /** After a broken connection, what one held may be in the queue again. */
  tellWhatWentBack(before, waiting) {
    const back = waiting.filter((entry) => entry.reason === "agent_gone" && before.some((item) => item.id === entry.conversation));
    if (back.length) this.desk.notices.toast("went_back", { count: back.length });
  }

  /** Take the next customer: the one offered to me, else whom the server thinks best. */
  async next() {
    const offered = this.desk.state.waiting.find((entry) => entry.offered?.to === "you");
    if (offered) return this.desk.talks.claim(offered.conversation);
    if (this.taking) return;
    this.taking = true;
    try {
      const conversation = await api.next();
      if (conversation) await this.desk.talks.select(conversation.id);
      else this.desk.notices.toast("nobody_to_take");
      this.refresh();
    } catch (refusal) {
      this.desk.notices.explain(refusal);
      this.refresh();
    }
    this.taking = false;
  }

  offered(offer) {
    this.desk.notices.somebodyWaits("offer");
    if (this.desk.state.waiting.some((entry) => entry.conversation === offer.conversation && entry.offered?.to === "you")) return;
    this.refresh();
  }

  async decline(entry) {
    try {
      await api.decline(entry.conversation, entry.epoch);
    } catch (refusal) {
      if (refusal.status !== 404 && refusal.status !== 409) this.desk.notices.explain(refusal);
    }
    this.refresh();
  }

  /** What colleagues hold, for those who may see the board. */
  async lookAtOthers() {
    const { state } = this.desk;
    if (!rightTo(state, "board.see")) return;
    try {
      const { agents } = await api.board();
      const others = agents.filter((one) => one.name !== state.me.name).flatMap((agent) => agent.holds.map((held) => ({ ...held, agent })));
      this.desk.set({ others });
    } catch (refusal) {
      if (!this.desk.session.ended(refusal)) this.desk.set({ others: this.desk.state.others ?? [] });
    }
  }

  hideOthers() {
    this.desk.set({ others: null });
  }
}
