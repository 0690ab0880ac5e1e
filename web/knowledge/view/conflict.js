// Somebody else was faster: who, what they changed, and both versions side by side to choose from.
import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import { dayAndTime } from "../../shared/moments.js";
import { fieldName, fieldNames, personOf } from "./article.js";

function Side({ path, whose, text, conflict, editor, words }) {
  const chosen = conflict.choices[path] === whose;
  return html`<label class=${`side${chosen ? " chosen" : ""}`}>
    <span class="whose"><input type="radio" name=${`whose ${path}`} checked=${chosen} onChange=${() => editor.choose(path, whose)} />${words(whose, { by: personOf(conflict.by, words) })}</span>
    <span class="both" lang=${path.startsWith("texts.") ? path.split(".")[1] : undefined}>${text || words("nothing_there")}</span>
  </label>`;
}

export function Conflict({ one, editor, words }) {
  const { conflict, fields } = one;
  const place = useRef(null);
  useEffect(() => place.current.focus(), []);
  const by = personOf(conflict.by, words);
  return html`<section class="conflict" aria-labelledby="conflict-title" ref=${place} tabindex="-1">
    <h3 id="conflict-title"><span role="alert">${words("conflict", { by, at: conflict.at ? dayAndTime(conflict.at, words.language, Date.now()) : "", version: conflict.version })}</span></h3>
    <p>${words("conflict_changed", { by, fields: fieldNames(conflict.changed, words) || words("no_change") })} ${words("conflict_kept")}</p>
    ${conflict.paths.map(
      (path) => html`<fieldset key=${path}><legend>${fieldName(path, words)}</legend><div class="sides">
        <${Side} path=${path} whose="theirs" text=${conflict.theirs[path]} conflict=${conflict} editor=${editor} words=${words} />
        <${Side} path=${path} whose="mine" text=${fields[path]} conflict=${conflict} editor=${editor} words=${words} />
      </div></fieldset>`,
    )}
    <p class="acts"><button type="button" class="quiet" onClick=${() => editor.takeTheirs()}>${words("take_theirs")}</button>
      <button type="button" class="primary" onClick=${() => editor.saveJoined()}>${words("save_joined")}</button></p>
  </section>`;
}
