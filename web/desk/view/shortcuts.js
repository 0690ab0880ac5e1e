// Keyboard shortcuts: with Alt, so that none meets what is being typed; `?` where nothing is typed; Escape leads back.
import { useLayoutEffect } from "preact/hooks";
import { conversationOf, isMine } from "../state.js";

export const SHORTCUTS = [
  [["Alt N"], "key_take_next"],
  [["Alt J", "Alt K"], "key_move"],
  [["Alt C"], "key_claim"],
  [["Alt M", "Esc"], "key_compose"],
  [["Alt 1", "2", "3"], "key_insert"],
  [["Alt ⇧ 1", "2", "3"], "key_send"],
  [["Alt 0"], "key_dismiss"],
  [["Alt B"], "key_better"],
  [["Alt S"], "key_search"],
  [["Alt I"], "key_context"],
  [["Alt T"], "key_tickets"],
  [["Alt X"], "key_transfer"],
  [["Alt R"], "key_release"],
  [["Alt W"], "key_wrap_up"],
  [["Ctrl ⏎"], "key_finish"],
  [["Alt ⇧ W"], "key_close"],
  [["Alt A"], "key_away"],
  [["?", "Alt /"], "key_help"],
];

const soon = (act) => requestAnimationFrame(() => requestAnimationFrame(act));

// By the key's place, because Alt changes the letter on some keyboards. With Shift: "shift KeyW".
function actions(desk, { field, search }) {
  const { state, suggesting } = desk;
  const { selected } = state;
  const mine = isMine(state);
  const ask = (kind) => mine && desk.set({ dialog: { kind, id: selected } });
  const insert = (index) => () => {
    const suggestion = suggesting.at(index);
    if (!suggestion) return;
    suggesting.inserted(suggestion);
    desk.writing.insert(selected, suggesting.sourceOf(suggestion));
  };
  const send = (index) => () => {
    const suggestion = suggesting.at(index);
    if (!suggestion) return;
    // One with gaps is for the field: what is missing is to be filled in.
    if (suggestion.missing?.length) insert(index)();
    else suggesting.send(suggestion);
  };
  const compose = () => {
    desk.set({ pane: selected ? "conversation" : state.pane });
    soon(() => field.current?.focus());
  };
  const improve = () => {
    const finding = mine && desk.checking.firstBetter(selected);
    if (finding) desk.writing.improve(selected, finding);
  };
  return {
    KeyN: () => desk.queue.next(),
    KeyJ: () => desk.move(1),
    KeyK: () => desk.move(-1),
    KeyC: () => conversationOf(state)?.state === "waiting" && desk.talks.claim(selected),
    KeyM: compose,
    KeyB: improve,
    KeyS: () => {
      desk.show("search");
      soon(() => search.current?.focus());
    },
    KeyI: () => desk.show("context"),
    KeyT: () => desk.show("tickets"),
    KeyX: () => ask("transfer"),
    KeyR: () => mine && desk.talks.release(selected),
    KeyW: () => desk.wrapping.open(),
    "shift KeyW": () => ask("close"),
    KeyA: () => desk.session.setPresence(!state.me.available),
    Slash: () => desk.set({ dialog: { kind: "shortcuts" } }),
    Digit1: insert(0),
    Digit2: insert(1),
    Digit3: insert(2),
    Digit0: () => suggesting.dismissAll(),
    "shift Digit1": send(0),
    "shift Digit2": send(1),
    "shift Digit3": send(2),
    back: () => (state.side === "wrap_up" ? desk.wrapping.leave() : compose()),
  };
}

const writes = (node) => node?.matches?.("input, textarea, select, [contenteditable]");

/** The name of what was pressed in the table above, or null. */
function nameOf(event) {
  if (event.isComposing || event.ctrlKey || event.metaKey || document.querySelector("dialog[open]")) return null;
  if (event.altKey) return event.shiftKey ? `shift ${event.code}` : event.code;
  if (event.key === "?" && !writes(event.target)) return "Slash";
  return event.key === "Escape" ? "back" : null;
}

export function useShortcuts(desk, places) {
  useLayoutEffect(() => {
    const pressed = (event) => {
      const action = actions(desk, places)[nameOf(event)];
      if (!action) return;
      event.preventDefault();
      action();
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, [desk]);
}
