// What the page says about its widget in the data attributes of the script tag.
import { browserLanguage, languageOf } from "../shared/language.js";

const parse = (text, fallback) => {
  try {
    return text ? JSON.parse(text) : fallback;
  } catch {
    console.warn("zhiban: a data attribute is not valid JSON and is left out:", text);
    return fallback;
  }
};

/** Frozen settings from a `data-*` bag; `origin` is where the script came from. */
export function readSettings(data, origin) {
  const server = (data.server || origin).replace(/\/+$/, "");
  const questions = parse(data.questions, []);
  return Object.freeze({
    server,
    language: languageOf(data.language) || browserLanguage(),
    theme: ["light", "dark"].includes(data.theme) ? data.theme : "auto",
    title: data.title || "",
    vouch: parse(data.vouch, null),
    open: data.open !== undefined && data.open !== "false",
    questions: Array.isArray(questions) ? questions.filter((item) => typeof item === "string").slice(0, 6) : [],
    privacy: data.privacy || `${server}/privacy`,
  });
}
