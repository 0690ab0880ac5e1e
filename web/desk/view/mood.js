// How the customer has felt from message to message: small marks in a row, told by shape as well as by colour.
import { html } from "htm/preact";

const MOST = 24;

/** Marks of the latest messages; where the mood changes, the mark leads there. */
export function Mood({ mood, desk, words }) {
  const latest = mood.over_time.slice(-MOST);
  const changes = (index) => index === 0 || latest[index - 1].mood !== latest[index].mood;
  return html`<div class="mood"><span class=${`mood-now ${mood.now}`}>${words(`mood_${mood.now}`)}</span>
    <span class="marks-row" role="group" aria-label=${words("mood_over_time")}>${latest.map((one, index) =>
      changes(index)
        ? html`<button key=${one.seq} type="button" class=${`dot-mood ${one.mood}`} aria-label=${words("mood_here", { mood: words(`mood_${one.mood}`) })} title=${words(`mood_${one.mood}`)} onClick=${() => desk.jump(one.seq)}></button>`
        : html`<span key=${one.seq} class=${`dot-mood ${one.mood}`}></span>`,
    )}</span></div>`;
}
