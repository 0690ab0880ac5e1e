// Short words to the agent about what did not work, read out by screen readers.
import { html } from "htm/preact";
import { Icon } from "../../shared/icons.js";

export function Toasts({ desk, toasts, words }) {
  return html`<div class="toasts" role="status" aria-live="polite">${toasts.map(
    (toast) => html`<div key=${toast.id} class="toast"><p>${words(words.has(toast.key) ? toast.key : "internal_error", toast.values)}</p>
      <button type="button" class="tool" aria-label=${words("dismiss")} onClick=${() => desk.dismiss(toast.id)}><${Icon} name="close" size=${16} /></button></div>`,
  )}</div>`;
}
