// One item of the log: a date, a quiet line, a notice, or a message with its text, pictures, source and delivery.
import { html } from "htm/preact";
import { Icon } from "../../shared/icons.js";
import { renderMarkdown } from "../../shared/markdown.js";
import { clockTime } from "../../shared/moments.js";
import { Picture } from "./picture.js";

const STATUS_ICONS = { sending: "clock", queued: "clock", sent: "check", failed: "warning" };

function Delivery({ item, chat, words }) {
  const status = item.status || "sent";
  if (status !== "failed") {
    return html`<span class="delivery"><${Icon} name=${STATUS_ICONS[status]} size=${13} /><span class=${status === "queued" ? "" : "hidden"}>${words(status)}</span></span>`;
  }
  const reason = item.failure === "too_long" ? "failed_too_long" : "failed";
  return html`<span class="delivery failed"><${Icon} name="warning" size=${13} />${words(reason)}
    ${item.failure !== "too_long" && html`<button type="button" onClick=${() => chat.retry(item.key)}>${words("retry")}</button>`}
    <button type="button" onClick=${() => chat.discard(item.key)}>${words("discard")}</button>
  </span>`;
}

function Text({ event, own }) {
  if (!event.text) return null;
  if (own) return html`<div class="bubble plain-text">${event.text}</div>`;
  return html`<div class="bubble text" dangerouslySetInnerHTML=${{ __html: renderMarkdown(event.text) }} />`;
}

export function Message({ item, chat, words, language }) {
  if (item.kind === "date") return html`<p class="date"><span>${item.text}</span></p>`;
  if (item.kind === "line") return html`<p class="line">${words(item.sentence)}</p>`;
  if (item.kind === "notice") {
    return html`<div class="notice"><span class="hidden">${words("system")}</span><div class="text" dangerouslySetInnerHTML=${{ __html: renderMarkdown(item.event.text) }} /></div>`;
  }
  const { event } = item;
  const own = item.role === "customer";
  const who = own ? words("you") : item.role === "agent" ? `${words("agent")}${item.name ? ` ${item.name}` : ""}` : words("bot");
  return html`<article class=${`message ${item.role}${item.first ? " first" : ""}`}>
    ${own ? html`<span class="hidden">${who}</span>` : item.first ? html`<p class="who"><span>${who}</span><time datetime=${item.at}>${clockTime(item.at, language)}</time></p>` : html`<span class="hidden">${who}</span>`}
    <${Text} event=${event} own=${own} />
    ${event.attachments?.map((attachment) => html`<${Picture} key=${attachment.id} id=${attachment.id} chat=${chat} words=${words} />`)}
    ${event.article?.title && html`<p class="source"><${Icon} name="book" size=${14} />${words("source", { title: event.article.title })}</p>`}
    ${own && html`<p class="meta"><time datetime=${item.at}>${clockTime(item.at, language)}</time><${Delivery} item=${item} chat=${chat} words=${words} /></p>`}
  </article>`;
}
