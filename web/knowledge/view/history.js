// Every version of an article: who, when, what changed; any of them can come back.
import { html } from "htm/preact";
import { dayAndTime } from "../../shared/moments.js";
import { differing, emptyFields, fieldsOf } from "../draft.js";
import { fieldNames, personOf } from "./article.js";
import { Changes } from "./changes.js";

function Past({ past, before, current, place, one, editor, words }) {
  const fields = fieldsOf(past.article);
  const earlier = before ? fieldsOf(before.article) : emptyFields();
  const paths = differing(earlier, fields);
  return html`<li><details open=${place === 0}>
    <summary><strong>${words("version", { version: past.version })}</strong> <span>${personOf(past.by, words)}</span> <time datetime=${past.at} class="soft">${dayAndTime(past.at, words.language, Date.now())}</time>
      <span class="soft what">${!before ? words("first_version") : paths.length ? fieldNames(paths, words) : words("no_change")}</span></summary>
    <${Changes} paths=${paths} before=${earlier} after=${fields} words=${words} />
    ${!current && html`<p class="acts start"><button type="button" class="quiet small" disabled=${Boolean(one.busy) || editor.isDirty(one)} title=${editor.isDirty(one) ? words("save_first") : ""} onClick=${() => editor.restore(past)}>${words("restore", { version: past.version })}</button></p>`}
  </details></li>`;
}

export function History({ one, editor, words }) {
  const { versions } = one;
  if (!versions) return html`<p class="empty" role="status">${words("loading")}</p>`;
  return html`<ol class="history-list" aria-label=${words("history")}>${versions.map(
    (past, place) => html`<${Past} key=${past.version} past=${past} before=${versions[place + 1]} current=${past.version === one.version} place=${place} one=${one} editor=${editor} words=${words} />`,
  )}</ol>`;
}
