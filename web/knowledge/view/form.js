// The form: wording by language, and for whom and when the article holds.
import { html } from "htm/preact";
import { linesOf } from "../draft.js";
import { NEW } from "../editor.js";
import { categoriesOf } from "./browse.js";
import { Tabs } from "./tabs.js";

const LANGUAGES = ["zh-Hans", "en", "zh-Hant"];
const FLOWS = ["check_order", "complain", "ask_person", "ticket_status"];

function Field({ path, one, editor, words, label, hint, rows, max, lang }) {
  const wrong = one.missing.includes(path);
  const shared = {
    id: path, lang, maxlength: max, value: one.fields[path] ?? "", "aria-invalid": wrong ? "true" : undefined, "aria-describedby": hint ? `${path}-hint` : undefined,
    onInput: (event) => editor.write(path, event.currentTarget.value),
  };
  return html`<div class="field"><label for=${path}>${label}</label>
    ${rows ? html`<textarea ...${shared} rows=${rows}></textarea>` : html`<input ...${shared} type="text" />`}
    ${hint && html`<p class="hint" id=${`${path}-hint`}>${hint}</p>`}
    ${wrong && html`<p class="hint problem">${words("needed")}</p>`}
  </div>`;
}

function Wording({ language, one, editor, words }) {
  const path = (part) => `texts.${language}.${part}`;
  const count = linesOf(one.fields[path("phrasings")] ?? "").length;
  const shared = { one, editor, words, lang: language };
  return html`<${Field} ...${shared} path=${path("question")} label=${words("question")} max=${300} />
    <${Field} ...${shared} path=${path("phrasings")} label=${words("phrasings")} rows=${Math.max(5, Math.min(14, count + 1))} hint=${words("phrasings_hint", { count })} />
    <${Field} ...${shared} path=${path("answer")} label=${words("answer")} rows=${10} max=${8000} hint=${words("markdown_hint")} />`;
}

function Derived({ one, words }) {
  const written = one.saved["texts.zh-Hant.question"];
  if (!one.derived) return html`<p class="hint">${words("derived_later")}</p>`;
  return html`<p class="hint">${words(written ? "hant_written" : "derived_hint")}</p>
    <div class="field"><p class="label">${words("question")}</p><p class="read-only" lang="zh-Hant">${one.derived.question}</p></div>
    <div class="field"><p class="label">${words("answer")}</p><p class="read-only" lang="zh-Hant">${one.derived.answer}</p></div>`;
}

function Category({ one, editor, state, words }) {
  const wrong = one.missing.includes("category");
  return html`<div class="field"><label for="category">${words("category")}</label>
    <input id="category" list="categories" value=${one.fields.category} maxlength="60" autocomplete="off" aria-invalid=${wrong ? "true" : undefined} onInput=${(event) => editor.write("category", event.currentTarget.value)} />
    <datalist id="categories">${categoriesOf(state.list).map((name) => html`<option key=${name} value=${name}>${words.known("category", name)}</option>`)}</datalist>
    <p class=${`hint${wrong ? " problem" : ""}`}>${wrong ? words("needed") : words.known("category", one.fields.category)}</p>
  </div>`;
}

function Choice({ path, one, editor, label, options, hint }) {
  return html`<div class="field"><label for=${path}>${label}</label>
    <select id=${path} value=${one.fields[path]} aria-describedby=${hint ? `${path}-hint` : undefined} onChange=${(event) => editor.write(path, event.currentTarget.value)}>${options.map(([value, text]) => html`<option key=${value} value=${value}>${text}</option>`)}</select>
    ${hint && html`<p class="hint" id=${`${path}-hint`}>${hint}</p>`}</div>`;
}

function Day({ path, one, editor, label, hint }) {
  return html`<div class="field"><label for=${path}>${label}</label><input id=${path} type="date" value=${one.fields[path]} aria-describedby=${`${path}-hint`} onInput=${(event) => editor.write(path, event.currentTarget.value)} /><p class="hint" id=${`${path}-hint`}>${hint}</p></div>`;
}

function Details({ one, editor, state, words }) {
  const flow = one.fields.flow;
  const flows = [["", words("no_flow")], ...[...new Set([...FLOWS, flow])].filter(Boolean).map((name) => [name, words.known("flow", name)])];
  const shared = { one, editor };
  return html`<fieldset class="details-grid"><legend>${words("details")}</legend>
    <${Category} ...${shared} state=${state} words=${words} />
    <${Choice} ...${shared} path="audience" label=${words("audience")} options=${["customer", "agent"].map((name) => [name, words(`audience_${name}`)])} hint=${words("audience_hint")} />
    <${Choice} ...${shared} path="flow" label=${words("flow")} options=${flows} hint=${words("flow_hint")} />
    <${Day} ...${shared} path="valid_from" label=${words("valid_from")} hint=${words("valid_from_hint")} />
    <${Day} ...${shared} path="valid_until" label=${words("valid_until")} hint=${words("valid_until_hint")} />
  </fieldset>`;
}

const isEmpty = (one, language) => !["question", "answer"].some((part) => (one.fields[`texts.${language}.${part}`] ?? "").trim());

export function Form({ one, editor, state, words }) {
  const tabs = LANGUAGES.map((language) => [
    language,
    words(language),
    language === "zh-Hant" ? html`<span class="tag">${words(one.saved["texts.zh-Hant.question"] ? "read_only" : "automatic")}</span>` : isEmpty(one, language) && html`<span class="tag">${words("empty")}</span>`,
  ]);
  const submit = (event) => {
    event.preventDefault();
    editor.save();
  };
  return html`<form class="form" onSubmit=${submit} aria-label=${words("edit")}>
    ${one.id === NEW && html`<${Details} one=${one} editor=${editor} state=${state} words=${words} />`}
    <${Tabs} name="language" label=${words("languages")} tabs=${tabs} value=${one.language} choose=${(language) => editor.change(one.id, { language })} />
    <div id="language-panel" role="tabpanel" aria-labelledby=${`language-${one.language}`}>
      ${one.language === "zh-Hant" ? html`<${Derived} one=${one} words=${words} />` : html`<${Wording} key=${one.language} language=${one.language} one=${one} editor=${editor} words=${words} />`}
    </div>
    ${one.id !== NEW && html`<${Details} one=${one} editor=${editor} state=${state} words=${words} />`}
    <button type="submit" hidden tabindex="-1">${words("save")}</button>
  </form>`;
}
