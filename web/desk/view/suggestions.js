// Suggested replies under the conversation: up to three lines in a place of fixed height, so that nothing above them moves.
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { Icon } from "../../shared/icons.js";
import { renderMarkdown } from "../../shared/markdown.js";
import { plainText } from "../../shared/plain.js";

const KIND_ICONS = { article: "book", macro: "bolt", answered: "person" };

function told(suggestions, words) {
  if (suggestions.state === "asking") return words("suggesting");
  if (suggestions.state === "unavailable") return words("suggestions_unavailable");
  if (suggestions.state === "answered") return words("suggestions_answered");
  return words(suggestions.abstained === "nothing_asked" ? "suggestions_nothing_asked" : "no_suggestions");
}

function Acts({ desk, suggestion, words }) {
  const { title } = suggestion.source;
  const insert = () => {
    desk.suggesting.inserted(suggestion);
    desk.writing.insert(desk.state.selected, desk.suggesting.sourceOf(suggestion));
  };
  const gaps = suggestion.missing?.length > 0;
  return html`<span class="reply-acts">
    <button type="button" title=${words("insert_hint")} onClick=${insert}><${Icon} name="insert" size=${16} /><span>${words("insert")}</span><span class="hidden">${title}</span></button>
    ${!gaps && html`<button type="button" title=${words("send_now_hint")} onClick=${() => desk.suggesting.send(suggestion)}><${Icon} name="send" size=${16} /><span>${words("send_now")}</span><span class="hidden">${title}</span></button>`}
    <button type="button" class="dismiss" aria-label=${`${words("dismiss_suggestion")} ${title}`} title=${words("dismiss_suggestion")} onClick=${() => desk.suggesting.dismiss(suggestion)}><${Icon} name="close" size=${16} /></button>
  </span>`;
}

function Suggestion({ desk, suggestion, number, open, toggle, words }) {
  const { kind = "article", title } = suggestion.source;
  const missing = suggestion.missing ?? [];
  return html`<li class=${`suggestion${open ? " open" : ""}`}>
    <div class="suggestion-row">
      <button type="button" class="fold" aria-expanded=${open ? "true" : "false"} onClick=${toggle}>
        <kbd aria-hidden="true">${number}</kbd><span class="kind" title=${words(`source_${kind}`)}><${Icon} name=${KIND_ICONS[kind] ?? "book"} size=${14} /><span class="hidden">${words(`source_${kind}`)}</span></span>
        <span class="title">${title}</span><span class="preview">${open ? "" : plainText(suggestion.text).replace(/\s+/g, " ")}</span>
        ${missing.length > 0 && html`<span class="mark-uneasy">${words("missing")}</span>`}
        <span class="sure"><span class="sure-words">${words("sure")} </span>${Math.round(suggestion.confidence * 100)}%</span>
      </button>
      <${Acts} desk=${desk} suggestion=${suggestion} words=${words} />
    </div>
    ${open && html`<div class="text" dangerouslySetInnerHTML=${{ __html: renderMarkdown(suggestion.text) }} />`}
  </li>`;
}

export function Suggestions({ desk, suggestions, words }) {
  const [unfolded, setUnfolded] = useState(null);
  const { list } = suggestions;
  return html`<div class="suggested">
    <h3 class="hidden">${words("suggestions")}</h3>
    ${list.length
      ? html`<ul aria-label=${words("suggestions")}>${list.map((suggestion, index) => html`<${Suggestion} key=${suggestion.id} desk=${desk} suggestion=${suggestion} number=${index + 1} words=${words}
          open=${unfolded === suggestion.id} toggle=${() => setUnfolded(unfolded === suggestion.id ? null : suggestion.id)} />`)}</ul>`
      : html`<p class="none" role="status">${told(suggestions, words)}${suggestions.state !== "asking" && html` <button type="button" class="link" onClick=${() => desk.suggesting.ask()}>${words("suggest_again")}</button> <button type="button" class="link" onClick=${() => desk.show("search")}>${words("search")}</button>`}</p>`}
  </div>`;
}
