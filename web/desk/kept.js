// What this browser remembers of an agent's choices.

const PREFIX = "zhiban:desk:";

export function kept(name, fallback) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + name)) ?? fallback;
  } catch {
    return fallback;
  }
}

export function keep(name, value) {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // Denied storage: the choice lasts as long as the page.
  }
}
