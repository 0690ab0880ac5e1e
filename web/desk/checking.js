// What is wrong with a reply that is being written: asked a moment after the last key; the worst stops the sending.
import { api } from "./api.js";

const PAUSE_MS = 350;
const NOTHING = { text: "", list: [], asks: false };

export class Checking {
  constructor(desk) {
    this.desk = desk;
    this.timers = {};
    this.numbers = {};
  }

  of(id) {
    return this.desk.state.findings[id] ?? NOTHING;
  }

  /** The field holds `text` now; findings in words that are gone vanish at once, the others stay until they are read again. */
  typed(id, text) {
    clearTimeout(this.timers[id]);
    this.numbers[id] = (this.numbers[id] ?? 0) + 1;
    const { list } = this.of(id);
    if (!text.trim()) return this.put(id, NOTHING);
    if (list.length) this.put(id, { ...this.of(id), asks: false, list: list.filter((finding) => text.includes(finding.words)) });
    this.timers[id] = setTimeout(() => this.check(id, text), PAUSE_MS);
  }

  async check(id, text) {
    const number = (this.numbers[id] = (this.numbers[id] ?? 0) + 1);
    try {
      const { findings } = await api.check(id, text, this.desk.state.language);
      if (number === this.numbers[id]) this.put(id, { text, list: findings.map((finding) => known(finding, text)), asks: false });
    } catch {
      // The door looks again when the reply is sent.
    }
  }

  /** Findings that stop `text` as it stands. */
  stopsOf(id, text) {
    const { list, text: checked } = this.of(id);
    return checked === text ? list.filter((finding) => finding.severity === "stop") : [];
  }

  /** Ask for a reason before sending. */
  ask(id) {
    this.put(id, { ...this.of(id), asks: true });
  }

  stopAsking(id) {
    this.put(id, { ...this.of(id), asks: false });
  }

  /** The server kept the reply back: it is in the field again, with what was found. */
  refused(id, draft, findings) {
    const text = this.desk.writing.takeBack(id, draft);
    clearTimeout(this.timers[id]);
    this.put(id, { text, list: findings.map((finding) => known(finding, "")), asks: true });
  }

  /** The text with the finding's better sentence in it, or null when it has changed since. */
  improved(id, finding, text) {
    const [from, to] = finding.sentence ?? finding.span;
    const { text: checked } = this.of(id);
    if (finding.better == null || text.slice(from, to) !== checked.slice(from, to)) return null;
    return { text: text.slice(0, from) + finding.better + text.slice(to), caret: from + finding.better.length };
  }

  /** The first finding that has something better. */
  firstBetter(id) {
    return this.of(id).list.find((finding) => finding.better != null);
  }

  put(id, findings) {
    if (findings === NOTHING && !this.desk.state.findings[id]) return;
    this.desk.setOf("findings", id, () => findings);
  }
}

const known = (finding, text) => ({ ...finding, words: text.slice(...(finding.span ?? [0, 0])) });
