// The desk page's sentences.
import { browserLanguage, say } from "../shared/language.js";
import { keep, kept } from "./kept.js";
import en from "./strings.en.json";
import chinese from "./strings.zh-Hans.json";

const STRINGS = { "zh-Hans": chinese, en };

export const firstLanguage = () => kept("language", browserLanguage() === "en" ? "en" : "zh-Hans");

export const rememberLanguage = (language) => keep("language", language);

/** A function (key, values) -> sentence; `has(key)` tells whether there is one. */
export function wordsIn(language) {
  const strings = STRINGS[language];
  const words = (key, values) => say(strings, key, values);
  words.has = (key) => key in strings;
  words.language = language;
  return words;
}
