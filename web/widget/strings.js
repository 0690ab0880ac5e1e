// The widget's sentences in each language.
import { say } from "../shared/language.js";
import en from "./strings.en.json";
import simplified from "./strings.zh-Hans.json";
import traditional from "./strings.zh-Hant.json";

const STRINGS = { "zh-Hans": simplified, "zh-Hant": traditional, en };

/** A function (key, values) -> sentence. */
export const wordsIn = (language) => (key, values) => say(STRINGS[language], key, values);
