// Keyboard shortcuts: with Alt, so that none meets what is being typed; Ctrl+S saves, as everywhere.
import { useEffect } from "preact/hooks";

export const SHORTCUTS = [
  ["Ctrl+S", "key_save"],
  ["Alt+S", "key_ask"],
  ["Alt+F", "key_filter"],
  ["Alt+N", "new_article"],
  ["Alt+H", "key_history"],
  ["Alt+I", "files"],
  ["Alt+/", "key_help"],
];

function actions(editor, { askField, filterField, help }) {
  const toField = (left, field) => {
    editor.set({ left, pane: "left" });
    requestAnimationFrame(() => field.current?.focus());
  };
  return {
    KeyS: () => toField("ask", askField),
    KeyF: () => toField("browse", filterField),
    KeyN: () => editor.create(),
    KeyH: () => editor.article && editor.showTab(editor.article.tab === "history" ? "edit" : "history"),
    KeyI: () => editor.show({ main: "files", pane: "main" }),
    Slash: help,
  };
}

export function useShortcuts(editor, places) {
  useEffect(() => {
    const pressed = (event) => {
      if (document.querySelector("dialog[open]")) return;
      const saves = (event.ctrlKey || event.metaKey) && !event.altKey && event.code === "KeyS";
      const action = saves ? () => editor.save() : event.altKey && !event.ctrlKey && !event.metaKey && actions(editor, places)[event.code];
      if (!action) return;
      event.preventDefault();
      action();
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, [editor]);
}
