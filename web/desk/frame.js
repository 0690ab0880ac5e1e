// Inside a helpdesk: which customer the page around our frame shows. What it says is a hint, the server decides what we see.
import { api } from "./api.js";
import { originsOf, permits } from "./frame_origins.js";

const FETCH_INFO = "chatwoot-dashboard-app:fetch-info";
const ASK_AFTER_MS = [0, 500, 1_500, 4_000, 10_000]; // the page around may still be loading
const ID = /^c\d{1,2}-[0-9A-Za-z]{10,40}$/;

const isId = (value) => typeof value === "string" && ID.test(value);
const idIn = (values) => Object.values(values ?? {}).find(isId);
const wordsIn = (value) => (typeof value === "string" ? value : null);

/** What a message says of the customer: {conversation, user, name}, each perhaps missing; null when it says nothing to us. */
export function hintIn(message) {
  let told = message;
  try {
    if (typeof message === "string") told = JSON.parse(message);
  } catch {
    return null;
  }
  if (told?.type === "zhiban:context") return { conversation: isId(told.conversation) ? told.conversation : null };
  if (told?.event !== "appContext" || !told.data) return null;
  const { conversation, contact } = told.data;
  return {
    conversation: idIn(conversation?.custom_attributes) ?? idIn(conversation?.additional_attributes) ?? idIn(contact?.custom_attributes) ?? null,
    user: wordsIn(contact?.identifier),
    name: wordsIn(contact?.name),
  };
}

export class HelpdeskFrame {
  constructor(desk) {
    this.desk = desk;
    this.framed = window.parent !== window;
    // From the beginning: the page around may speak before anybody is signed in, and does not repeat it.
    if (this.framed) window.addEventListener("message", (event) => this.told(event));
  }

  /** Somebody is signed in. */
  async start() {
    if (!this.framed) return;
    this.allowed ??= await allowedOrigins();
    if (this.last) this.told(this.last);
    // To whoever frames us: the question holds nothing, and only the answer's origin counts.
    for (const pause of ASK_AFTER_MS) setTimeout(() => this.heard || window.parent.postMessage(FETCH_INFO, "*"), pause);
  }

  told(event) {
    const hint = event.source === window.parent ? hintIn(event.data) : null;
    if (!hint) return;
    if (!this.allowed || !this.desk.state.me) return void (this.last = event);
    if (!permits(this.allowed, event.origin)) return;
    this.heard = true;
    this.follow(hint);
  }

  async follow(hint) {
    const { desk } = this;
    const held = hint.user && (await api.held().catch(() => [])).find((item) => item.vouched_as === hint.user);
    const id = hint.conversation ?? held?.id;
    const found = Boolean(id) && (await desk.talks.read(id));
    desk.set({ helpdesk: { name: hint.name ?? null, found } });
    if (found && desk.state.selected !== id) desk.talks.select(id);
  }
}

/** Who may frame this page, as the server's own header says it, and the script's `data-frame-origins`. */
async function allowedOrigins() {
  const attribute = document.querySelector("script[data-frame-origins]")?.dataset.frameOrigins ?? "";
  try {
    const answer = await fetch(location.pathname, { method: "HEAD", credentials: "same-origin" });
    return originsOf(answer.headers.get("Content-Security-Policy"), attribute);
  } catch {
    return originsOf(null, attribute);
  }
}
