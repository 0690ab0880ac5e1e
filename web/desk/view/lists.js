// The left pane: who waits, and what I hold.
import { html } from "htm/preact";
import { elapsed } from "../../shared/moments.js";
import { useNow } from "./hooks.js";

function reasonOf(entry, words) {
  const key = `reason_${entry.reason}`;
  return words.has(key) ? words(key) : "";
}

const languageTag = (language) => ({ "zh-Hans": "简", "zh-Hant": "繁", en: "EN" })[language] || "";

function Waiting({ entry, desk, selected, words, now }) {
  const reason = reasonOf(entry, words);
  return html`<li class=${`entry${selected ? " selected" : ""}`}>
    <button class="open" type="button" aria-current=${selected ? "true" : undefined} onClick=${() => desk.select(entry.conversation)}>
      <span class="line"><span class="reason">${reason || words("customer")}</span><time class="since" datetime=${entry.since} aria-label=${words("waited", { time: elapsed(now - Date.parse(entry.since)) })}>${elapsed(now - Date.parse(entry.since))}</time></span>
      <span class="line second"><span class="preview">${entry.preview || words("no_text_yet")}</span>${entry.language && html`<span class="tag" title=${words(entry.language)}>${languageTag(entry.language)}</span>`}</span>
    </button>
    <button class="claim" type="button" onClick=${() => desk.claim(entry.conversation)}>${words("claim")}<span class="hidden">${entry.preview}</span></button>
  </li>`;
}

function Held({ conversation, desk, selected, unread, words }) {
  return html`<li class=${`entry${selected ? " selected" : ""}`}>
    <button class="open" type="button" aria-current=${selected ? "true" : undefined} onClick=${() => desk.select(conversation.id)}>
      <span class="line second"><span class="preview strong">${conversation.preview || words("no_preview")}</span>
        ${unread > 0 ? html`<span class="count">${unread}<span class="hidden">${words("unread", { count: unread })}</span></span>` : conversation.language && html`<span class="tag" title=${words(conversation.language)}>${languageTag(conversation.language)}</span>`}</span>
    </button>
  </li>`;
}

export function Lists({ desk, state, words }) {
  const now = useNow();
  const { waiting, held, selected, unread } = state;
  return html`<section class="pane lists" aria-label=${words("lists")}>
    <h2>${words("waiting")}<span class="number">${waiting.length}</span></h2>
    ${waiting.length
      ? html`<ul>${waiting.map((entry) => html`<${Waiting} key=${entry.conversation} entry=${entry} desk=${desk} selected=${entry.conversation === selected} words=${words} now=${now} />`)}</ul>`
      : html`<p class="empty">${words("nobody_waits")}</p>`}
    <h2>${words("mine")}<span class="number">${held.length}</span></h2>
    ${held.length
      ? html`<ul>${held.map((item) => html`<${Held} key=${item.id} conversation=${item} desk=${desk} selected=${item.id === selected} unread=${unread[item.id] || 0} words=${words} />`)}</ul>`
      : html`<p class="empty">${words("none_held")}</p>`}
  </section>`;
}
