// Replies on their way: shown at once, sent under the epoch that we see, repeated under the same name.
import { asMarkdown } from "../shared/plain.js";
import { newMessageId } from "../widget/outbox.js";
import { api } from "./api.js";
import { withPending, withoutPending } from "./transcript.js";

const LATE_MS = 1_500;

export class Sending {
  constructor(desk) {
    this.desk = desk;
  }

  /** Send a draft {text, sources}, with `confirm` {rules, reason} when a finding was looked at. */
  say(id, draft, confirm = null) {
    const text = draft.text.trim();
    const source = draft.sources.at(-1);
    // An article stays the source of a reply as long as all its words are in it.
    const article = draft.sources.find((one) => one.article && text.includes(one.plain))?.article;
    const message = { message_id: newMessageId(), at: new Date().toISOString(), text: asMarkdown(text, draft.sources), draft };
    return this.deliver(id, {
      ...message,
      ...(article ? { article } : {}),
      ...(source?.suggestion ? { suggestion: source.suggestion } : {}),
      ...(confirm ? { confirm } : {}),
    });
  }

  async deliver(id, message) {
    const { draft, at, failed, ...body } = message;
    const { desk } = this;
    desk.talks.change(id, (now) => withPending(now, { ...message, failed: null }));
    desk.suggesting.answered(id);
    try {
      await api.say(id, { ...body, epoch: desk.state.transcripts[id].conversation.epoch });
      setTimeout(() => this.isPending(id, message.message_id) && desk.talks.catchUp(id), LATE_MS);
    } catch (refusal) {
      this.refused(id, message, refusal);
    }
  }

  refused(id, message, refusal) {
    const { desk } = this;
    if (refusal.code === "confirmation_needed") {
      this.discard(id, message.message_id);
      return desk.checking.refused(id, message.draft, refusal.more.findings ?? []);
    }
    const ended = desk.session.ended(refusal);
    if (this.isPending(id, message.message_id)) desk.talks.change(id, (now) => withPending(now, { ...message, failed: refusal.code }));
    if (ended) return;
    desk.notices.explain(refusal);
    if (refusal.status === 409 || refusal.status === 404) desk.talks.catchUp(id);
  }

  isPending(id, messageId) {
    return Boolean(this.desk.state.transcripts[id]?.pending.some((other) => other.message_id === messageId));
  }

  /** What only the network kept back goes out by itself; the server takes a name once. */
  again() {
    for (const [id, { pending }] of Object.entries(this.desk.state.transcripts)) {
      for (const message of pending) if (message.failed === "network") this.deliver(id, message);
    }
  }

  /** Not sent after all: back into the field. */
  takeBack(id, message) {
    this.discard(id, message.message_id);
    this.desk.writing.takeBack(id, message.draft);
  }

  discard(id, messageId) {
    this.desk.talks.change(id, (now) => withoutPending(now, messageId));
  }
}
