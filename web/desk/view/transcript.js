// The transcript: messages of all sides, changes of state, tickets, ratings; it stays at the end unless the reader scrolled up.
import { html } from "htm/preact";
import { useRef } from "preact/hooks";
import { Icon } from "../../shared/icons.js";
import { renderMarkdown } from "../../shared/markdown.js";
import { clockTime, dayKey, dayName } from "../../shared/moments.js";
import { useStickyEnd } from "../../shared/sticky_end.js";

const nameOf = (agent, me) => (agent === me.name ? me.display_name || agent : agent);

function stateSentence(event, words, me) {
  if (event.to === "waiting") {
    const key = `reason_${event.reason}`;
    return words("state_waiting", { reason: words.has(key) ? words(key) : event.reason });
  }
  if (event.to === "person") return words("state_person", { holder: event.holder ? nameOf(event.holder, me) : words("agent") });
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

function Line({ event, words, me }) {
  const sentence = sentenceOf(event, words, me);
  return sentence && html`<p class="event"><span>${sentence}</span><time datetime=${event.at}>${clockTime(event.at, words.language)}</time></p>`;
}

function Body({ event }) {
  if (!event.text) return null;
  if (event.author.role === "customer") return html`<div class="said plain">${event.text}</div>`;
  return html`<div class="said text" dangerouslySetInnerHTML=${{ __html: renderMarkdown(event.text) }} />`;
}

function Message({ event, words, me }) {
  const { role, id } = event.author;
  const who = event.notice ? words("system") : role === "agent" ? `${words("agent")} ${nameOf(id, me)}` : words(role);
  return html`<article class=${`said-by ${event.notice ? "system" : role}`}>
    <p class="by"><span>${who}</span><time datetime=${event.at}>${clockTime(event.at, words.language)}</time>${event.payload && html`<span class="tag">${words("tapped")}</span>`}</p>
    <${Body} event=${event} />
    ${event.attachments?.map((picture) => html`<a key=${picture.id} class="picture" href=${`/v1/attachments/${picture.id}`} target="_blank" rel="noopener"><img src=${`/v1/attachments/${picture.id}`} alt=${words("picture")} loading="lazy" /></a>`)}
    ${event.article?.title && html`<p class="source"><${Icon} name="book" size=${14} />${words("source", { title: event.article.title })}</p>`}
    ${event.buttons?.length > 0 && html`<p class="offered"><span class="hidden">${words("offered")}</span>${event.buttons.map((button) => html`<span key=${button.payload}>${button.title}</span>`)}</p>`}
  </article>`;
}

function Pending({ message, id, desk, words, insert }) {
  const takeBack = () => {
    desk.discard(id, message.message_id);
    insert.current(message.text);
  };
  return html`<article class="said-by agent pending">
    <p class="by"><span>${words(message.failed ? "not_sent" : "sending")}</span></p>
    <div class="said text" dangerouslySetInnerHTML=${{ __html: renderMarkdown(message.text) }} />
    ${message.failed && html`<p class="failed">
      <button type="button" onClick=${() => desk.deliver(id, message)}>${words("retry")}</button>
      <button type="button" onClick=${takeBack}>${words("take_back")}</button>
      <button type="button" onClick=${() => desk.discard(id, message.message_id)}>${words("discard")}</button>
    </p>`}
  </article>`;
}

export function Transcript({ desk, me, transcript, words, typing, insert }) {
  const { conversation, events, pending } = transcript;
  const box = useRef(null);
  const last = pending.at(-1)?.message_id || events.at(-1)?.seq;
  const { missed, toEnd, onScroll } = useStickyEnd(box, { last });

  let day = null;
  const rows = [];
  for (const event of events) {
    if (dayKey(event.at) !== day) rows.push(html`<p key=${`day ${event.seq}`} class="day">${dayName(event.at, words.language, Date.now())}</p>`);
    day = dayKey(event.at);
    rows.push(event.type === "message" ? html`<${Message} key=${event.message_id || event.seq} event=${event} words=${words} me=${me} />` : html`<${Line} key=${event.seq} event=${event} words=${words} me=${me} />`);
  }
  return html`<div class="stage">
    <div ref=${box} class="transcript" role="log" tabindex="0" aria-label=${words("transcript")} onScroll=${onScroll}>
      ${rows}
      ${pending.map((message) => html`<${Pending} key=${message.message_id} message=${message} id=${conversation.id} desk=${desk} words=${words} insert=${insert} />`)}
    </div>
    <p class="types" aria-hidden=${typing ? "false" : "true"}>${typing ? words("customer_types") : ""}</p>
    ${missed && html`<button type="button" class="pill" aria-label=${words("newer")} title=${words("newer")} onClick=${toEnd}><${Icon} name="down" size=${16} /></button>`}
  </div>`;
}
