// One conversation that I hold: unread marks, and how long the customer has waited for an answer.
import { html } from "htm/preact";
import { elapsed } from "../../shared/moments.js";
import { unansweredSince } from "../transcript.js";
import { LanguageTag } from "./waiting_entry.js";

export function Held({ conversation, transcript, desk, selected, unread, words, now }) {
  const since = unansweredSince(transcript);
  const waits = since && elapsed(now - Date.parse(since));
  return html`<li class=${`entry held${selected ? " selected" : ""}${unread ? " unread" : ""}`}>
    <button class="open" type="button" aria-current=${selected ? "true" : undefined} onClick=${() => desk.talks.select(conversation.id)}>
      <span class="line second"><span class="preview strong">${conversation.preview || words("no_preview")}</span>
        ${unread > 0 && html`<span class="count">${unread}<span class="hidden">${words("unread", { count: unread })}</span></span>`}
        ${waits ? html`<time class="since" datetime=${since} title=${words("waits_for_answer")} aria-label=${`${words("waits_for_answer")} ${waits}`}>${waits}</time>` : html`<span class="soft small">${words("answered")}</span>`}
        <${LanguageTag} language=${conversation.language} words=${words} /></span>
    </button>
  </li>`;
}
