// What is known of the customer when they arrive; every line leads to the message that it comes from.
import { html } from "htm/preact";
import { isMine } from "../state.js";
import { Earlier, OpenTickets, Orders } from "./context_history.js";
import { Mood } from "./mood.js";
import { Verified } from "./verified.js";

/** A line that jumps to its message, where it has one. */
export function Jump({ seq, desk, words, children }) {
  if (!seq) return html`<span class="jumps-not">${children}</span>`;
  return html`<button type="button" class="jump" title=${words("jump")} onClick=${() => desk.jump(seq)}>${children}</button>`;
}

function Part({ title, children }) {
  return html`<section class="part"><h3>${title}</h3>${children}</section>`;
}

function Tried({ tried, desk, words }) {
  return html`<ul>${tried.map((one) => html`<li key=${`${one.kind} ${one.seq}`}><${Jump} seq=${one.seq} desk=${desk} words=${words}>
    <span class=${`tried ${one.state}`}>${words(`tried_${one.state}`)}</span><span>${one.title}</span>
  <//></li>`)}</ul>`;
}

function Slots({ slots, desk, words }) {
  return html`<ul class="pairs">${slots.map((slot) => html`<li key=${slot.name}><${Jump} seq=${slot.seq} desk=${desk} words=${words}><span class="pair-name">${slot.label}</span><span class="pair-value">${String(slot.value)}</span><//></li>`)}</ul>`;
}

function Summary({ context, desk, words }) {
  const { rewritten, summary } = context;
  return html`${rewritten && html`<p class="rewritten">${rewritten.text} <span class="soft">${words("rewritten_by", { by: rewritten.by })}</span></p>`}
    <ol class="summary">${summary.map((line, index) => html`<li key=${index}><${Jump} seq=${line.seq} desk=${desk} words=${words}>${line.text}<//></li>`)}</ol>`;
}

export function Context({ desk, state, words }) {
  const { data, problem } = state.contexts[state.selected] ?? {};
  if (!state.selected) return html`<p class="empty">${words("context_open_one")}</p>`;
  if (!data) return html`<p class="empty" role="status">${words(problem ? "context_unavailable" : "loading")}</p>`;
  const mine = isMine(state);
  const { wants, tried, slots, mood, summary, orders, tickets, earlier } = data;
  // What the wish says already is not said twice.
  const rest = summary.filter((line) => line.kind !== "wants");
  return html`<div class="context">
    ${wants && html`<p class="wants"><span class="hidden">${words("wants")}</span><${Jump} seq=${wants.seq} desk=${desk} words=${words}>${wants.text}<//></p>`}
    ${mood && html`<${Mood} mood=${mood} desk=${desk} words=${words} />`}
    <${Verified} verified=${data.verified} customer=${data.customer} mine=${mine} id=${state.selected} desk=${desk} words=${words} />
    ${tried.length > 0 && html`<${Part} title=${words("tried")}><${Tried} tried=${tried} desk=${desk} words=${words} /><//>`}
    ${slots.length > 0 && html`<${Part} title=${words("slots")}><${Slots} slots=${slots} desk=${desk} words=${words} /><//>`}
    ${(rest.length > 0 || data.rewritten) && html`<${Part} title=${words("summary")}><${Summary} context=${{ ...data, summary: rest }} desk=${desk} words=${words} /><//>`}
    ${orders && orders.state !== "none" && html`<${Part} title=${words("orders")}><${Orders} orders=${orders} words=${words} /><//>`}
    ${tickets.length > 0 && html`<${Part} title=${words("open_tickets")}><${OpenTickets} tickets=${tickets} desk=${desk} words=${words} /><//>`}
    ${earlier.length > 0 && html`<${Part} title=${words("earlier")}><${Earlier} earlier=${earlier} words=${words} /><//>`}
  </div>`;
}
