// The transcript: messages of all sides and lines between them; it stays at the end unless the reader scrolled up.
import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import { Icon } from "../../shared/icons.js";
import { dayKey, dayName } from "../../shared/moments.js";
import { useStickyEnd } from "../../shared/sticky_end.js";
import { still } from "./hooks.js";
import { Line, Message, Pending } from "./message.js";

const SHOWN_MS = 1_600;

/** Bring the message that was asked for into view, once, and mark it for a moment. */
function useJump(box, jump, desk) {
  useEffect(() => {
    if (!jump || desk.jumped === jump.number) return;
    desk.jumped = jump.number;
    const rows = [...box.current.querySelectorAll("[data-seq]")];
    const row = rows.reverse().find((one) => Number(one.dataset.seq) <= jump.seq) ?? rows.at(-1);
    if (!row) return;
    row.scrollIntoView({ block: "center" });
    row.classList.add("shown");
    row.tabIndex = -1;
    row.focus({ preventScroll: true });
    const timer = setTimeout(() => row.classList.remove("shown"), SHOWN_MS);
    return () => {
      clearTimeout(timer);
      row.classList.remove("shown");
    };
  }, [jump?.number]);
}

function rowsOf(events, words, me) {
  const rows = [];
  let day = null;
  for (const event of events) {
    if (dayKey(event.at) !== day) rows.push(html`<p key=${`day ${event.seq}`} class="day">${dayName(event.at, words.language, Date.now())}</p>`);
    day = dayKey(event.at);
    const Row = event.type === "message" ? Message : Line;
    rows.push(html`<${Row} key=${event.message_id || event.seq} event=${event} words=${words} me=${me} />`);
  }
  return rows;
}

export const Transcript = still(function Transcript({ desk, me, transcript, words, typing, jump, log }) {
  const { conversation, events, pending } = transcript;
  const own = useRef(null);
  const box = log ?? own;
  const last = pending.at(-1)?.message_id || events.at(-1)?.seq;
  const { missed, toEnd, onScroll } = useStickyEnd(box, { last });
  useJump(box, jump, desk);
  return html`<div class="stage">
    <div ref=${box} class="transcript" role="log" tabindex="0" aria-label=${words("transcript")} onScroll=${onScroll}>
      ${rowsOf(events, words, me)}
      ${pending.map((message) => html`<${Pending} key=${message.message_id} message=${message} id=${conversation.id} desk=${desk} words=${words} />`)}
    </div>
    <p class="types" aria-hidden=${typing ? "false" : "true"}>${typing ? words("customer_types") : ""}</p>
    ${missed && html`<button type="button" class="pill" aria-label=${words("newer")} title=${words("newer")} onClick=${toEnd}><${Icon} name="down" size=${16} /></button>`}
  </div>`;
});
