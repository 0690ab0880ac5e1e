// Tickets: open, due, done; one at a time unfolds with its fields, history, note and next state.
import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { dayAndTime } from "../../shared/moments.js";
import { api } from "../api.js";

const FILTERS = ["open", "due", "done"];
const NEXT = { open: ["in_progress", "start_ticket"], in_progress: ["done", "finish_ticket"], done: ["open", "reopen_ticket"] };
const REFRESH_MS = 30_000;

const fieldName = (key, words) => (words.has(`field_${key}`) ? words(`field_${key}`) : key);

function Details({ ticket, desk, words, change }) {
  const note = useRef(null);
  const [next, label] = NEXT[ticket.state];
  const [busy, setBusy] = useState(false);
  const apply = async (state) => {
    const text = note.current.value.trim();
    if (busy || (!state && !text)) return;
    setBusy(true);
    if (await change(ticket, { ...(state ? { state } : {}), ...(text ? { note: text } : {}) })) note.current && (note.current.value = "");
    setBusy(false);
  };
  const time = (at) => dayAndTime(at, words.language, Date.now());
  return html`<div class="details">
    <dl>${Object.entries(ticket.fields).filter(([, value]) => value).map(([key, value]) => html`<div key=${key}><dt>${fieldName(key, words)}</dt><dd>${String(value)}</dd></div>`)}</dl>
    ${ticket.history.length > 0 && html`<h3>${words("history")}</h3><ol class="history">${ticket.history.map((entry, index) => html`<li key=${index}><span class="soft">${time(entry.at)} ${entry.agent === "bot" ? words("bot") : entry.agent} · ${words(`ticket_${entry.state}`)}</span>${entry.text && html`<p>${entry.text}</p>`}</li>`)}</ol>`}
    <label for=${`note-${ticket.id}`}>${words("note")}</label>
    <textarea ref=${note} id=${`note-${ticket.id}`} rows="2" maxlength="2000" placeholder=${words("note_placeholder")}></textarea>
    <p class="reply-acts">
      <button type="button" class="primary small" onClick=${() => apply(next)}>${words(label)}</button>
      <button type="button" onClick=${() => apply(null)}>${words("add_note")}</button>
      <button type="button" onClick=${() => desk.talks.select(ticket.conversation)}>${words("see_conversation")}</button>
    </p>
  </div>`;
}

function Ticket({ ticket, unfolded, toggle, desk, words, change }) {
  const late = ticket.state !== "done" && Date.parse(ticket.due_at) < Date.now();
  const time = dayAndTime(ticket.due_at, words.language, Date.now());
  const kind = words.has(`kind_${ticket.kind}`) ? words(`kind_${ticket.kind}`) : ticket.kind;
  return html`<li class="ticket">
    <button type="button" class="fold" aria-expanded=${unfolded ? "true" : "false"} onClick=${toggle}>
      <span class="line"><span class="title">${kind} <span class="id">${ticket.id}</span></span><span class=${`tag ${ticket.state}`}>${words(`ticket_${ticket.state}`)}</span></span>
      <span class="line second"><span class="preview">${ticket.fields.what || ticket.fields.question || ticket.fields.summary || ticket.fields.contact || ""}</span><span class=${`due${late ? " late" : ""}`}>${words(late ? "overdue" : "due", { time })}</span></span>
    </button>
    ${unfolded && html`<${Details} ticket=${ticket} desk=${desk} words=${words} change=${change} />`}
  </li>`;
}

export function Tickets({ desk, words }) {
  const [filter, setFilter] = useState("open");
  const [tickets, setTickets] = useState(null);
  const [unfolded, setUnfolded] = useState(null);
  const asked = useRef(0);
  const load = async () => {
    const number = ++asked.current;
    try {
      const found = await api.tickets(filter);
      if (number === asked.current) setTickets(found);
    } catch (refusal) {
      if (number === asked.current) desk.notices.explain(refusal);
    }
  };
  useEffect(() => {
    setTickets(null);
    load();
    const timer = setInterval(load, REFRESH_MS);
    return () => {
      asked.current++;
      clearInterval(timer);
    };
  }, [filter]);

  const change = async (ticket, how) => {
    try {
      const changed = await api.changeTicket(ticket.id, { version: ticket.version, ...how });
      setTickets((now) => now.map((one) => (one.id === changed.id ? changed : one)));
      return true;
    } catch (refusal) {
      desk.notices.explain(refusal);
      load();
      return false;
    }
  };
  return html`<div class="filters" role="group" aria-label=${words("tickets")}>${FILTERS.map((name) => html`<button key=${name} type="button" aria-pressed=${filter === name ? "true" : "false"} onClick=${() => setFilter(name)}>${words(`tickets_${name}`)}</button>`)}</div>
    ${tickets === null ? html`<p class="empty" role="status">${words("loading")}</p>` : tickets.length === 0 ? html`<p class="empty">${words("no_tickets")}</p>` : html`<ul class="tickets">${tickets.map(
      (ticket) => html`<${Ticket} key=${ticket.id} ticket=${ticket} unfolded=${unfolded === ticket.id} toggle=${() => setUnfolded(unfolded === ticket.id ? null : ticket.id)} desk=${desk} words=${words} change=${change} />`,
    )}</ul>`}`;
}
