// Import, with its dry run first, and export.
import { html } from "htm/preact";
import { useRef, useState } from "preact/hooks";
import { Icon } from "../../shared/icons.js";
import { api } from "../api.js";
import { Report } from "./report.js";

const TYPES = ".csv,.xlsx,.jsonl,.txt,text/csv,application/x-ndjson,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

function Choose({ editor, words }) {
  const input = useRef(null);
  const [over, setOver] = useState(false);
  const take = (files) => files?.[0] && editor.tryFile(files[0]);
  const dropped = (event) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files);
  };
  return html`<div class=${`drop${over ? " over" : ""}`} onDragOver=${(event) => (event.preventDefault(), setOver(true))} onDragLeave=${() => setOver(false)} onDrop=${dropped}>
    <p>${words("import_lead")}</p>
    <input ref=${input} id="import-file" class="hidden" type="file" tabindex="-1" aria-label=${words("choose_file")} accept=${TYPES} onChange=${(event) => take(event.currentTarget.files)} />
    <button type="button" class="primary" onClick=${() => input.current.click()}>${words("choose_file")}</button>
    <p class="hint">${words("import_hint")}</p>
  </div>`;
}

function Progress({ file, words }) {
  const { step, applying } = file;
  const known = step && step.total > 0;
  const label = step ? words.known("step", step.step) : words("step_sending");
  return html`<div class="progress" role="status"><p>${words(applying ? "applying" : "trying", { file: file.file.name })}</p>
    <progress aria-label=${label} max=${known ? step.total : undefined} value=${known ? step.done : undefined}></progress>
    <p class="soft">${label}${known ? ` ${step.done} / ${step.total}` : ""}</p></div>`;
}

function refusalSentence(file, words) {
  return words(words.has(file.problem) ? file.problem : "internal_error", { detail: words.reason(file.detail) });
}

function Import({ editor, state, words }) {
  const { file } = state;
  if (!file) return html`<${Choose} editor=${editor} words=${words} />`;
  if (file.busy) return html`<${Progress} file=${file} words=${words} />`;
  return html`${file.problem && html`<p class="refused" role="alert"><${Icon} name="warning" />${refusalSentence(file, words)}</p>`}
    ${file.report && html`<${Report} file=${file} editor=${editor} words=${words} />`}
    <p class="acts">
      <button type="button" class="quiet" onClick=${() => editor.forgetFile()}>${words(file.report?.applied ? "import_more" : "other_file")}</button>
      ${file.problem && file.problem !== "unreadable_file" && html`<button type="button" class="quiet" onClick=${() => editor.tryFile(file.file)}>${words("try_again")}</button>`}
      ${file.report && !file.report.applied && !file.problem && html`<button type="button" class="primary" disabled=${file.report.totals.broken > 0 || !(file.report.created + file.report.changed)} onClick=${() => editor.applyFile()}>${words("apply", { count: file.report.created + file.report.changed })}</button>`}
    </p>`;
}

export function FilesPane({ editor, state, words, narrow }) {
  return html`<section class="pane main" aria-label=${words("files")}>
    <header class="heading">${narrow && html`<button type="button" class="tool" aria-label=${words("back")} onClick=${() => editor.show({ pane: "left" })}><${Icon} name="back" /></button>`}<div><h2>${words("files")}</h2></div></header>
    <div class="scrolling files">
      <h3>${words("import")}</h3>
      <${Import} editor=${editor} state=${state} words=${words} />
      <h3>${words("export")}</h3>
      <p class="soft">${words("export_lead")}</p>
      <p class="exports">${[["xlsx", "export_xlsx"], ["csv", "export_csv"], ["jsonl", "export_jsonl"]].map(([format, key]) => html`<a key=${format} class="quiet" href=${api.exported(format)} download=${`articles.${format}`}><${Icon} name="down" size=${16} />${words(key)}</a>`)}</p>
    </div>
  </section>`;
}
