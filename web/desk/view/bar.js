// Below a conversation that I do not hold: what may be done with it.
import { html } from "htm/preact";
import { rightTo } from "../state.js";

function sentence(conversation, me, words) {
  const holder = conversation.display_name || conversation.holder;
  if (conversation.state === "person" && conversation.holder !== me.name) return words("bar_taken", { holder });
  const key = { waiting: "claim_hint", bot: "bar_bot", closed: "bar_closed" }[conversation.state] || "bar_gone";
  return words(key);
}

export function Bar({ conversation, wrap, desk, state, words }) {
  const { id } = conversation;
  const waits = conversation.state === "waiting";
  const open = ["person", "bot", "waiting"].includes(conversation.state);
  const mayTakeOver = open && rightTo(state, "conversations.take_over") && !waits;
  const mayWrapUp = conversation.state === "closed" && !wrap?.done && wasMine(state, id);
  return html`<div class="bar"><p>${sentence(conversation, state.me, words)}</p>
    ${mayTakeOver && html`<button type="button" class="quiet" onClick=${() => desk.set({ dialog: { kind: "take_over", id } })}>${words("take_over")}</button>`}
    ${mayWrapUp && html`<button type="button" class="quiet" onClick=${() => desk.wrapping.open()}>${words("wrap_up_late")}</button>`}
    ${waits && html`<button type="button" class="primary" onClick=${() => desk.talks.claim(id)}>${words("claim")}<kbd aria-hidden="true">Alt C</kbd></button>`}
  </div>`;
}

/** Whether I was the last who held it. */
function wasMine(state, id) {
  const taken = state.transcripts[id].events.filter((event) => event.type === "state" && event.to === "person");
  return taken.at(-1)?.holder === state.me.name;
}
