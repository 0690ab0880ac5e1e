// What customers asked that this article answered: a tap or an agent's answer has shown it.
import { html } from "htm/preact";
import { askedOf } from "../draft.js";

function Question({ question, title, editor, words }) {
  return html`<li class="asked">
    <p><q>${question.asked}</q></p>
    <p class="soft">${words(`confirmed_${question.by}`)}${question.instead_of.map((id) => html`<span key=${id}> · ${words("confirmed_instead", { title: title(id) })}</span>`)}</p>
    <p class="acts start">
      <button type="button" class="quiet small" onClick=${() => editor.addPhrasing(editor.article.id, question.asked)}>${words("add_phrasing")}<span class="hidden">${question.asked}</span></button>
      <button type="button" class="quiet small" onClick=${() => editor.dropAsked(question.id)}>${words("confirmed_drop")}<span class="hidden">${question.asked}</span></button>
    </p>
  </li>`;
}

export function Asked({ one, editor, state, words }) {
  if (!one.asked) return html`<p class="empty" role="status">${words("loading")}</p>`;
  const written = askedOf(one.fields);
  const fresh = one.asked.filter((question) => !written.has(question.asked));
  const title = (id) => {
    const listed = state.list?.find((known) => known.id === id)?.question ?? {};
    return listed[words.language] ?? listed["zh-Hans"] ?? listed.en ?? id;
  };
  return html`<p class="soft">${words("confirmed_lead")}</p>
    ${fresh.length ? html`<ul class="asked-list" aria-label=${words("confirmed")}>${fresh.map((question) => html`<${Question} key=${question.id} question=${question} title=${title} editor=${editor} words=${words} />`)}</ul>` : html`<p class="empty">${words("confirmed_none")}</p>`}`;
}
