// The middle pane: one conversation, what may be done with it, and the reply.
import { html } from "htm/preact";
import { Icon } from "../../shared/icons.js";
import { dayAndTime } from "../../shared/moments.js";
import { Composer } from "./composer.js";
import { Transcript } from "./transcript.js";

function about(conversation, words) {
  const channel = `channel_${conversation.channel}`;
  return [
    conversation.vouched_as,
    words.has(channel) ? words(channel) : conversation.channel,
    conversation.language && words(conversation.language),
    dayAndTime(conversation.opened_at, words.language, Date.now()),
  ]
    .filter(Boolean)
    .join(" · ");
}

function Head({ conversation, mine, desk, words, narrow, askClose }) {
  return html`<header class="head">
    ${narrow && html`<button class="tool" type="button" aria-label=${words("back")} onClick=${() => desk.set({ pane: "lists" })}><${Icon} name="back" /></button>`}
    <div class="who"><h2>${words("customer")}</h2><p>${about(conversation, words)}</p></div>
    ${mine && html`<div class="acts">
      <button type="button" class="quiet" onClick=${() => desk.release(conversation.id)}><${Icon} name="release" size=${16} />${words("release")}</button>
      <button type="button" class="quiet" onClick=${askClose}><${Icon} name="close" size=${16} />${words("close")}</button>
    </div>`}
  </header>`;
}

function Bar({ conversation, desk, words, me }) {
  if (conversation.state === "waiting") {
    return html`<div class="bar"><p>${words("claim_hint")}</p><button type="button" class="primary" onClick=${() => desk.claim(conversation.id)}>${words("claim")}</button></div>`;
  }
  const taken = conversation.holder && conversation.holder !== me.name;
  const key = taken ? "bar_taken" : { bot: "bar_bot", closed: "bar_closed" }[conversation.state] || "bar_gone";
  return html`<div class="bar"><p>${words(key, { holder: conversation.holder })}</p></div>`;
}

export function ConversationPane({ desk, state, words, narrow, composer, insert, askClose }) {
  const transcript = state.transcripts[state.selected];
  if (!state.selected || !transcript) {
    return html`<section class="pane conversation none" aria-label=${words("conversation")}>
      ${state.selected ? html`<p role="status">${words("loading")}</p>` : html`<p>${words("pick")}</p><p class="soft">${words("pick_hint")}</p>`}
    </section>`;
  }
  const { conversation } = transcript;
  const mine = conversation.state === "person" && conversation.holder === state.me.name;
  return html`<section class="pane conversation" aria-label=${words("conversation")}>
    <${Head} conversation=${conversation} mine=${mine} desk=${desk} words=${words} narrow=${narrow} askClose=${askClose} />
    <${Transcript} key=${conversation.id} desk=${desk} me=${state.me} transcript=${transcript} words=${words} typing=${state.typing === conversation.id} insert=${insert} />
    ${mine
      ? html`<${Composer} key=${conversation.id} id=${conversation.id} desk=${desk} words=${words} field=${composer} insert=${insert} />`
      : html`<${Bar} conversation=${conversation} desk=${desk} words=${words} me=${state.me} />`}
  </section>`;
}
