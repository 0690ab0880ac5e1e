// The bar on top: the way to the desk, a new article, files, and the page's own switches.
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { Icon } from "../../shared/icons.js";
import { chooseTheme } from "../../shared/theme.js";

function Tool({ icon, label, press }) {
  return html`<button class="tool" type="button" aria-label=${label} title=${label} onClick=${press}><${Icon} name=${icon} /></button>`;
}

export function LanguageSwitch({ words, language, setLanguage }) {
  const other = language === "en" ? "zh-Hans" : "en";
  return html`<button class="tool text" type="button" lang=${other} aria-label=${words("language_label")} onClick=${() => setLanguage(other)}>${language === "en" ? "中" : "EN"}</button>`;
}

export function TopBar({ editor, state, words, language, setLanguage, help }) {
  const [theme, setTheme] = useState(document.documentElement.dataset.theme);
  const other = theme === "dark" ? "light" : "dark";
  const files = state.main === "files";
  return html`<header class="top-bar">
    <h1>${words("title")}</h1>
    <a class="beside" href="/desk">${words("to_desk")}</a>
    <span class="space"></span>
    ${editor.mayEdit && html`<button type="button" class="quiet" aria-pressed=${files ? "true" : "false"} onClick=${() => editor.show(files ? { main: "article" } : { main: "files", pane: "main" })}>${words("files")}</button>
      <button type="button" class="primary" onClick=${() => editor.create()}>${words("new_article")}</button>`}
    <div class="tools">
      <${Tool} icon=${theme === "dark" ? "sun" : "moon"} label=${words(`theme_${other}`)} press=${() => setTheme(chooseTheme(other))} />
      ${help && html`<${Tool} icon="keyboard" label=${words("shortcuts")} press=${help} />`}
      <${LanguageSwitch} words=${words} language=${language} setLanguage=${setLanguage} />
      <span class="me" title=${state.me.name}>${state.me.display_name || state.me.name}</span>
      <${Tool} icon="leave" label=${words("sign_out")} press=${() => editor.signOut()} />
    </div>
  </header>`;
}
