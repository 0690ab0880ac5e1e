// One row of the transcript: a message, one on its way, or a line about the state, a ticket, a rating.
import { html } from "htm/preact";
import { Icon } from "../../shared/icons.js";
import { renderMarkdown } from "../../shared/markdown.js";
import { clockTime } from "../../shared/moments.js";
import { still } from "./hooks.js";

const nameOf = (agent, me) => (agent === me.name ? me.display_name || agent : agent);

function stateSentence(event, words, me) {
  if (event.to === "waiting") {
    const key = `reason_${event.reason}`;
    return words("state_waiting", { reason: words.has(key) ? words(key) : event.reason });
  }
  const holder = event.holder ? nameOf(event.holder, me) : words("agent");
  if (event.to === "person") return event.reason === "taken_over" ? words("state_taken_over", { holder }) : words("state_person", { holder });
  if (event.to === "closed") return words("state_closed");
  if (event.reason === "opened") return words("state_opened");
  return words(event.reason === "released" ? "state_released" : "state_bot");
}

function sentenceOf(event, words, me) {
  if (event.type === "state") return stateSentence(event, words, me);
  if (event.type === "rating") return words(event.comment ? "rating_with_comment" : "rating", event);
  if (event.type !== "ticket") return null;
  return event.changed ? words("ticket_given_anew", event) : words("ticket_event", { ticket: event.ticket, state: words(`ticket_${event.state}`) });
}

export const Line = still(function Line({ event, words, me }) {
  const sentence = sentenceOf(event, words, me);
  if (!sentence) return null;
  return html`<div class="event" data-seq=${event.seq}><p><span>${sentence}</span><time datetime=${event.at}>${clockTime(event.at, words.language)}</time></p>${event.note && html`<p class="event-note"><span class="hidden">${words("note")}</span>${event.note}</p>`}</div>`;
});

function Body({ event }) {
  if (!event.text) return null;
  if (event.author.role === "customer") return html`<div class="said plain">${event.text}</div>`;
  return html`<div class="said text" dangerouslySetInnerHTML=${{ __html: renderMarkdown(event.text) }} />`;
}

export const Message = still(function Message({ event, words, me }) {
  const { role, id } = event.author;
  const who = event.notice ? words("system") : role === "agent" ? `${words("agent")} ${nameOf(id, me)}` : words(role);
  return html`<article class=${`said-by ${event.notice ? "system" : role}`} data-seq=${event.seq}>
    <p class="by"><span>${who}</span><time datetime=${event.at}>${clockTime(event.at, words.language)}</time>${event.payload && html`<span class="tag">${words("tapped")}</span>`}</p>
    <${Body} event=${event} />
    ${event.attachments?.map((picture) => html`<a key=${picture.id} class="picture" href=${`/v1/attachments/${picture.id}`} target="_blank" rel="noopener"><img src=${`/v1/attachments/${picture.id}`} alt=${words("picture")} loading="lazy" /></a>`)}
    ${event.article?.title && html`<p class="source"><${Icon} name="book" size=${14} />${words("source", { title: event.article.title })}</p>`}
    ${event.buttons?.length > 0 && html`<p class="offered"><span class="hidden">${words("offered_buttons")}</span>${event.buttons.map((button) => html`<span key=${button.payload}>${button.title}</span>`)}</p>`}
  </article>`;
});

export function Pending({ message, id, desk, words }) {
  const { sending } = desk;
  return html`<article class="said-by agent pending">
    <p class="by"><span>${words(message.failed ? "not_sent" : "sending")}</span></p>
    <div class="said text" dangerouslySetInnerHTML=${{ __html: renderMarkdown(message.text) }} />
    ${message.failed && html`<p class="failed">
      <button type="button" onClick=${() => sending.deliver(id, message)}>${words("retry")}</button>
      <button type="button" onClick=${() => sending.takeBack(id, message)}>${words("take_back")}</button>
      <button type="button" onClick=${() => sending.discard(id, message.message_id)}>${words("discard")}</button>
    </p>`}
  </article>`;
}
