// The whole page: sign-in, a word to those who serve nobody, or the workplace.
import { html } from "htm/preact";
import { useEffect, useMemo } from "preact/hooks";
import { attentionIn, rightTo } from "../state.js";
import { wordsIn } from "../words.js";
import { useDesk } from "./hooks.js";
import { SignIn } from "./sign_in.js";
import { Toasts } from "./toasts.js";
import { TopBar } from "./top_bar.js";
import { Workplace } from "./workplace.js";

function useTitle(words, state) {
  const count = attentionIn(state);
  useEffect(() => {
    document.title = count ? `(${count}) ${words("title")}` : words("title");
  }, [count, words]);
}

function NotServing({ desk, state, words }) {
  return html`<div class="workplace"><${TopBar} desk=${desk} state=${state} words=${words} /><main class="starting"><p>${words("not_serving")} <a href="/knowledge">${words("knowledge")}</a></p></main></div>`;
}

export function Page({ desk }) {
  const state = useDesk(desk);
  const { language, me } = state;
  const words = useMemo(() => wordsIn(language), [language]);
  useTitle(words, state);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);

  let shown;
  if (me === undefined) shown = html`<main class="starting"><p role="status">${words("loading")}</p></main>`;
  else if (me === null) shown = html`<${SignIn} desk=${desk} words=${words} language=${language} setLanguage=${(other) => desk.setLanguage(other)} />`;
  else if (me.rights && !rightTo(state, "conversations.serve")) shown = html`<${NotServing} desk=${desk} state=${state} words=${words} />`;
  else shown = html`<${Workplace} desk=${desk} state=${state} words=${words} />`;
  return html`${shown}<${Toasts} desk=${desk} toasts=${state.toasts} words=${words} />`;
}
