// What lies around this conversation: orders, open tickets, earlier contacts.
import { html } from "htm/preact";
import { dayAndTime } from "../../shared/moments.js";

const wordOr = (key, otherwise, words) => (words.has(key) ? words(key) : otherwise);

function Order({ order, words }) {
  const latest = order.events?.at(-1);
  const time = (at) => dayAndTime(at, words.language, Date.now());
  return html`<li><p class="line"><span class="id">${order.order}</span><span class=${`tag order-${order.state}`}>${wordOr(`order_${order.state}`, order.state, words)}</span></p>
    ${latest && html`<p class="soft small">${time(latest.at)} ${latest.place ?? ""} ${latest.text}</p>`}
    ${(order.carrier || order.tracking) && html`<p class="soft small">${[order.carrier, order.tracking].filter(Boolean).join(" ")}</p>`}</li>`;
}

export function Orders({ orders, words }) {
  if (orders.state === "unavailable") return html`<p class="soft">${words("orders_unavailable")}</p>`;
  return html`<ul class="around">${orders.orders.map((order) => html`<${Order} key=${order.order} order=${order} words=${words} />`)}</ul>`;
}

export function OpenTickets({ tickets, desk, words }) {
  return html`<ul class="around">${tickets.map((ticket) => {
    const late = ticket.state !== "done" && Date.parse(ticket.due_at) < Date.now();
    const time = dayAndTime(ticket.due_at, words.language, Date.now());
    return html`<li key=${ticket.id}><button type="button" class="jump" onClick=${() => desk.show("tickets")}>
      <span>${wordOr(`kind_${ticket.kind}`, ticket.kind, words)} <span class="id">${ticket.id}</span></span><span class=${`due${late ? " late" : ""}`}>${words(late ? "overdue" : "due", { time })}</span>
    </button></li>`;
  })}</ul>`;
}

export function Earlier({ earlier, words }) {
  return html`<ul class="around">${earlier.map((one) => html`<li key=${one.conversation}>
    <p>${one.wants || words("no_text_yet")}</p>
    <p class="soft small">${[dayAndTime(one.opened_at, words.language, Date.now()), one.disposition, one.agent].filter(Boolean).join(" · ")}</p>
  </li>`)}</ul>`;
}
