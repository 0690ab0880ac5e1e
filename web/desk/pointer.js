// Whether something is being pressed just now: what moves the page must not slip a button away from under a finger.

const AFTER_MS = 50; // the click comes just after the pointer has gone up
let pressed = false;
let waiting = [];

function release() {
  pressed = false;
  const those = waiting;
  waiting = [];
  setTimeout(() => those.forEach((go) => go()), AFTER_MS);
}

window.addEventListener("pointerdown", () => (pressed = true), true);
window.addEventListener("pointerup", release, true);
window.addEventListener("pointercancel", release, true);
window.addEventListener("blur", release);

/** Resolves at once, or when what is being pressed has been let go and its click has happened. */
export const released = () => (pressed ? new Promise((go) => waiting.push(go)) : Promise.resolve());
