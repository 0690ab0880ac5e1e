// One customer in the queue: why, since when, in which language, what they wrote last, and for whom.
import { html } from "htm/preact";
import { elapsed } from "../../shared/moments.js";

export const languageTag = (language) => ({ "zh-Hans": "简", "zh-Hant": "繁", en: "EN" })[language] || "";

export function LanguageTag({ language, words }) {
  return language && html`<span class="tag" title=${words(language)}><span aria-hidden="true">${languageTag(language)}</span><span class="hidden">${words(language)}</span></span>`;
}

/** Short marks, the most urgent first: [class, words]. */
export function marksOf(entry, words) {
  const reason = `reason_${entry.reason}`;
  const upset = entry.mood === "angry" || entry.reason === "insult";
  return [
    entry.reason === "complaint" && ["urgent", words(reason)],
    upset && ["urgent", words("mood_angry")],
    entry.mood === "annoyed" && !upset && ["uneasy", words("mood_annoyed")],
    entry.vip && ["vip", "VIP"],
    !["complaint", "insult"].includes(entry.reason) && words.has(reason) && ["plain", words(reason)],
  ].filter(Boolean);
}

function note(entry, words) {
  if (entry.note) return words(entry.transferred_by ? "note_from" : "note_plain", { who: entry.transferred_by, note: entry.note });
  if (entry.transferred_by) return words("transferred_from", { who: entry.transferred_by });
  return entry.yours ? words("had_before") : "";
}

function Offer({ entry, desk, words, now }) {
  const left = Math.max(0, Math.ceil((Date.parse(entry.offered.until) - now) / 1000));
  return html`<p class="offer"><span>${words("offered", { seconds: left })}</span><button type="button" class="quiet" onClick=${() => desk.queue.decline(entry)}>${words("decline")}</button></p>`;
}

export function Waiting({ entry, taken, desk, selected, words, now }) {
  const waited = elapsed(now - Date.parse(entry.since));
  const mine = entry.offered?.to === "you";
  const told = note(entry, words);
  const barred = entry.may_take === false;
  return html`<li class=${`entry waits${selected && !entry.gone ? " selected" : ""}${mine ? " offered" : ""}${entry.gone ? " gone" : ""}`}>
    <div class="entry-row">
      <button class="open" type="button" disabled=${entry.gone} aria-current=${selected ? "true" : undefined} onClick=${() => desk.talks.select(entry.conversation)}>
        <span class="line"><span class="marks">${marksOf(entry, words).map(([kind, mark]) => html`<span key=${mark} class=${`mark-${kind}`}>${mark}</span>`)}</span><time class="since" datetime=${entry.since} aria-label=${words("waited", { time: waited })}>${waited}</time></span>
        <span class="line second"><span class="preview">${entry.preview || words("no_text_yet")}</span><${LanguageTag} language=${entry.language} words=${words} /></span>
        ${told && html`<span class="note">${told}</span>`}
      </button>
      ${entry.gone
        ? html`<span class="soft went">${words(taken ? "gone_to_you" : "gone")}</span>`
        : barred
          ? html`<span class="soft went">${words(entry.offered ? "offered_to_colleague" : "not_for_you")}</span>`
          : html`<button class="claim" type="button" onClick=${() => desk.talks.claim(entry.conversation)}>${words("claim")}<span class="hidden">${entry.preview}</span></button>`}
    </div>
    ${mine && !entry.gone && html`<${Offer} entry=${entry} desk=${desk} words=${words} now=${now} />`}
  </li>`;
}
