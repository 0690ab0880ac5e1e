// The left pane's other half: ask as a customer does, and see what is answered and why.
import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import { Icon } from "../../shared/icons.js";

const percent = (share) => `${Math.round(share * 100)}%`;

function Bar({ label, share, title }) {
  return html`<div class="bar"><dt>${label}</dt><dd title=${title}><span class="rail" aria-hidden="true"><span style=${`width:${Math.max(0, Math.min(1, share)) * 100}%`}></span></span><span class="figure">${share.toFixed(2)}</span></dd></div>`;
}

/** The parts of the score: the ones we know first, then whatever else the server gives as a number. */
function Why({ why, words }) {
  if (!why) return html`<p class="soft">${words("why_unknown")}</p>`;
  const nearest = why.phrasing && typeof why.phrasing === "object" ? why.phrasing : null;
  const numbers = Object.entries(why).filter(([, value]) => typeof value === "number");
  return html`${nearest && html`<p class="nearest"><span class="soft">${words("why_nearest")}</span> <q>${nearest.text}</q></p>`}
    <dl class="bars">
      ${nearest && html`<${Bar} label=${words("why_phrasing")} share=${nearest.similarity} title=${words("why_phrasing_long")} />`}
      ${numbers.map(([key, value]) => html`<${Bar} key=${key} label=${words.known("why", key)} share=${value} title=${words.has(`why_${key}_long`) ? words(`why_${key}_long`) : ""} />`)}
    </dl>`;
}

function Found({ one, rank, q, editor, state, words }) {
  const selected = state.selected === one.id && state.main === "article";
  return html`<li class=${`found${selected ? " selected" : ""}`}>
    <h2><button type="button" class="link" onClick=${() => editor.open(one.id)}><span class="rank">${rank}</span>${one.question}</button></h2>
    <p class="sure-line"><span class="rail" aria-hidden="true"><span style=${`width:${one.confidence * 100}%`}></span></span><span>${words("confidence", { percent: percent(one.confidence) })}</span></p>
    <details open=${rank === 1}><summary>${words("why")}<span class="hidden">${one.question}</span></summary><${Why} why=${one.why} words=${words} /></details>
    <p class="acts"><button type="button" class="quiet small" onClick=${() => editor.addPhrasing(one.id, q)}>${words("add_phrasing")}<span class="hidden">${one.question}</span></button></p>
  </li>`;
}

const ICONS = { answer: "check", choice: "queue", unknown: "person" };

function Outcome({ asked, editor, words }) {
  const { outcome } = asked.found;
  return html`<div class=${`outcome ${outcome}`}><${Icon} name=${ICONS[outcome] ?? "bulb"} /><p><strong>${words(`outcome_${outcome}`)}</strong><br /><span>${words(`outcome_${outcome}_long`)}</span></p></div>
    ${outcome !== "answer" && html`<p class="acts start"><button type="button" class="quiet small" onClick=${() => editor.create(asked.q)}>${words("create_from")}</button></p>`}`;
}

function Results({ asked, editor, state, words }) {
  if (!asked) return html`<p class="empty">${words("ask_lead")}</p>`;
  if (asked.problem) return html`<p class="empty problem">${words(words.has(asked.problem) ? asked.problem : "internal_error")}</p>`;
  if (!asked.found) return html`<p class="empty">${words("asking")}</p>`;
  return html`<div class=${asked.busy ? "stale" : ""}><${Outcome} asked=${asked} editor=${editor} words=${words} />
    <ol class="finds" aria-label=${words("found")}>${asked.found.articles.map((one, place) => html`<${Found} key=${one.id} one=${one} rank=${place + 1} q=${asked.q} editor=${editor} state=${state} words=${words} />`)}</ol></div>`;
}

export function Ask({ editor, state, words, askField }) {
  const { asked, askAs } = state;
  const field = useRef(null);
  useEffect(() => {
    if (asked && field.current.value.trim() !== asked.q) field.current.value = asked.q;
  }, [asked?.q]);
  const put = (element) => (askField.current = field.current = element);
  const again = (change) => {
    editor.set({ askAs: { ...askAs, ...change } });
    if (field.current.value.trim()) editor.ask(field.current.value);
  };
  const submit = (event) => {
    event.preventDefault();
    editor.ask(field.current.value);
  };
  return html`<form class="looking-for" role="search" onSubmit=${submit}>
      <div class="with-button"><input ref=${put} type="search" aria-label=${words("ask_field")} placeholder=${words("ask_placeholder")} maxlength="500" enterkeyhint="search" />
      <button class="tool" type="submit" aria-label=${words("ask_now")}><${Icon} name="search" /></button></div>
      <div class="pair">
        <select aria-label=${words("ask_language")} value=${askAs.language} onChange=${(event) => again({ language: event.currentTarget.value })}>
          <option value="">${words("any_language")}</option>${["zh-Hans", "zh-Hant", "en"].map((one) => html`<option key=${one} value=${one}>${words(one)}</option>`)}
        </select>
        <select aria-label=${words("ask_audience")} value=${askAs.audience} onChange=${(event) => again({ audience: event.currentTarget.value })}>
          ${["customer", "agent"].map((one) => html`<option key=${one} value=${one}>${words(`as_${one}`)}</option>`)}
        </select>
      </div>
    </form>
    <div role="region" aria-label=${words("ask_results")} aria-live="polite" aria-busy=${asked?.busy ? "true" : "false"}><${Results} asked=${asked} editor=${editor} state=${state} words=${words} /></div>`;
}
