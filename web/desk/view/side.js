// The right pane: what is known of the customer, search, tickets, and the wrap-up.
import { html } from "htm/preact";
import { conversationOf } from "../state.js";
import { Context } from "./context.js";
import { Search } from "./search.js";
import { Tickets } from "./tickets.js";
import { WrapUp } from "./wrap_up.js";

const TABS = ["context", "search", "tickets", "wrap_up"];

function Tab({ name, which, desk, words }) {
  const here = which === name;
  const press = () => (name === "wrap_up" ? desk.wrapping.open() : desk.show(name));
  return html`<button type="button" role="tab" id=${`tab-${name}`} aria-selected=${here ? "true" : "false"} aria-controls="side-panel" tabindex=${here ? 0 : -1} onClick=${press}>${words(`tab_${name}`)}</button>`;
}

export function Side({ desk, state, words, places }) {
  const { selected } = state;
  const conversation = conversationOf(state);
  const tabs = TABS.filter((name) => name !== "wrap_up" || state.wraps[selected] || conversation?.holder === state.me.name);
  const which = tabs.includes(state.side) ? state.side : "context";
  const move = (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by) return;
    const next = tabs[(tabs.indexOf(which) + by + tabs.length) % tabs.length];
    event.currentTarget.querySelector(`#tab-${next}`).click();
    event.currentTarget.querySelector(`#tab-${next}`).focus();
  };
  return html`<section class="pane side" aria-label=${words("side")}>
    <h2 class="hidden">${words("side")}</h2>
    <div class="tabs" role="tablist" aria-label=${words("side")} onKeyDown=${move}>${tabs.map((name) => html`<${Tab} key=${name} name=${name} which=${which} desk=${desk} words=${words} />`)}</div>
    <div class="side-body" id="side-panel" role="tabpanel" aria-labelledby=${`tab-${which}`} tabindex="0">
      ${which === "context" && html`<${Context} key=${selected} desk=${desk} state=${state} words=${words} />`}
      ${which === "search" && html`<${Search} desk=${desk} state=${state} words=${words} field=${places.search} />`}
      ${which === "tickets" && html`<${Tickets} desk=${desk} words=${words} />`}
      ${which === "wrap_up" && html`<${WrapUp} key=${selected} id=${selected} desk=${desk} state=${state} words=${words} />`}
    </div>
  </section>`;
}
