// The panel: a dialog with header, log and composer.
import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../../shared/icons.js";
import { picturesIn } from "../pictures.js";
import { openButtons, underWay } from "../timeline.js";
import { Composer } from "./composer.js";
import { useLasting } from "./hooks.js";
import { Log } from "./log.js";
import { usePictures } from "./use_pictures.js";

const BLIP_MS = 1_200;
const FOCUSABLE = 'button:not([disabled]), a[href], textarea, [tabindex="0"]';

function statusOf(state, chat, troubled) {
  if (troubled) return state.connection === "offline" ? "status_offline" : "status_connecting";
  return { waiting: "status_waiting", person: "status_person" }[chat.current?.state] || "status_bot";
}

// Tab stays inside while the panel covers the whole page.
function keepFocus(event, panel) {
  const stops = [...panel.querySelectorAll(FOCUSABLE)].filter((node) => node.offsetParent !== null && node.tabIndex >= 0);
  const at = stops.indexOf(panel.getRootNode().activeElement);
  const leaving = event.shiftKey ? at <= 0 : at === stops.length - 1;
  if (!leaving) return;
  event.preventDefault();
  stops.at(event.shiftKey ? -1 : 0)?.focus();
}

function PersonButton({ chat, words, sent }) {
  const state = chat.current?.state;
  const busy = state === "waiting" || state === "person";
  const label = { waiting: "asking_person", person: "with_person" }[state] || "ask_person";
  const ask = () => {
    if (busy) return;
    chat.send({ text: words("ask_person_text") });
    sent();
  };
  return html`<button class="person" type="button" aria-disabled=${busy ? "true" : "false"} onClick=${ask}><${Icon} name="person" size=${16} /><span>${words(label)}</span></button>`;
}

export function Panel({ chat, state, settings, words, phone, place, close }) {
  const composer = useRef(null);
  const [dropping, setDropping] = useState(false);
  const [nudge, setNudge] = useState(0);
  const pictures = usePictures(chat);
  const troubled = useLasting(state.connection !== "online" && state.connection !== "idle", BLIP_MS);
  const status = statusOf(state, chat, troubled);
  const sent = () => setNudge((count) => count + 1);

  // On a phone the keyboard would cover half of the greeting.
  useEffect(() => (phone ? place.current : composer.current)?.focus(), []);

  const onKeyDown = (event) => {
    if (event.key === "Escape" && !event.isComposing) {
      event.stopPropagation();
      close();
    }
    if (event.key === "Tab" && phone) keepFocus(event, place.current);
  };
  const hasFiles = (event) => [...(event.dataTransfer?.types || [])].includes("Files");
  const onDragOver = (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    setDropping(true);
  };
  const onDrop = (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    setDropping(false);
    pictures.add(picturesIn(event.dataTransfer));
  };
  const onDragLeave = (event) => !event.currentTarget.contains(event.relatedTarget) && setDropping(false);
  const answer = (button) => {
    chat.send({ text: button.title, payload: button.payload });
    sent();
    composer.current?.focus({ preventScroll: true });
  };

  return html`<section ref=${place} class=${`panel${phone ? " phone" : ""}`} role="dialog" aria-modal=${phone ? "true" : "false"} aria-labelledby="title" tabindex="-1"
      onKeyDown=${onKeyDown} onDragOver=${onDragOver} onDragLeave=${onDragLeave} onDrop=${onDrop}>
    <div class="header">
      <div class="heading">
        <h2 id="title">${settings.title || words("title")}</h2>
        <p class=${`status ${status}`} role="status">${words(status)}</p>
      </div>
      <${PersonButton} chat=${chat} words=${words} sent=${sent} />
      <button class="plain" type="button" aria-label=${words("close")} onClick=${close}><${Icon} name="close" /></button>
    </div>
    <${Log} chat=${chat} state=${state} settings=${settings} words=${words} nudge=${nudge} buttons=${underWay(state) ? [] : openButtons(chat.current)} answer=${answer} />
    <${Composer} chat=${chat} words=${words} field=${composer} pictures=${pictures} sent=${sent} />
    ${dropping && html`<div class="drop" aria-hidden="true">${words("picture_drop")}</div>`}
  </section>`;
}
