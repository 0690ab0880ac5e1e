// The left pane's list: every article by category, with a filter.
import { html } from "htm/preact";
import { useMemo, useState } from "preact/hooks";
import { NEW } from "../editor.js";

const AT_ONCE = 200;

export const titleOf = (question, language) => question[language === "en" ? "en" : "zh-Hans"] ?? question["zh-Hans"] ?? Object.values(question)[0] ?? "";

const today = () => new Date().toLocaleDateString("sv");

export function Tags({ article, words }) {
  const now = today();
  return html`<span class="tags">
    ${article.audience === "agent" && html`<span class="tag">${words("audience_agent_short")}</span>`}
    ${article.valid_from > now && html`<span class="tag warn">${words("not_yet")}</span>`}
    ${article.valid_until && article.valid_until < now && html`<span class="tag warn">${words("over")}</span>`}
    ${article.question && !article.question.en && html`<span class="tag warn">${words("no_english")}</span>`}
  </span>`;
}

function Entry({ article, editor, state, words }) {
  const opened = state.opened[article.id];
  const dirty = opened && editor.isDirty(opened);
  const selected = state.selected === article.id && state.main === "article";
  return html`<li class=${`entry${selected ? " selected" : ""}`}>
    <button class="open" type="button" aria-current=${selected ? "true" : undefined} onClick=${() => editor.open(article.id)}>
      <span class="line second"><span class="preview strong">${titleOf(article.question, words.language)}</span>${dirty && html`<span class="unsaved" title=${words("unsaved")}><span class="hidden">${words("unsaved")}</span></span>`}<${Tags} article=${article} words=${words} /></span>
    </button>
  </li>`;
}

function matching(list, filter, category) {
  const wanted = filter.trim().toLowerCase();
  return list.filter(
    (one) => (!category || one.category === category) && (!wanted || [one.id, ...Object.values(one.question)].some((text) => text.toLowerCase().includes(wanted))),
  );
}

export function categoriesOf(list) {
  return [...new Set((list ?? []).map((one) => one.category))].sort();
}

function Groups({ found, shown, editor, state, words }) {
  const groups = new Map();
  for (const one of found.slice(0, shown)) groups.set(one.category, [...(groups.get(one.category) ?? []), one]);
  return [...groups].map(
    ([category, articles]) => html`<section key=${category} aria-label=${words.known("category", category)}>
      <h2>${words.known("category", category)}<span class="number">${found.filter((one) => one.category === category).length}</span></h2>
      <ul>${articles.map((article) => html`<${Entry} key=${article.id} article=${article} editor=${editor} state=${state} words=${words} />`)}</ul>
    </section>`,
  );
}

export function Browse({ editor, state, words, filterField }) {
  const { list, filter, category } = state;
  const [shown, setShown] = useState(AT_ONCE);
  const found = useMemo(() => [...matching(list ?? [], filter, category)].sort((one, other) => one.category.localeCompare(other.category)), [list, filter, category]);
  const fresh = state.opened[NEW];
  return html`<div class="looking-for">
      <input ref=${filterField} type="search" aria-label=${words("filter")} placeholder=${words("filter")} value=${filter} maxlength="200" onInput=${(event) => editor.set({ filter: event.currentTarget.value })} />
      <select aria-label=${words("category")} value=${category} onChange=${(event) => editor.set({ category: event.currentTarget.value })}>
        <option value="">${words("all_categories")}</option>
        ${categoriesOf(list).map((one) => html`<option key=${one} value=${one}>${words.known("category", one)}</option>`)}
      </select>
    </div>
    <p class="empty" role="status">${list === null ? words("loading") : words(found.length === 1 ? "one_article" : "articles", { count: found.length })}</p>
    ${fresh && html`<ul><li class=${`entry${state.selected === NEW ? " selected" : ""}`}><button class="open" type="button" onClick=${() => editor.open(NEW)}><span class="line second"><span class="preview strong">${words("new_article")}</span><span class="unsaved"><span class="hidden">${words("unsaved")}</span></span></span></button></li></ul>`}
    <${Groups} found=${found} shown=${shown} editor=${editor} state=${state} words=${words} />
    ${found.length > shown && html`<p class="more"><button type="button" class="quiet" onClick=${() => setShown(shown + AT_ONCE)}>${words("show_more", { count: found.length - shown })}</button></p>`}`;
}
