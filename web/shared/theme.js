// Before the first paint: the theme that was chosen on this browser, else the system's.

const KEPT = "zhiban:theme";
const dark = matchMedia("(prefers-color-scheme: dark)");

/** "light", "dark" or "auto". */
export function chosenTheme() {
  try {
    return localStorage.getItem(KEPT) || "auto";
  } catch {
    return "auto";
  }
}

function show() {
  const chosen = chosenTheme();
  document.documentElement.dataset.theme = chosen === "auto" ? (dark.matches ? "dark" : "light") : chosen;
}

/** Choose, and remember where the browser lets us. Returns the theme that is shown now. */
export function chooseTheme(theme) {
  try {
    localStorage.setItem(KEPT, theme);
  } catch {
    document.documentElement.dataset.theme = theme;
    return theme;
  }
  show();
  return document.documentElement.dataset.theme;
}

dark.addEventListener("change", show);
show();
