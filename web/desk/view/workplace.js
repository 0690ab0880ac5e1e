// The workplace: top bar, queue, conversation and what belongs to it; on a phone or in a side panel one of them at a time.
import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import { Icon } from "../../shared/icons.js";
import { conversationOf } from "../state.js";
import { ConversationPane } from "./conversation.js";
import { CloseDialog, ShortcutsDialog } from "./dialogs.js";
import { useMedia } from "./hooks.js";
import { QueuePane } from "./queue.js";
import { useShortcuts } from "./shortcuts.js";
import { Side } from "./side.js";
import { TakeOverDialog } from "./take_over.js";
import { TopBar } from "./top_bar.js";
import { TransferDialog } from "./transfer.js";

const NARROW = "(max-width: 899px)";
const TABS = [
  ["lists", "queue", "tab_lists"],
  ["conversation", "chat", "tab_conversation"],
  ["side", "book", "tab_side"],
];
const DIALOGS = { shortcuts: ShortcutsDialog, close: CloseDialog, transfer: TransferDialog, take_over: TakeOverDialog };

function TabBar({ desk, state, words }) {
  const { pane, waiting, unread } = state;
  const counts = { lists: waiting.length, conversation: Object.values(unread).reduce((sum, one) => sum + one, 0) };
  return html`<nav class="tab-bar" aria-label=${words("product")}>${TABS.map(
    ([name, icon, key]) => html`<button key=${name} type="button" aria-current=${pane === name ? "page" : undefined} onClick=${() => desk.set({ pane: name })}>
      <${Icon} name=${icon} /><span>${words(key)}</span>${counts[name] > 0 && html`<span class="count">${counts[name]}</span>`}
    </button>`,
  )}</nav>`;
}

export function Workplace({ desk, state, words }) {
  const narrow = useMedia(NARROW);
  const places = { field: useRef(null), search: useRef(null), log: useRef(null) };
  useShortcuts(desk, places);
  useEffect(() => {
    const looked = () => document.visibilityState === "visible" && desk.talks.seen();
    document.addEventListener("visibilitychange", looked);
    return () => document.removeEventListener("visibilitychange", looked);
  }, [desk]);

  const shows = (pane) => !narrow || state.pane === pane;
  const Dialog = state.dialog && DIALOGS[state.dialog.kind];
  const asksAbout = state.dialog && conversationOf(state, state.dialog.id);
  return html`<div class=${`workplace${narrow ? " narrow" : ""}`}>
    <${TopBar} desk=${desk} state=${state} words=${words} />
    <main class="panes">
      ${shows("lists") && html`<${QueuePane} desk=${desk} state=${state} words=${words} />`}
      ${shows("conversation") && html`<${ConversationPane} desk=${desk} state=${state} words=${words} narrow=${narrow} places=${places} />`}
      ${shows("side") && html`<${Side} desk=${desk} state=${state} words=${words} places=${places} />`}
    </main>
    ${narrow && html`<${TabBar} desk=${desk} state=${state} words=${words} />`}
    ${Dialog && html`<${Dialog} desk=${desk} state=${state} words=${words} conversation=${asksAbout} done=${() => desk.set({ dialog: null })} />`}
  </div>`;
}
