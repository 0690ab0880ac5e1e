// The head of a conversation: who, how they feel, the wish in one line, the clock, and what may be done.
import { html } from "htm/preact";
import { Icon } from "../../shared/icons.js";
import { dayAndTime, dayKey } from "../../shared/moments.js";
import { Clock } from "./clock.js";
import { LanguageTag } from "./waiting_entry.js";

/** Where it comes from; when it began only if that was not today: the transcript has the times. */
function about(conversation, words, narrow) {
  const channel = `channel_${conversation.channel}`;
  const told = words.has(channel) ? words(channel) : conversation.channel;
  const now = Date.now();
  const today = dayKey(conversation.opened_at) === dayKey(now);
  return narrow || today ? told : `${told} · ${dayAndTime(conversation.opened_at, words.language, now)}`;
}

export const isVerified = (context) => ["vouched", "ticked"].includes(context?.verified?.state);

function Act({ icon, label, keys, press, strong }) {
  return html`<button type="button" class=${`quiet act${strong ? " strong" : ""}`} title=${`${label} (${keys})`} onClick=${press}><${Icon} name=${icon} size=${16} /><span>${label}</span></button>`;
}

function MoodMark({ mood, words }) {
  if (!mood || mood === "calm") return null;
  return html`<span class=${mood === "angry" ? "mark-urgent" : "mark-uneasy"}>${words(`mood_${mood}`)}</span>`;
}

export function Head({ desk, state, transcript, mine, words, narrow }) {
  const { conversation } = transcript;
  const { id } = conversation;
  const context = state.contexts[id]?.data;
  const mood = context?.mood?.now;
  const name = context?.customer?.name || conversation.vouched_as || words("customer");
  const ask = (kind) => desk.set({ dialog: { kind, id } });
  return html`<header class="head">
    ${narrow && html`<button class="tool" type="button" aria-label=${words("back")} onClick=${() => desk.set({ pane: "lists" })}><${Icon} name="back" /></button>`}
    <div class="who">
      <h2><span class="name">${name}</span>${conversation.vip && html`<span class="mark-vip">VIP</span>`}${isVerified(context) && html`<span class="verified" title=${words("verified")}><${Icon} name="check" size=${14} /><span class="hidden">${words("verified")}</span></span>`}${!narrow && html`<${MoodMark} mood=${mood} words=${words} />`}</h2>
      <p><${LanguageTag} language=${conversation.language} words=${words} /> ${about(conversation, words, narrow)}</p>
    </div>
    ${mine && html`<${Clock} transcript=${transcript} wrap=${state.wraps[id]} target=${state.wraps[id]?.options?.target_seconds} words=${words} />`}
    ${mine && html`<div class="acts">
      <${Act} icon="transfer" label=${words("transfer")} keys="Alt+X" press=${() => ask("transfer")} />
      <${Act} icon="release" label=${words("release")} keys="Alt+R" press=${() => desk.talks.release(id)} />
      <${Act} icon="close" label=${words("close")} keys="Alt+Shift+W" press=${() => ask("close")} />
      <${Act} icon="done" label=${words("wrap_up")} keys="Alt+W" strong press=${() => desk.wrapping.open()} />
    </div>`}
    ${narrow && context?.wants && html`<button type="button" class="wish" onClick=${() => desk.show("context")}><span class="hidden">${words("wants")}</span><span class="preview">${context.wants.text}</span><${MoodMark} mood=${mood} words=${words} /></button>`}
  </header>`;
}
