// The knowledge page's sentences.
import { keep, kept } from "../desk/kept.js";
import { browserLanguage, say } from "../shared/language.js";
import reasons from "./reasons.zh-Hans.json";
import en from "./strings.en.json";
import chinese from "./strings.zh-Hans.json";

const STRINGS = { "zh-Hans": chinese, en };

// The same choice as on /desk: one person, one language.
export const firstLanguage = () => kept("language", browserLanguage() === "en" ? "en" : "zh-Hans");

export const rememberLanguage = (language) => keep("language", language);

const escaped = (text) => text.replace(/[.*+?^$()|[\]\\]/g, "\\$&");

// The server's reasons are English sentences: as patterns, with what to say instead.
const REASONS = Object.entries(reasons).map(([reason, said]) => [new RegExp(`^${escaped(reason).replace(/\{\d\}/g, "(.+?)")}$`), said]);

function chineseReason(text) {
  for (const [pattern, said] of REASONS) {
    const found = pattern.exec(text);
    if (found) return said.replace(/\{(\d)\}/g, (_, place) => found[Number(place)]);
  }
  return text;
}

/** A function (key, values) -> sentence; `has(key)` tells whether there is one; `known(kind, value)` is a word of the base, and `reason(text)` a reason of the server, in our language where there is one. */
export function wordsIn(language) {
  const strings = STRINGS[language];
  const words = (key, values) => say(strings, key, values);
  words.has = (key) => key in strings;
  words.known = (kind, value) => strings[`${kind}_${value}`] ?? value;
  words.reason = (text) => (language === "en" ? text : chineseReason(text));
  words.language = language;
  return words;
}
