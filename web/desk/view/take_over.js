// Before somebody with the right to do so steps in: the colleague is told, with a note.
import { html } from "htm/preact";
import { useRef } from "preact/hooks";
import { Dialog } from "./dialogs.js";

export function TakeOverDialog({ desk, words, conversation, done }) {
  const note = useRef(null);
  if (!conversation) return null;
  const holder = conversation.display_name || conversation.holder;
  const submit = (event) => {
    event.preventDefault();
    const text = note.current.value.trim();
    done();
    desk.talks.takeOver(conversation.id, text);
  };
  return html`<${Dialog} title=${words("take_over_title")} done=${done}>
    <form class="transfer" onSubmit=${submit}>
      <p>${conversation.state === "person" ? words("take_over_text", { holder }) : words("take_over_bot")}</p>
      <label for="take-over-note">${words("take_over_note")}</label>
      <textarea ref=${note} id="take-over-note" rows="2" maxlength="1000"></textarea>
      <p class="dialog-acts"><button type="button" onClick=${done}>${words("cancel")}</button><button type="submit" class="primary">${words("take_over")}</button></p>
    </form>
  <//>`;
}
