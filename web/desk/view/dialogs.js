// Dialogs: the shortcuts, and the question before a conversation is closed.
import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import { SHORTCUTS } from "./shortcuts.js";

function Dialog({ title, done, children }) {
  const place = useRef(null);
  useEffect(() => {
    const before = document.activeElement;
    place.current.showModal();
    return () => before?.isConnected && before.focus();
  }, []);
  return html`<dialog ref=${place} aria-labelledby="dialog-title" onClose=${done} onClick=${(event) => event.target === place.current && done()}><div class="inside"><h2 id="dialog-title">${title}</h2>${children}</div></dialog>`;
}

export function ShortcutsDialog({ words, done }) {
  return html`<${Dialog} title=${words("shortcuts")} done=${done}>
    <dl class="keys">${SHORTCUTS.map(([keys, key]) => html`<div key=${key}><dt><kbd>${keys}</kbd></dt><dd>${words(key)}</dd></div>`)}</dl>
    <p class="dialog-acts"><button type="button" class="primary" onClick=${done}>${words("ok")}</button></p>
  <//>`;
}

export function CloseDialog({ words, done, confirm }) {
  const close = () => {
    done();
    confirm();
  };
  return html`<${Dialog} title=${words("close_ask")} done=${done}>
    <p>${words("close_text")}</p>
    <p class="dialog-acts"><button type="button" onClick=${done}>${words("cancel")}</button><button type="button" class="primary" onClick=${close}>${words("close")}</button></p>
  <//>`;
}
