// What colleagues hold, for those who may look and step in.
import { html } from "htm/preact";
import { useEffect } from "preact/hooks";
import { elapsed } from "../../shared/moments.js";
import { LanguageTag } from "./waiting_entry.js";

const REFRESH_MS = 15_000;

function Holding({ held, desk, selected, words }) {
  const who = held.agent.display_name || held.agent.name;
  const long = elapsed(held.seconds * 1000);
  return html`<li class=${`entry${selected ? " selected" : ""}`}><button class="open" type="button" aria-current=${selected ? "true" : undefined} onClick=${() => desk.talks.select(held.conversation)}>
    <span class="line"><span class="reason">${who}</span><span class="soft small" aria-label=${words("held_for", { time: long })}>${long}</span></span>
    <span class="line second"><span class="preview">${held.preview || words("no_text_yet")}</span><${LanguageTag} language=${held.language} words=${words} /></span>
  </button></li>`;
}

export function Colleagues({ desk, state, words }) {
  const { others, selected } = state;
  const open = others !== null;
  useEffect(() => {
    if (!open) return;
    const timer = setInterval(() => desk.queue.lookAtOthers(), REFRESH_MS);
    return () => clearInterval(timer);
  }, [open]);
  return html`<h2 class="foldable"><button type="button" aria-expanded=${open ? "true" : "false"} onClick=${() => (open ? desk.queue.hideOthers() : desk.queue.lookAtOthers())}>${words("colleagues_hold")}</button>${open && html`<span class="number">${others.length}</span>`}</h2>
    ${open && (others.length ? html`<ul>${others.map((held) => html`<${Holding} key=${held.conversation} held=${held} desk=${desk} selected=${held.conversation === selected} words=${words} />`)}</ul>` : html`<p class="empty">${words("colleagues_hold_none")}</p>`)}`;
}
