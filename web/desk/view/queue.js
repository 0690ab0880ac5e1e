// The left pane: the next customer, what I hold, who waits, and what colleagues hold.
import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { rightTo } from "../state.js";
import { heldStill } from "../steady.js";
import { Colleagues } from "./colleagues.js";
import { Held } from "./held_entry.js";
import { useNow } from "./hooks.js";
import { Waiting } from "./waiting_entry.js";

const STILL_MS = 3_000;

/** The queue as the server orders it; while the pointer moves over it, or a key does, nothing changes its place. */
function useSteadyQueue(waiting) {
  const [used, setUsed] = useState(false);
  const shown = useRef([]);
  const timer = useRef(0);
  shown.current = used ? heldStill(shown.current, waiting) : waiting;
  useEffect(() => () => clearTimeout(timer.current), []);
  const use = () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setUsed(false), STILL_MS);
    setUsed(true);
  };
  return [shown.current, { onPointerMove: use, onPointerDown: use, onKeyDown: use, onFocusIn: use }];
}

function Helpdesk({ helpdesk, words }) {
  if (!helpdesk || helpdesk.found) return null;
  return html`<p class="helpdesk" role="status">${words(helpdesk.name ? "helpdesk_unknown" : "helpdesk_nothing", { name: helpdesk.name })}</p>`;
}

function Next({ desk, state, words }) {
  const { waiting, held, me } = state;
  const full = me.capacity && held.length >= me.capacity;
  const none = !waiting.some((entry) => entry.may_take !== false);
  return html`<div class="next">
    <button type="button" class="primary" aria-disabled=${full || none ? "true" : "false"} onClick=${() => !none && desk.queue.next()}>${words("next")}<kbd aria-hidden="true">Alt N</kbd></button>
    ${full && html`<p class="soft">${words("full", { held: held.length, capacity: me.capacity })}</p>`}
  </div>`;
}

export function QueuePane({ desk, state, words }) {
  const now = useNow();
  const { waiting, held, selected, unread, me } = state;
  const [shown, hold] = useSteadyQueue(waiting);
  return html`<section class="pane lists queue" aria-label=${words("lists")}>
    <${Next} desk=${desk} state=${state} words=${words} />
    <${Helpdesk} helpdesk=${state.helpdesk} words=${words} />
    <h2>${words("mine")}<span class="number">${me.capacity ? `${held.length} / ${me.capacity}` : held.length}</span></h2>
    ${held.length
      ? html`<ul>${held.map((item) => html`<${Held} key=${item.id} conversation=${item} transcript=${state.transcripts[item.id]} desk=${desk} selected=${item.id === selected} unread=${unread[item.id] || 0} words=${words} now=${now} />`)}</ul>`
      : html`<p class="empty">${words("none_held")}</p>`}
    <h2>${words("waiting")}<span class="number">${waiting.length}</span></h2>
    ${shown.length
      ? html`<ul ...${hold}>${shown.map((entry) => html`<${Waiting} key=${entry.conversation} entry=${entry} taken=${entry.gone && held.some((item) => item.id === entry.conversation)} desk=${desk} selected=${entry.conversation === selected} words=${words} now=${now} />`)}</ul>`
      : html`<p class="empty">${words("nobody_waits")}</p>`}
    ${rightTo(state, "board.see") && html`<${Colleagues} desk=${desk} state=${state} words=${words} />`}
  </section>`;
}
