// Telling the agent: short words on the page, a sound and a notification of the system where they are wanted.
import { newMessageId } from "../widget/outbox.js";
import { chime } from "./chime.js";
import { keep } from "./kept.js";
import { wordsIn } from "./words.js";

const SHOWN_MS = 9_000;
const MOST = 3;

export class Notices {
  constructor(desk) {
    this.desk = desk;
  }

  explain(refusal) {
    if (this.desk.session.ended(refusal)) return;
    const { held, capacity, until } = refusal.more;
    this.toast(refusal.code, { holder: refusal.holder, held, capacity, until });
  }

  /** `tone`: "trouble", or "good" for what went well. */
  toast(key, values = {}, tone = "trouble") {
    const toast = { id: newMessageId(), key, values, tone };
    this.desk.set({ toasts: [...this.desk.state.toasts.filter((one) => one.key !== key).slice(1 - MOST), toast] });
    setTimeout(() => this.dismiss(toast.id), SHOWN_MS);
  }

  dismiss(id) {
    this.desk.set({ toasts: this.desk.state.toasts.filter((toast) => toast.id !== id) });
  }

  somebodyWaits(what = "waiting") {
    this.ring(`notify_${what}`);
  }

  customerWrote() {
    this.ring("notify_message");
  }

  ring(key) {
    if (this.desk.state.sound) chime();
    // Never the customer's words: a screen that is locked, or shared, shows these too.
    if (!this.desk.state.notify || document.visibilityState === "visible") return;
    const words = wordsIn(this.desk.state.language);
    try {
      const shown = new Notification(words("title"), { body: words(key), tag: `zhiban-${key}` });
      shown.onclick = () => (window.focus(), shown.close());
    } catch {
      // Some browsers only let service workers notify: the title and the list tell it too.
    }
  }

  toggleSound() {
    const sound = !this.desk.state.sound;
    keep("sound_on", sound);
    this.desk.set({ sound });
    if (sound) chime();
  }

  /** Turn notifications of the system on or off; the browser asks first, and may refuse inside another page. */
  async toggleNotify() {
    const wanted = !this.desk.state.notify;
    const may = !wanted || (window.Notification && (await Notification.requestPermission().catch(() => "denied")) === "granted");
    if (!may) return this.toast("notify_refused");
    keep("notify", wanted);
    this.desk.set({ notify: wanted });
  }
}
