// What an import would do, or has done: figures, broken rows, collisions, changes.
import { html } from "htm/preact";
import { Icon } from "../../shared/icons.js";
import { fieldName, fieldNames } from "./article.js";

function Table({ title, total, columns, rows, words }) {
  if (!rows.length) return null;
  return html`<div class="table" role="region" aria-label=${title} tabindex="0"><table><caption>${title}<span class="number">${total}</span>${total > rows.length && html`<span class="soft"> ${words("first_of", { count: rows.length })}</span>`}</caption>
    <thead><tr>${columns.map((name) => html`<th key=${name} scope="col">${name}</th>`)}</tr></thead>
    <tbody>${rows.map((cells, place) => html`<tr key=${place}>${cells.map((cell, column) => html`<td key=${column}>${cell}</td>`)}</tr>`)}</tbody></table></div>`;
}

function Figures({ report, words }) {
  const figures = ["created", "changed", "unchanged"].map((key) => [words(`count_${key}`), report[key]]);
  return html`<dl class="figures">${[...figures, [words("count_broken"), report.totals.broken, report.totals.broken > 0]].map(
    ([name, count, bad]) => html`<div key=${name} class=${bad ? "bad" : ""}><dt>${name}</dt><dd>${count}</dd></div>`,
  )}</dl>
  <p class="soft">${words("file_facts", { format: report.format.toUpperCase(), encoding: words.known("encoding", report.encoding ?? "none"), rows: report.rows, articles: report.articles })}</p>`;
}

const columnName = (column, words) => (!column ? words("whole_row") : column.startsWith("texts.") ? fieldName(column, words) : words.known("column", column));

const percent = (share) => `${Math.round(share * 100)}%`;

export function Report({ file, editor, words }) {
  const { report } = file;
  const opens = (id, text = id) => html`<button type="button" class="link" onClick=${() => editor.open(id)}>${text}</button>`;
  return html`<div class="report">
    <h4>${report.applied ? html`<span class="good"><${Icon} name="check" size=${18} />${words("applied", { file: file.file.name })}</span>` : words("dry_run", { file: file.file.name })}</h4>
    <${Figures} report=${report} words=${words} />
    ${report.totals.broken > 0 && html`<p class="refused" role="alert"><${Icon} name="warning" />${words("broken_lead")}</p>`}
    <${Table} words=${words} title=${words("broken")} total=${report.totals.broken} columns=${["row", "column", "reason"].map((key) => words(key))}
      rows=${report.broken.map((one) => [one.row, columnName(one.column, words), words.reason(one.reason)])} />
    ${!report.applied && report.totals.collisions > 0 && html`<p class="warned">${words("collisions_lead")}</p>`}
    <${Table} words=${words} title=${words("collisions")} total=${report.totals.collisions} columns=${[words("row"), words("its_question"), words("like_question"), words("likeness")]}
      rows=${report.collisions.map((one) => [one.row, one.question, html`${one.with} <span class="id">${opens(one.article)}</span>`, one.same ? words("same") : percent(one.similarity)])} />
    <${Table} words=${words} title=${words(report.applied ? "changes_done" : "changes_coming")} total=${report.totals.changes} columns=${[words("article"), words("what"), words("fields")]}
      rows=${report.changes.map((one) => [one.what === "created" && !report.applied ? one.id : opens(one.id), words(`what_${one.what}`), one.what === "created" ? words("everything") : fieldNames(one.fields, words)])} />
  </div>`;
}
