// The fields of the wrap-up: each with its label, its value, where that comes from, and what is wrong with it.
import { html } from "htm/preact";
import { Icon } from "../../shared/icons.js";
import { isRequired, kindOf, problemsAt } from "../wrap_form.js";

export function Problems({ wrap, field }) {
  const list = problemsAt(wrap, field);
  return html`<span id=${`wrap-${field}-problems`} class="field-problems">${list.map((problem) => html`<span key=${problem.code} class=${problem.severity}>${problem.why}</span>`)}</span>`;
}

function Options({ tree }) {
  return tree.map((node) => (node.children?.length ? html`<optgroup key=${node.id} label=${node.title}><${Options} tree=${node.children} /></optgroup>` : html`<option key=${node.id} value=${node.id}>${node.title}</option>`));
}

export function Disposition({ id, wrap, wrapping, words }) {
  const wrong = problemsAt(wrap, "disposition").some((problem) => problem.severity === "stop");
  return html`<div class="form-row"><label for="wrap-disposition">${words("disposition")}${wrap.sure !== null && html`<span class="sure">${`${words("sure")} ${Math.round(wrap.sure * 100)}%`}</span>`}</label>
    <select id="wrap-disposition" name="disposition" required aria-invalid=${wrong ? "true" : "false"} aria-describedby="wrap-disposition-problems" value=${wrap.disposition} onChange=${(event) => wrapping.choose(id, event.currentTarget.value)}>
      <option value="">${words("choose")}</option><${Options} tree=${wrap.options.dispositions} />
    </select><${Problems} wrap=${wrap} field="disposition" /></div>`;
}

function Input({ field, value, wrap, attributes, write }) {
  const onInput = (event) => write(event.currentTarget.value);
  const all = { ...attributes, value, onInput };
  if (kindOf(field) === "choice") {
    return html`<select ...${all}><option value=""></option>${wrap.options.categories.map(({ id, title }) => html`<option key=${id} value=${id}>${title}</option>`)}</select>`;
  }
  if (kindOf(field) === "text") return html`<textarea ...${all} rows="2" maxlength="1000"></textarea>`;
  if (kindOf(field) === "moment") return html`<input ...${all} type="datetime-local" />`;
  return html`<input ...${all} type="text" maxlength="200" autocomplete="off" />`;
}

export function Field({ id, field, wrap, desk, words }) {
  const label = wrap.options.fields.find(({ name }) => name === field)?.label ?? words(`field_${field}`);
  const seq = wrap.seqs[field];
  const wrong = problemsAt(wrap, field).some((problem) => problem.severity === "stop");
  const attributes = {
    id: `wrap-${field}`,
    name: field,
    required: isRequired(wrap, field),
    "aria-invalid": wrong ? "true" : "false",
    "aria-describedby": `wrap-${field}-problems`,
    onBlur: () => desk.wrapping.left(id, field),
  };
  const source = seq && html`<button type="button" class="origin" title=${words("jump")} aria-label=${words("field_source", { label })} onClick=${() => desk.jump(seq)}><${Icon} name="eye" size=${14} /></button>`;
  return html`<div class=${`form-row of-${kindOf(field)}`}>
    <p class="label-line"><label for=${`wrap-${field}`}>${label}</label>${isRequired(wrap, field) && html`<span class="must" aria-hidden="true">*</span>`}${source}</p>
    <${Input} field=${field} value=${wrap.form[field]} wrap=${wrap} attributes=${attributes} write=${(value) => desk.wrapping.fill(id, field, value)} />
    <${Problems} wrap=${wrap} field=${field} /></div>`;
}
