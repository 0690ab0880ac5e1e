// The bar on top: who is on duty and the connection, am I here, and a menu with the page's own switches.
import { html } from "htm/preact";
import { dayAndTime } from "../../shared/moments.js";
import { Menu } from "./menu.js";

function dutySentence(duty, words) {
  if (!duty.open) return duty.opens_at ? words("duty_closed", { time: dayAndTime(duty.opens_at, words.language, Date.now()) }) : words("duty_closed_plain");
  return duty.agents.length ? words("duty_open", { count: duty.agents.length }) : words("duty_empty");
}

function Presence({ desk, me, words }) {
  return html`<button class="presence" type="button" role="switch" aria-checked=${me.available ? "true" : "false"} aria-label=${words("presence")} title=${words("presence_hint")} onClick=${() => desk.session.setPresence(!me.available)}>
    <span class="track"><span class="knob"></span></span><span aria-hidden="true">${words(me.available ? "present" : "away")}</span>
  </button>`;
}

export function TopBar({ desk, state, words }) {
  const { me, offline, troubled } = state;
  const bad = offline || troubled;
  const serves = !me.rights || me.rights.includes("conversations.serve");
  return html`<header class="top-bar desk-bar">
    <h1>${words("product")}</h1>
    <p class=${`duty${bad ? " bad" : ""}`} role="status"><span class=${`dot${me.duty.reachable && !bad ? " on" : ""}`}></span><span class="duty-words">${bad ? words(offline ? "offline" : "reconnecting") : dutySentence(me.duty, words)}</span></p>
    <span class="space"></span>
    ${serves && html`<${Presence} desk=${desk} me=${me} words=${words} />`}
    <${Menu} desk=${desk} state=${state} words=${words} />
  </header>`;
}
