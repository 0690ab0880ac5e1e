// One article: its heading, the form with its preview, or its history.
import { html } from "htm/preact";
import { Icon } from "../../shared/icons.js";
import { dayAndTime } from "../../shared/moments.js";
import { differing } from "../draft.js";
import { NEW } from "../editor.js";
import { Asked } from "./asked.js";
import { Conflict } from "./conflict.js";
import { Form } from "./form.js";
import { History } from "./history.js";
import { Preview } from "./preview.js";
import { Tabs } from "./tabs.js";

/** `texts.en.answer` as people say it: 回答（英语）. */
export function fieldName(path, words) {
  const [first, language, part] = path.split(".");
  return first === "texts" ? words("field_in", { field: words(part), language: words(language) }) : words(first);
}

export const fieldNames = (paths, words) => paths.map((path) => fieldName(path, words)).join(words("comma"));

export const personOf = (by, words) => (by === "shipped" ? words("shipped") : by || words("somebody"));

function Heading({ one, editor, words, narrow }) {
  const { fields } = one;
  const title = fields[`texts.${words.language}.question`] || fields["texts.zh-Hans.question"] || fields["texts.en.question"];
  return html`<header class="heading">
    ${narrow && html`<button type="button" class="tool" aria-label=${words("back")} onClick=${() => editor.show({ pane: "left" })}><${Icon} name="back" /></button>`}
    <div><h2>${(one.id !== NEW && title) || words("new_article")}</h2>
    ${one.id !== NEW && html`<p class="soft facts"><span class="id">${one.id}</span> ${words("version_by", { version: one.version, by: personOf(one.by, words), at: one.at ? dayAndTime(one.at, words.language, Date.now()) : "" })}</p>`}</div>
  </header>`;
}

function liveSentence(live, words) {
  if (live.later) return words("live_later", { day: live.later });
  if (live.over) return words("live_over", { day: live.over });
  if (live.late) return words("live_late");
  return words("live", { version: live.version, ms: live.ms });
}

function SaveBar({ one, editor, words }) {
  const changed = differing(one.saved, one.fields);
  const busy = Boolean(one.busy);
  let said = "";
  if (one.busy) said = words(one.busy);
  else if (one.missing.length) said = words("missing", { fields: fieldNames(one.missing, words) });
  else if (changed.length) said = words("changed", { fields: fieldNames(changed, words) });
  else if (one.live) said = (one.live.restored ? words("restored", { past: one.live.restored }) : "") + liveSentence(one.live, words);
  const good = !busy && !changed.length && one.live?.ms !== undefined;
  return html`<div class="save-bar">
    <div class="said" role="status"><p class=${good ? "good" : one.missing.length ? "problem" : ""}>${good && html`<${Icon} name="check" size=${18} />`}${said}</p>
      ${good && one.live.first && html`<p class="warned">${words("live_second", { question: one.live.first })}</p>`}</div>
    ${one.tab === "edit" && html`<button type="button" class="quiet" disabled=${busy || (!changed.length && one.id !== NEW)} onClick=${() => editor.undo()}>${words(one.id === NEW ? "discard" : "undo")}</button>
    <button type="button" class="primary" aria-disabled=${busy || (!changed.length && one.id !== NEW) ? "true" : "false"} aria-keyshortcuts="Control+S" onClick=${() => editor.save()}>${words("save")}</button>`}
  </div>`;
}

export function ArticlePane({ editor, state, words, narrow }) {
  const one = editor.article;
  if (!one) {
    return html`<section class="pane main" aria-label=${words("article")}><div class="nothing">${state.selected ? html`<p role="status">${words("loading")}</p>` : html`<${Icon} name="book" size=${40} /><p>${words("pick")}</p><p class="soft">${words("pick_hint")}</p>`}</div></section>`;
  }
  const tabs = [["edit", words("edit")], ["asked", words("asked_tab")], ["history", words("history")]];
  return html`<section class="pane main" aria-label=${words("article")}>
    <${Heading} one=${one} editor=${editor} words=${words} narrow=${narrow} />
    ${one.id !== NEW && html`<${Tabs} name="view" label=${words("article")} tabs=${tabs} value=${one.tab} choose=${(tab) => editor.showTab(tab)} />`}
    <div class="scrolling" id="view-panel" role=${one.id === NEW ? undefined : "tabpanel"} aria-labelledby=${one.id === NEW ? undefined : `view-${one.tab}`} tabindex="0">
      ${one.conflict && html`<${Conflict} one=${one} editor=${editor} words=${words} />`}
      ${one.tab === "history" && html`<${History} one=${one} editor=${editor} words=${words} />`}
      ${one.tab === "asked" && html`<${Asked} one=${one} editor=${editor} state=${state} words=${words} />`}
      ${one.tab === "edit" && html`<div class="bench"><${Form} key=${one.id} one=${one} editor=${editor} state=${state} words=${words} /><${Preview} one=${one} words=${words} /></div>`}
    </div>
    ${!one.conflict && (one.tab === "edit" || one.busy || one.live) && html`<${SaveBar} one=${one} editor=${editor} words=${words} />`}
  </section>`;
}
