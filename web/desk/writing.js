// The reply that is being written in each conversation: typed, inserted, improved, sent.
import { keepDrafts, keptDrafts } from "./drafts.js";

const EMPTY = { text: "", sources: [] };
const GAP = /\{[^{}\n]{1,40}\}/;

export const emptyOr = (draft) => draft ?? EMPTY;

export class Writing {
  constructor(desk) {
    this.desk = desk;
  }

  load(name) {
    this.name = name;
    this.desk.set({ drafts: keptDrafts(name) });
  }

  of(id) {
    return emptyOr(this.desk.state.drafts[id]);
  }

  /** An emptied field has forgotten where its words came from. */
  put(id, draft) {
    const { [id]: _before, ...others } = this.desk.state.drafts;
    const drafts = draft.text ? { ...others, [id]: draft.text.trim() ? draft : { ...draft, sources: [] } } : others;
    this.desk.set({ drafts });
    keepDrafts(this.name, drafts);
    this.desk.checking.typed(id, draft.text);
  }

  typed(id, text) {
    this.put(id, { ...this.of(id), text });
  }

  /** Put `source` {plain, markdown, ...} behind what is there; the caret goes to its first gap, else to its end. */
  insert(id, source) {
    const { text, sources } = this.of(id);
    const before = text.trim() ? `${text.trimEnd()}\n\n` : "";
    this.put(id, { text: before + source.plain, sources: [...sources, source] });
    const gap = source.plain.match(GAP);
    const from = before.length + (gap ? gap.index : source.plain.length);
    this.placeCaret(id, from, gap ? from + gap[0].length : from);
  }

  /** The finding's better sentence stands in the text; whether it could. */
  improve(id, finding) {
    const better = this.desk.checking.improved(id, finding, this.of(id).text);
    if (!better) return false;
    this.put(id, { ...this.of(id), text: better.text });
    this.placeCaret(id, better.caret, better.caret);
    return true;
  }

  /** A reply that did not go out comes back in front of what is being written. */
  takeBack(id, draft) {
    const now = this.of(id);
    const text = now.text.trim() ? `${draft.text}\n\n${now.text}` : draft.text;
    this.put(id, { text, sources: [...draft.sources, ...now.sources] });
    this.placeCaret(id, text.length, text.length);
    return text;
  }

  send(id, confirm = null) {
    const draft = this.of(id);
    this.put(id, EMPTY);
    return this.desk.sending.say(id, draft, confirm);
  }

  clear() {
    this.desk.set({ drafts: {} });
    keepDrafts(this.name, {});
  }

  placeCaret(id, from, to) {
    this.desk.set({ pane: "conversation", caret: { id, from, to, number: (this.desk.state.caret?.number ?? 0) + 1 } });
  }
}
