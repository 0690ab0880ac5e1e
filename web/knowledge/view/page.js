// The whole page: sign-in, or the top bar, the list or the question on the left, and the article or the files.
import { html } from "htm/preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { SignIn } from "../../desk/view/sign_in.js";
import { Toasts } from "../../desk/view/toasts.js";
import { firstLanguage, rememberLanguage, wordsIn } from "../words.js";
import { ArticlePane } from "./article.js";
import { Ask } from "./ask.js";
import { Browse } from "./browse.js";
import { FilesPane } from "./files.js";
import { Help } from "./help.js";
import { useEditor, useMedia } from "./hooks.js";
import { useShortcuts } from "./shortcuts.js";
import { Tabs } from "./tabs.js";
import { TopBar } from "./top_bar.js";

const NARROW = "(max-width: 899px)";

function Left({ editor, state, words, fields }) {
  const tabs = [["browse", words("browse")], ["ask", words("ask")]];
  return html`<section class="pane lists" aria-label=${words("find")}>
    <${Tabs} name="left" label=${words("articles_title")} tabs=${tabs} value=${state.left} choose=${(left) => editor.set({ left })} />
    <div id="left-panel" role="tabpanel" aria-labelledby=${`left-${state.left}`}>
      ${state.left === "ask" ? html`<${Ask} editor=${editor} state=${state} words=${words} askField=${fields.askField} />` : html`<${Browse} editor=${editor} state=${state} words=${words} filterField=${fields.filterField} />`}
    </div>
  </section>`;
}

function useWarning(editor) {
  useEffect(() => {
    const leaving = (event) => editor.unsaved && event.preventDefault();
    window.addEventListener("beforeunload", leaving);
    return () => window.removeEventListener("beforeunload", leaving);
  }, [editor]);
}

function Workplace({ editor, state, words, language, setLanguage }) {
  const narrow = useMedia(NARROW);
  const [helps, setHelps] = useState(false);
  const fields = { askField: useRef(null), filterField: useRef(null) };
  useShortcuts(editor, { ...fields, help: () => setHelps(true) });
  useWarning(editor);
  const Main = state.main === "files" ? FilesPane : ArticlePane;
  return html`<div class=${`workplace${narrow ? ` narrow at-${state.pane}` : ""}`}>
    <${TopBar} editor=${editor} state=${state} words=${words} language=${language} setLanguage=${setLanguage} help=${() => setHelps(true)} />
    <main class="panes">
      ${(!narrow || state.pane === "left") && html`<${Left} editor=${editor} state=${state} words=${words} fields=${fields} />`}
      ${(!narrow || state.pane === "main") && html`<${Main} editor=${editor} state=${state} words=${words} narrow=${narrow} />`}
    </main>
    ${helps && html`<${Help} words=${words} done=${() => setHelps(false)} />`}
  </div>`;
}

function NotAllowed({ editor, state, words, language, setLanguage }) {
  return html`<div class="workplace"><${TopBar} editor=${editor} state=${state} words=${words} language=${language} setLanguage=${setLanguage} /><main class="starting"><p>${words("not_editor")}</p></main></div>`;
}

export function Page({ editor }) {
  const state = useEditor(editor);
  const [language, setLanguage] = useState(firstLanguage);
  const words = useMemo(() => wordsIn(language), [language]);
  const shared = { editor, state, words, language, setLanguage };
  useEffect(() => {
    document.documentElement.lang = language;
    document.title = words("title");
    rememberLanguage(language);
  }, [language]);

  let shown;
  if (state.me === undefined) shown = html`<main class="starting"><p role="status">${words("loading")}</p></main>`;
  else if (state.me === null) shown = html`<${SignIn} desk=${editor} words=${words} language=${language} setLanguage=${setLanguage} />`;
  else shown = editor.mayEdit ? html`<${Workplace} ...${shared} />` : html`<${NotAllowed} ...${shared} />`;
  return html`${shown}<${Toasts} desk=${editor} toasts=${state.toasts} words=${words} />`;
}
