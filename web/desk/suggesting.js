// Suggested replies for the selected conversation: asked for, stale at once when the customer goes on, told what became of them.
import { plainText } from "../shared/plain.js";
import { api } from "./api.js";
import { NO_SUGGESTIONS, isMine } from "./state.js";
import { lastCustomerSeq } from "./transcript.js";

const MOST = 3;
const PAUSE_MS = 200; // a customer often writes two or three lines at once
const AGAIN_MS = 3000; // while the knowledge base cannot be reached
const LATE_MS = 600;

export class Suggesting {
  constructor(desk) {
    this.desk = desk;
    this.number = 0;
  }

  /** Nothing to show: another conversation is selected. */
  clear() {
    this.number++;
    clearTimeout(this.timer);
    this.desk.set({ suggestions: NO_SUGGESTIONS });
  }

  forget(id) {
    if (this.desk.state.selected === id) this.clear();
  }

  /** The customer wrote again: what is shown answers something else. */
  customerWent() {
    this.number++;
    this.desk.set({ suggestions: { ...NO_SUGGESTIONS, state: "asking" } });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), PAUSE_MS);
  }

  /** Replies for the selected conversation; an answer that was overtaken is dropped, and asked for once more. */
  async ask(again = true) {
    const { selected: id } = this.desk.state;
    const number = ++this.number;
    this.desk.set({ suggestions: { ...NO_SUGGESTIONS, state: "asking" } });
    let suggestions;
    try {
      const found = await api.suggestions(id);
      if (number !== this.number) return;
      const stale = found.for_seq < lastCustomerSeq(this.desk.state.transcripts[id]);
      if (stale && again) return void (this.timer = setTimeout(() => this.ask(false), LATE_MS));
      suggestions = { state: "there", list: stale ? [] : found.suggestions.slice(0, MOST), forSeq: found.for_seq, abstained: found.abstained ?? null };
    } catch {
      suggestions = { ...NO_SUGGESTIONS, state: "unavailable" };
      // It may be starting, or overloaded: nobody should have to ask again by hand.
      if (number === this.number) this.timer = setTimeout(() => this.ask(), AGAIN_MS);
    }
    if (number === this.number && this.desk.state.selected === id) this.desk.set({ suggestions });
  }

  at(index) {
    return isMine(this.desk.state) ? this.desk.state.suggestions.list[index] : undefined;
  }

  /** What goes into the field: the words as they are read, and where they come from. */
  sourceOf(suggestion, forSeq = this.desk.state.suggestions.forSeq) {
    const { kind = "article", id, version, title } = suggestion.source;
    return {
      plain: plainText(suggestion.text),
      markdown: suggestion.text,
      article: kind === "article" ? { id, version, title } : null,
      suggestion: suggestion.id && forSeq ? { id: suggestion.id, for_seq: forSeq } : null,
    };
  }

  inserted(suggestion) {
    this.tell(suggestion, "inserted");
  }

  /** As it is; one with gaps is not ready to be sent. */
  send(suggestion) {
    const source = this.sourceOf(suggestion);
    return this.desk.sending.say(this.desk.state.selected, { text: source.plain, sources: [source] });
  }

  dismiss(suggestion) {
    this.tell(suggestion, "dismissed");
    const { suggestions } = this.desk.state;
    this.desk.set({ suggestions: { ...suggestions, list: suggestions.list.filter((one) => one.id !== suggestion.id) } });
  }

  dismissAll() {
    for (const suggestion of this.desk.state.suggestions.list) this.dismiss(suggestion);
  }

  // What is shown, used and ignored the server notices by itself; a lost word about the rest does no harm.
  tell(suggestion, outcome) {
    const { selected, suggestions } = this.desk.state;
    api.outcome(selected, { for_seq: suggestions.forSeq, suggestion: suggestion.id, outcome }).catch(() => {});
  }

  /** A reply was sent: what was suggested for it has done its work. */
  answered(id) {
    if (this.desk.state.selected !== id) return;
    this.number++;
    clearTimeout(this.timer);
    this.desk.set({ suggestions: { ...NO_SUGGESTIONS, state: "answered" } });
  }
}
