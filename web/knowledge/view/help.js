// The dialog with the keyboard shortcuts.
import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import { SHORTCUTS } from "./shortcuts.js";

export function Help({ words, done }) {
  const place = useRef(null);
  useEffect(() => {
    const before = document.activeElement;
    place.current.showModal();
    return () => before?.isConnected && before.focus();
  }, []);
  return html`<dialog ref=${place} aria-labelledby="dialog-title" onClose=${done} onClick=${(event) => event.target === place.current && done()}><div class="inside"><h2 id="dialog-title">${words("shortcuts")}</h2>
    <dl class="keys">${SHORTCUTS.map(([keys, key]) => html`<div key=${key}><dt><kbd>${keys}</kbd></dt><dd>${words(key)}</dd></div>`)}</dl>
    <p class="dialog-acts"><button type="button" class="primary" onClick=${done}>${words("ok")}</button></p></div></dialog>`;
}
