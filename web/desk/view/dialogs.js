// Dialogs: the frame of each, the shortcuts, and the question before a conversation is closed without a wrap-up.
import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import { SHORTCUTS } from "./shortcuts.js";

/** `toRead`: the focus goes to the title, so that a long one begins at its top. */
export function Dialog({ title, done, toRead = false, children }) {
  const place = useRef(null);
  useEffect(() => {
    const before = document.activeElement;
    place.current.showModal();
    return () => before?.isConnected && before.focus();
  }, []);
  return html`<dialog ref=${place} aria-labelledby="dialog-title" onClose=${done} onClick=${(event) => event.target === place.current && done()}><div class="inside"><h2 id="dialog-title" tabindex=${toRead ? -1 : undefined} autofocus=${toRead}>${title}</h2>${children}</div></dialog>`;
}

export function ShortcutsDialog({ words, done }) {
  return html`<${Dialog} title=${words("shortcuts")} done=${done} toRead>
    <dl class="keys">${SHORTCUTS.map(([keys, key]) => html`<div key=${key}><dt>${keys.map((one) => html`<kbd key=${one}>${one}</kbd>`)}</dt><dd>${words(key)}</dd></div>`)}</dl>
    <p class="dialog-acts"><button type="button" class="primary" onClick=${done}>${words("ok")}</button></p>
  <//>`;
}

export function CloseDialog({ desk, words, conversation, done }) {
  const close = async () => {
    done();
    if (await desk.talks.close(conversation.id)) desk.talks.goOn();
  };
  return html`<${Dialog} title=${words("close_ask")} done=${done}>
    <p>${words("close_text")}</p>
    <p class="dialog-acts"><button type="button" onClick=${done}>${words("cancel")}</button><button type="button" class="primary" onClick=${close}>${words("close")}</button></p>
  <//>`;
}
