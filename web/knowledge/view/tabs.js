// A row of tabs: arrow keys move, one of them is in the order of the Tab key.
import { html } from "htm/preact";
import { useRef } from "preact/hooks";

/** `tabs`: `[[value, label, extra?], ...]`; each controls the element `${name}-panel`. */
export function Tabs({ name, label, tabs, value, choose }) {
  const row = useRef(null);
  const moved = (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const at = tabs.findIndex(([one]) => one === value);
    const next = (at + by + tabs.length) % tabs.length;
    choose(tabs[next][0]);
    row.current.children[next].focus();
  };
  return html`<div class="tab-row" role="tablist" aria-label=${label} ref=${row} onKeyDown=${moved}>${tabs.map(
    ([one, text, extra]) => html`<button key=${one} type="button" role="tab" id=${`${name}-${one}`} aria-selected=${one === value ? "true" : "false"} aria-controls=${`${name}-panel`} tabindex=${one === value ? 0 : -1} onClick=${() => choose(one)}>${text}${extra}</button>`,
  )}</div>`;
}
