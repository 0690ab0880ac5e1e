// Keyboard shortcuts: all with Alt, so that none meets what is being typed.
import { useLayoutEffect } from "preact/hooks";
import { articleOf } from "./side.js";

export const SHORTCUTS = [
  ["Alt+J", "key_next"],
  ["Alt+K", "key_previous"],
  ["Alt+C", "key_claim"],
  ["Alt+M", "key_compose"],
  ["Alt+1…3", "key_insert"],
  ["Alt+S", "key_search"],
  ["Alt+T", "key_tickets"],
  ["Alt+R", "key_release"],
  ["Alt+W", "key_close"],
  ["Alt+/", "key_help"],
];

function move(desk, by) {
  const { waiting, held, selected } = desk.state;
  const ids = [...waiting.map((entry) => entry.conversation), ...held.map((item) => item.id)];
  if (!ids.length) return;
  const at = ids.indexOf(selected);
  desk.select(ids[at < 0 ? (by > 0 ? 0 : ids.length - 1) : (at + by + ids.length) % ids.length]);
}

// By the key's place, because Alt changes the letter on some keyboards.
function actions(desk, { composer, insert, search, ask }) {
  const { selected, transcripts, suggestions, me } = desk.state;
  const conversation = transcripts[selected]?.conversation;
  const mine = conversation?.state === "person" && conversation.holder === me.name;
  const suggest = (index) => {
    const reply = Array.isArray(suggestions) && suggestions[index];
    if (reply && mine) insert.current(reply.text, articleOf(reply));
  };
  return {
    KeyJ: () => move(desk, 1),
    KeyK: () => move(desk, -1),
    KeyC: () => conversation?.state === "waiting" && desk.claim(selected),
    KeyM: () => composer.current?.focus(),
    KeyS: () => {
      desk.set({ pane: "suggestions" });
      requestAnimationFrame(() => search.current?.focus());
    },
    KeyT: () => desk.set({ pane: "tickets" }),
    KeyR: () => mine && desk.release(selected),
    KeyW: () => mine && ask("close"),
    Slash: () => ask("shortcuts"),
    Digit1: () => suggest(0),
    Digit2: () => suggest(1),
    Digit3: () => suggest(2),
  };
}

export function useShortcuts(desk, places) {
  useLayoutEffect(() => {
    const pressed = (event) => {
      if (!event.altKey || event.ctrlKey || event.metaKey || document.querySelector("dialog[open]")) return;
      const action = actions(desk, places)[event.code];
      if (!action) return;
      event.preventDefault();
      action();
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, [desk]);
}
