// Which language a page speaks, and how it fills its sentences.

export const LANGUAGES = ["zh-Hans", "zh-Hant", "en"];

/** One of LANGUAGES for a BCP 47 tag, or null when the tag names none of them. */
export function languageOf(tag) {
  const lower = String(tag || "").toLowerCase().replace(/_/g, "-");
  if (/^(zh|yue)\b.*\b(hant|tw|hk|mo)\b/.test(lower)) return "zh-Hant";
  if (/^(zh|yue)\b/.test(lower)) return "zh-Hans";
  if (/^en\b/.test(lower)) return "en";
  return null;
}

/** The first language of the browser that we speak; English when there is none. */
export function browserLanguage() {
  for (const tag of navigator.languages || [navigator.language]) {
    const language = languageOf(tag);
    if (language) return language;
  }
  return "en";
}

/** The sentence `key`, with `{name}` replaced; the key itself when there is no such sentence. */
export function say(strings, key, values = {}) {
  const sentence = strings[key] ?? key;
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}
