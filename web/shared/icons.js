// Line icons on a 24 grid, drawn with currentColor; always beside a text or a label, so hidden from screen readers.
import { html } from "htm/preact";

const PATHS = {
  chat: "M4 5.5h16v11H9.5L5 20v-3.5H4zM8 9.5h8M8 12.5h5",
  close: "M6 6l12 12M18 6L6 18",
  send: "M4.5 12L20 4.5 15.5 20l-3.6-6.2zM20 4.5l-8.1 9.3",
  picture: "M4 5h16v14H4zM4 16l4.5-4.5 4 4 2.5-2.5 5 5M15.5 9.2h.01",
  person: "M12 12a3.6 3.6 0 1 0 0-7.2 3.6 3.6 0 0 0 0 7.2zM5 19.5c.8-3.4 3.4-5 7-5s6.2 1.6 7 5",
  bot: "M6 8.5h12v9.5H6zM12 8.5V5M10 5h4M9.5 12.5v1.5M14.5 12.5v1.5M3.5 12v3M20.5 12v3",
  clock: "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM12 8v4.2l2.8 1.8",
  check: "M5 12.5l4.5 4.5L19 7.5",
  warning: "M12 4.5L21 19.5H3zM12 10v4.5M12 17h.01",
  down: "M12 5v14M6 13l6 6 6-6",
  book: "M5 5.5c2.6-.7 5-.3 7 1.2v12c-2-1.5-4.4-1.9-7-1.2zM19 5.5c-2.6-.7-5-.3-7 1.2v12c2-1.5 4.4-1.9 7-1.2z",
  search: "M10.8 17.3a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.6 15.6L20 20",
  sound: "M4.5 9.5v5h3.2L12 18.5v-13L7.7 9.5zM15.5 9.2a4 4 0 0 1 0 5.6M18 6.8a7.4 7.4 0 0 1 0 10.4",
  mute: "M4.5 9.5v5h3.2L12 18.5v-13L7.7 9.5zM16 10l4.5 4.5M20.5 10L16 14.5",
  sun: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6L7 7M17 17l1.4 1.4M18.4 5.6L17 7M7 17l-1.4 1.4",
  moon: "M19.5 14.2A8 8 0 0 1 9.8 4.5a8 8 0 1 0 9.7 9.7z",
  keyboard: "M3.5 6.5h17v11h-17zM7 10h.01M10.3 10h.01M13.7 10h.01M17 10h.01M8 14h8",
  leave: "M13 4.5H5.5v15H13M10 12h10M16.5 8.5L20 12l-3.5 3.5",
  ticket: "M4 7h16v3.2a1.9 1.9 0 0 0 0 3.6V17H4v-3.2a1.9 1.9 0 0 0 0-3.6zM14 7.5v1.6M14 11.2v1.6M14 14.9v1.6",
  queue: "M5 7h14M5 12h14M5 17h9",
  bulb: "M9.5 17.5c0-2.2-2.7-3.4-2.7-7a5.2 5.2 0 1 1 10.4 0c0 3.6-2.7 4.8-2.7 7zM10 20.3h4",
  insert: "M10 6.5L4.5 12l5.5 5.5M5 12h14.5",
  back: "M14.5 5.5L8 12l6.5 6.5",
  retry: "M19 12a7 7 0 1 1-2-4.9L19.5 9.5M19.5 4.5v5h-5",
  remove: "M6 7h12M9.5 7V4.8h5V7M7.5 7l.8 12.2h7.4L16.5 7",
  more: "M6 12h.01M12 12h.01M18 12h.01",
  transfer: "M4 8.5h13M13.5 5l3.5 3.5L13.5 12M20 15.5H7M10.5 12L7 15.5l3.5 3.5",
  bell: "M6.5 16.5V11a5.5 5.5 0 0 1 11 0v5.5l1.5 1.5H5zM10 20.5h4",
  bolt: "M13 3.5L6 13.5h5L10.5 20.5 18 10.5h-5.5z",
  done: "M5 5h10.5M5 9.5h7M5 14h5M12 17l3 3 5.5-6.5",
  eye: "M3 12c2.3-4 5.3-6 9-6s6.7 2 9 6c-2.3 4-5.3 6-9 6s-6.7-2-9-6zM12 14.4a2.4 2.4 0 1 0 0-4.8 2.4 2.4 0 0 0 0 4.8z",
  release: "M8.5 7L4.5 11l4 4M4.5 11h9a6 6 0 0 1 6 6v1",
};

/** An icon by name; `size` in CSS pixels. */
export function Icon({ name, size = 20 }) {
  return html`<svg class="icon" width=${size} height=${size} viewBox="0 0 24 24" fill="none" stroke="currentColor"
    stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false"><path d=${PATHS[name]} /></svg>`;
}
