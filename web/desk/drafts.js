// The replies that are being written outlive a reload of the tab; a sign-out removes them, and another agent never sees them.

const KEPT = "zhiban:desk:drafts";

/** {conversation: {text, sources: [{plain, markdown, article, suggestion}]}}, as `name` left them. */
export function keptDrafts(name) {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEPT));
    return kept?.name === name ? kept.drafts : {};
  } catch {
    return {};
  }
}

export function keepDrafts(name, drafts) {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify({ name, drafts }));
  } catch {
    // Denied storage: the drafts last as long as the page.
  }
}
