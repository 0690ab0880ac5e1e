// The whole page: sign-in, or the top bar and the three panes.
import { html } from "htm/preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Icon } from "../../shared/icons.js";
import { firstLanguage, rememberLanguage, wordsIn } from "../words.js";
import { ConversationPane } from "./conversation.js";
import { CloseDialog, ShortcutsDialog } from "./dialogs.js";
import { useDesk, useMedia } from "./hooks.js";
import { Lists } from "./lists.js";
import { useShortcuts } from "./shortcuts.js";
import { Side } from "./side.js";
import { SignIn } from "./sign_in.js";
import { Toasts } from "./toasts.js";
import { TopBar } from "./top_bar.js";

const NARROW = "(max-width: 899px)";
const TABS = [
  ["lists", "queue", "tab_lists"],
  ["conversation", "chat", "tab_conversation"],
  ["suggestions", "bulb", "suggestions"],
  ["tickets", "ticket", "tickets"],
];

function useTitle(words, state) {
  const count = state.me ? state.waiting.length + Object.values(state.unread).reduce((sum, one) => sum + one, 0) : 0;
  useEffect(() => {
    document.title = count ? `(${count}) ${words("title")}` : words("title");
  }, [count, words]);
}

function TabBar({ desk, pane, words, badge }) {
  return html`<nav class="tab-bar" aria-label=${words("product")}>${TABS.map(
    ([name, icon, key]) => html`<button key=${name} type="button" aria-current=${pane === name ? "page" : undefined} onClick=${() => desk.set({ pane: name })}>
      <${Icon} name=${icon} /><span>${words(key)}</span>${name === "lists" && badge > 0 && html`<span class="count">${badge}</span>`}
    </button>`,
  )}</nav>`;
}

function Workplace({ desk, state, words, language, setLanguage }) {
  const narrow = useMedia(NARROW);
  const [dialog, setDialog] = useState(null);
  const composer = useRef(null);
  const insert = useRef(() => {});
  const search = useRef(null);
  const closing = dialog === "close" ? state.selected : null;

  useShortcuts(desk, { composer, insert, search, ask: setDialog });
  useEffect(() => {
    const looked = () => document.visibilityState === "visible" && desk.seen();
    document.addEventListener("visibilitychange", looked);
    return () => document.removeEventListener("visibilitychange", looked);
  }, [desk]);

  const side = state.pane === "tickets" ? "tickets" : "suggestions";
  const shows = (...panes) => !narrow || panes.includes(state.pane);
  return html`<div class=${`workplace${narrow ? " narrow" : ""}`}>
    <${TopBar} desk=${desk} state=${state} words=${words} language=${language} setLanguage=${setLanguage} help=${() => setDialog("shortcuts")} />
    <main class="panes">
      ${shows("lists") && html`<${Lists} desk=${desk} state=${state} words=${words} />`}
      ${shows("conversation") && html`<${ConversationPane} desk=${desk} state=${state} words=${words} narrow=${narrow} composer=${composer} insert=${insert} askClose=${() => setDialog("close")} />`}
      ${shows("suggestions", "tickets") && html`<${Side} desk=${desk} state=${state} words=${words} which=${side} narrow=${narrow} insert=${insert} search=${search} />`}
    </main>
    ${narrow && html`<${TabBar} desk=${desk} pane=${state.pane} words=${words} badge=${state.waiting.length} />`}
    ${dialog === "shortcuts" && html`<${ShortcutsDialog} words=${words} done=${() => setDialog(null)} />`}
    ${closing && html`<${CloseDialog} words=${words} done=${() => setDialog(null)} confirm=${() => desk.close(closing)} />`}
  </div>`;
}

export function Page({ desk }) {
  const state = useDesk(desk);
  const [language, setLanguage] = useState(firstLanguage);
  const words = useMemo(() => wordsIn(language), [language]);
  useTitle(words, state);
  useEffect(() => {
    document.documentElement.lang = language;
    rememberLanguage(language);
  }, [language]);

  const shown =
    state.me === undefined
      ? html`<main class="starting"><p role="status">${words("loading")}</p></main>`
      : state.me === null
        ? html`<${SignIn} desk=${desk} words=${words} language=${language} setLanguage=${setLanguage} />`
        : html`<${Workplace} desk=${desk} state=${state} words=${words} language=${language} setLanguage=${setLanguage} />`;
  return html`${shown}<${Toasts} desk=${desk} toasts=${state.toasts} words=${words} />`;
}
