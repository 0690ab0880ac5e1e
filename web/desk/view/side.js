// The right pane: suggestions and search, or tickets.
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { Icon } from "../../shared/icons.js";
import { renderMarkdown } from "../../shared/markdown.js";
import { api } from "../api.js";
import { languageOfTalk } from "../transcript.js";
import { Tickets } from "./tickets.js";

function Reply({ reply, number, mine, words, insert, send }) {
  return html`<li class="reply">
    <p class="reply-head"><span class="title">${number && html`<kbd aria-hidden="true">${number}</kbd>`}${reply.source.title}</span><span class="sure">${words("confidence", { percent: Math.round(reply.confidence * 100) })}</span></p>
    <div class="text" dangerouslySetInnerHTML=${{ __html: renderMarkdown(reply.text) }} />
    ${mine && html`<p class="reply-acts">
      <button type="button" onClick=${() => insert(reply)}><${Icon} name="insert" size=${16} />${words("insert")}<span class="hidden">${reply.source.title}</span></button>
      <button type="button" onClick=${() => send(reply)}><${Icon} name="send" size=${16} />${words("send_now")}<span class="hidden">${reply.source.title}</span></button>
    </p>`}
  </li>`;
}

const asReply = (article) => ({ id: article.id, text: article.answer, confidence: article.confidence, source: { id: article.id, version: article.version, title: article.question } });

function Search({ state, words, field, renderReply }) {
  const [found, setFound] = useState(null);
  const [problem, setProblem] = useState(null);
  const search = async (event) => {
    event.preventDefault();
    const asked = field.current.value.trim();
    setProblem(null);
    if (!asked) return setFound(null);
    try {
      setFound((await api.search(asked, languageOfTalk(state.transcripts[state.selected]))).map(asReply));
    } catch {
      setFound(null);
      setProblem("suggestions_unavailable");
    }
  };
  return html`<form class="search" role="search" onSubmit=${search}>
      <input ref=${field} type="search" aria-label=${words("search")} placeholder=${words("search_placeholder")} maxlength="500" onInput=${(event) => !event.currentTarget.value && setFound(null)} />
      <button class="tool" type="submit" aria-label=${words("search")}><${Icon} name="search" /></button>
    </form>
    <div role="status">${problem ? html`<p class="empty">${words(problem)}</p>` : found && !found.length ? html`<p class="empty">${words("nothing_found")}</p>` : null}</div>
    ${found?.length > 0 && html`<ul class="replies">${found.map((reply) => renderReply(reply))}</ul>`}`;
}

function Suggested({ desk, state, words, renderReply }) {
  const { selected, suggestions } = state;
  if (!selected) return html`<p class="empty">${words("open_one_first")}</p>`;
  if (suggestions === null) return html`<p class="empty" role="status">${words("suggesting")}</p>`;
  if (suggestions === "unavailable") return html`<p class="empty" role="status">${words("suggestions_unavailable")}</p>`;
  if (suggestions.length) return html`<ul class="replies" aria-label=${words("suggestions")}>${suggestions.map((reply, index) => renderReply(reply, index + 1))}</ul>`;
  return html`<p class="empty">${words("no_suggestions")}</p><button type="button" class="quiet" onClick=${() => desk.suggest()}><${Icon} name="retry" size=${16} />${words("suggest_again")}</button>`;
}

export const articleOf = (reply) => ({ id: reply.source.id, version: reply.source.version, title: reply.source.title });

export function Side({ desk, state, words, which, narrow, insert, search }) {
  const conversation = state.transcripts[state.selected]?.conversation;
  const mine = conversation?.state === "person" && conversation.holder === state.me.name;
  const put = (reply) => {
    if (narrow) desk.set({ pane: "conversation" });
    // On a phone the composer comes into being with its pane.
    requestAnimationFrame(() => insert.current(reply.text, articleOf(reply)));
  };
  const send = (reply) => {
    if (narrow) desk.set({ pane: "conversation" });
    desk.say(state.selected, reply.text, articleOf(reply));
  };
  const renderReply = (reply, number) => html`<${Reply} key=${reply.id} reply=${reply} number=${number} mine=${mine} words=${words} insert=${put} send=${send} />`;
  const tab = (name) => html`<button type="button" role="tab" id=${`tab-${name}`} aria-selected=${which === name ? "true" : "false"} aria-controls="side-panel" tabindex=${which === name ? 0 : -1} onClick=${() => desk.set({ pane: name })}>${words(name)}</button>`;
  const move = (event) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    const next = which === "tickets" ? "suggestions" : "tickets";
    desk.set({ pane: next });
    event.currentTarget.querySelector(`#tab-${next}`).focus();
  };
  return html`<section class="pane side" aria-label=${words(which)}>
    ${!narrow && html`<div class="tabs" role="tablist" onKeyDown=${move}>${tab("suggestions")}${tab("tickets")}</div>`}
    <div class="side-body" id="side-panel" role=${narrow ? undefined : "tabpanel"} aria-labelledby=${narrow ? undefined : `tab-${which}`} tabindex="0">
      ${which === "tickets"
        ? html`<${Tickets} desk=${desk} words=${words} />`
        : html`<${Suggested} desk=${desk} state=${state} words=${words} renderReply=${renderReply} /><h2>${words("search")}</h2><${Search} state=${state} words=${words} field=${search} renderReply=${renderReply} />`}
    </div>
  </section>`;
}
