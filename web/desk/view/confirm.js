// Before a reply with a serious finding goes out: why it must, in the agent's words.
import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";

const SHORTEST = 4; // as the server insists on

export function Confirm({ stops, words, done, cancel }) {
  const field = useRef(null);
  const [reason, setReason] = useState("");
  const ready = reason.trim().length >= SHORTEST;
  useEffect(() => field.current.focus(), []);
  const onKeyDown = (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape") return void (event.stopPropagation(), cancel());
    if (event.key !== "Enter") return;
    event.preventDefault();
    if (ready) done(reason.trim());
  };
  return html`<div class="confirm" role="group" aria-label=${words("confirm_title")}>
    <p class="confirm-title">${words("confirm_title")}</p>
    <ul>${stops.map((finding, index) => html`<li key=${index}>${finding.words && html`<strong>${finding.words}</strong>`} ${finding.why}</li>`)}</ul>
    <label for="confirm-reason">${words("confirm_reason")}</label>
    <input ref=${field} id="confirm-reason" maxlength="500" value=${reason} placeholder=${words("confirm_placeholder")} onInput=${(event) => setReason(event.currentTarget.value)} onKeyDown=${onKeyDown} />
    <p class="dialog-acts"><button type="button" onClick=${cancel}>${words("confirm_back")}</button><button type="button" class="primary" aria-disabled=${ready ? "false" : "true"} onClick=${() => ready && done(reason.trim())}>${words("confirm_send")}</button></p>
  </div>`;
}
