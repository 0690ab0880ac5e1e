// What could be better in the reply, under the field: a line each, the worst first, with the better words where there are some.
import { html } from "htm/preact";

const MOST = 3;
const worstFirst = (one, other) => (one.severity === other.severity ? 0 : one.severity === "stop" ? -1 : 1);

export function Findings({ findings, words, mark, improve }) {
  const list = [...findings.list].sort(worstFirst).slice(0, MOST);
  const first = findings.list.find((finding) => finding.better != null);
  if (!list.length) return null;
  return html`<ul class="findings">${list.map((finding, index) => html`<li key=${`${finding.rule} ${index}`} class=${finding.severity}>
    <span class="severity">${words(`severity_${finding.severity}`)}</span>
    ${finding.words && html`<button type="button" class="link" title=${words("mark_words")} onClick=${() => mark(finding)}>${finding.words}</button>`}
    <span>${finding.why}</span>
    ${finding.better != null && html`<button type="button" class="better" onClick=${() => improve(finding)}>${finding === first && html`<kbd aria-hidden="true">Alt B</kbd>`}<span class="hidden">${words("improve")}</span>${finding.better}</button>`}
  </li>`)}</ul>`;
}
