// The answer as customers will see it, while it is being written.
import { html } from "htm/preact";
import { renderMarkdown } from "../../shared/markdown.js";

const SOURCE = { "zh-Hans": "来源：", "zh-Hant": "來源：", en: "Source: " };

export function Preview({ one, words }) {
  const { language, fields, derived } = one;
  const shown = language === "zh-Hant" ? (derived ?? { question: "", answer: "" }) : { question: fields[`texts.${language}.question`] ?? "", answer: fields[`texts.${language}.answer`] ?? "" };
  return html`<aside class="as-seen" aria-label=${words("preview")}>
    <h3>${words("preview")}</h3>
    <div class="screen" lang=${language}>
      ${shown.question.trim() && html`<p class="asks">${shown.question}</p>`}
      ${shown.answer.trim()
        ? html`<div class="answers"><div class="text" dangerouslySetInnerHTML=${{ __html: renderMarkdown(shown.answer) }} /><p class="source">${SOURCE[language]}${shown.question}</p></div>`
        : html`<p class="soft nothing-yet" lang=${words.language}>${words("preview_empty")}</p>`}
      ${fields.flow && shown.answer.trim() && html`<p class="flow-button" lang=${words.language}>${words.known("flow", fields.flow)}</p>`}
    </div>
  </aside>`;
}
