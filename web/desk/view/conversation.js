// The middle pane: one conversation, what may be done with it, suggestions, and the reply.
import { html } from "htm/preact";
import { isMine } from "../state.js";
import { Bar } from "./bar.js";
import { Composer } from "./composer.js";
import { Head } from "./head.js";
import { Suggestions } from "./suggestions.js";
import { Transcript } from "./transcript.js";

export function ConversationPane({ desk, state, words, narrow, places }) {
  const transcript = state.transcripts[state.selected];
  if (!state.selected || !transcript) {
    return html`<section class="pane conversation none" aria-label=${words("conversation")}>
      ${state.selected ? html`<p role="status">${words("loading")}</p>` : html`<p>${words("pick")}</p><p class="soft">${words("pick_hint")}</p>`}
    </section>`;
  }
  const { conversation } = transcript;
  const { id } = conversation;
  const mine = isMine(state);
  const jump = state.jump?.id === id ? state.jump : null;
  return html`<section class="pane conversation" aria-label=${words("conversation")}>
    <${Head} key=${`head ${id}`} desk=${desk} state=${state} transcript=${transcript} mine=${mine} words=${words} narrow=${narrow} />
    <${Transcript} key=${id} desk=${desk} me=${state.me} transcript=${transcript} words=${words} typing=${state.typing === id} jump=${jump} log=${places.log} />
    ${mine && html`<${Suggestions} key=${`suggestions ${id}`} desk=${desk} suggestions=${state.suggestions} words=${words} />`}
    ${mine
      ? html`<${Composer} key=${id} id=${id} desk=${desk} state=${state} words=${words} field=${places.field} log=${places.log} />`
      : html`<${Bar} conversation=${conversation} wrap=${state.wraps[id]} desk=${desk} state=${state} words=${words} />`}
  </section>`;
}
