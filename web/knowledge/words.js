// The knowledge page's sentences.
import { keep, kept } from "../desk/kept.js";
import { browserLanguage, say } from "../shared/language.js";
import en from "./strings.en.json";
import chinese from "./strings.zh-Hans.json";

const STRINGS = { "zh-Hans": chinese, en };

// The same choice as on /desk: one person, one language.
export const firstLanguage = () => kept("language", browserLanguage() === "en" ? "en" : "zh-Hans");

export const rememberLanguage = (language) => keep("language", language);

/** A function (key, values) -> sentence; `has(key)` tells whether there is one; `name(kind, value)` is a word of the base, translated where known. */
export function wordsIn(language) {
  const strings = STRINGS[language];
  const words = (key, values) => say(strings, key, values);
  words.has = (key) => key in strings;
  words.name = (kind, value) => strings[`${kind}_${value}`] ?? value;
  words.language = language;
  return words;
}
