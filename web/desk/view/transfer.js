// To whom a conversation goes on: the front of the queue, a colleague, or people with a skill; with a note for them.
import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { api } from "../api.js";
import { Dialog } from "./dialogs.js";

const QUEUE = "queue";

/** The chosen way as the server takes it. */
const whereTo = (choice) => (choice === QUEUE ? {} : { to: Object.fromEntries([choice.split(/:(.*)/s, 2)]) });

function useColleagues(desk) {
  const [known, setKnown] = useState(null);
  useEffect(() => {
    api.colleagues().then(setKnown, (refusal) => {
      desk.session.ended(refusal);
      setKnown({ colleagues: [], categories: [] });
    });
  }, []);
  return known;
}

function Choice({ value, choice, choose, children, disabled }) {
  return html`<label class=${`choice${disabled ? " barred" : ""}`}><input type="radio" name="where" value=${value} checked=${choice === value} disabled=${disabled} onChange=${() => choose(value)} /><span>${children}</span></label>`;
}

function Colleague({ colleague, choice, choose, words }) {
  const { name, display_name, available, held, capacity } = colleague;
  return html`<${Choice} value=${`agent:${name}`} choice=${choice} choose=${choose} disabled=${!available}>${display_name || name}<span class="soft small">${available ? words("load", { held, capacity }) : words("away")}</span><//>`;
}

export function TransferDialog({ desk, words, conversation, done }) {
  const known = useColleagues(desk);
  const [choice, choose] = useState(QUEUE);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState(null);
  const note = useRef(null);
  if (!conversation) return null;
  const submit = async (event) => {
    event?.preventDefault();
    if (busy) return;
    setBusy(true);
    const text = note.current.value.trim();
    setProblem(null);
    const refusal = await desk.talks.transfer(conversation.id, { ...whereTo(choice), ...(text ? { note: text } : {}) });
    if (refusal) {
      setBusy(false);
      return desk.session.ended(refusal) ? done() : setProblem(words.has(refusal.code) ? refusal.code : "internal_error");
    }
    done();
    desk.notices.toast("transferred", {}, "good");
    desk.talks.goOn();
  };
  const onKeyDown = (event) => !event.isComposing && event.key === "Enter" && (event.ctrlKey || event.metaKey) && submit(event);
  return html`<${Dialog} title=${words("transfer_title")} done=${done}>
    <form class="transfer" onSubmit=${submit} onKeyDown=${onKeyDown}>
      <fieldset><legend class="hidden">${words("transfer_to")}</legend>
        <${Choice} value=${QUEUE} choice=${choice} choose=${choose}>${words("to_queue")}<//>
        ${known === null && html`<p class="soft" role="status">${words("loading")}</p>`}
        ${known?.colleagues.length > 0 && html`<p class="group">${words("to_colleague")}</p>${known.colleagues.map((one) => html`<${Colleague} key=${one.name} colleague=${one} choice=${choice} choose=${choose} words=${words} />`)}`}
        ${known?.categories.length > 0 && html`<p class="group">${words("to_skill")}</p><div class="skills">${known.categories.map(({ id, title }) => html`<${Choice} key=${id} value=${`category:${id}`} choice=${choice} choose=${choose}>${title[words.language] ?? title.en ?? id}<//>`)}</div>`}
      </fieldset>
      <label for="transfer-note">${words("transfer_note")}</label>
      <textarea ref=${note} id="transfer-note" rows="3" maxlength="1000" placeholder=${words("transfer_note_hint")}></textarea>
      <p class="problem" role="alert">${problem && words(problem)}</p>
      <p class="dialog-acts"><button type="button" onClick=${done}>${words("cancel")}</button><button type="submit" class="primary" aria-disabled=${busy ? "true" : "false"}>${words("transfer")}<kbd aria-hidden="true">Ctrl ⏎</kbd></button></p>
    </form>
  <//>`;
}
