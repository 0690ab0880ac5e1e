// Short words to the agent, about what did not work and what did, read out by screen readers.
import { html } from "htm/preact";
import { Icon } from "../../shared/icons.js";
import { elapsed } from "../../shared/moments.js";

/** Lengths in seconds, as the sentences say them. */
function told(values = {}) {
  const { total_seconds: time, target_seconds: target } = values;
  return time === undefined ? values : { ...values, time: elapsed(time * 1000), target: elapsed(target * 1000) };
}

export function Toasts({ desk, toasts, words }) {
  return html`<div class="toasts" role="status" aria-live="polite">${toasts.map(
    (toast) => html`<div key=${toast.id} class=${`toast ${toast.tone ?? "trouble"}`}><p>${words(words.has(toast.key) ? toast.key : "internal_error", told(toast.values))}</p>
      <button type="button" class="tool" aria-label=${words("dismiss")} onClick=${() => desk.dismiss(toast.id)}><${Icon} name="close" size=${16} /></button></div>`,
  )}</div>`;
}
