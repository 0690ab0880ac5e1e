// An article while it is being edited: plain fields by path, so that two versions can be compared and joined.

export const WRITTEN = ["zh-Hans", "en"];
const PLAIN = ["category", "audience", "flow", "valid_from", "valid_until"];
const PARTS = ["question", "phrasings", "answer"];

export const linesOf = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean);

/** Flat fields, all text: `category`, `texts.en.answer`, ...; phrasings one a line. */
export function fieldsOf(article) {
  const fields = {};
  for (const name of PLAIN) fields[name] = article[name] ?? "";
  for (const language of new Set([...WRITTEN, ...Object.keys(article.texts)])) {
    const text = article.texts[language] ?? { question: "", phrasings: [], answer: "" };
    fields[`texts.${language}.question`] = text.question;
    fields[`texts.${language}.phrasings`] = text.phrasings.join("\n");
    fields[`texts.${language}.answer`] = text.answer;
  }
  return fields;
}

export const emptyFields = () => ({ ...fieldsOf({ category: "", audience: "customer", texts: {} }) });

const languagesIn = (fields) => [...new Set(Object.keys(fields).map((path) => path.split(".")).filter((path) => path[0] === "texts").map((path) => path[1]))];

/** The article to be sent: languages in which nothing is written are left out. */
export function articleOf(fields) {
  const article = { texts: {} };
  for (const name of PLAIN) article[name] = fields[name].trim() || null;
  article.audience ??= "customer";
  article.category ??= "";
  for (const language of languagesIn(fields)) {
    const [question, phrasings, answer] = PARTS.map((part) => (fields[`texts.${language}.${part}`] ?? "").trim());
    if (question || phrasings || answer) article.texts[language] = { question, phrasings: linesOf(phrasings), answer };
  }
  return article;
}

const settled = (path, text) => (path.endsWith(".phrasings") ? linesOf(text).join("\n") : text.trim());

/** The paths in which two sets of fields differ; white space around does not count. */
export function differing(one, other) {
  const paths = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return paths.filter((path) => settled(path, one[path] ?? "") !== settled(path, other[path] ?? ""));
}

/** What has to be written before the article can be saved: paths. */
export function missingIn(fields) {
  const missing = fields.category.trim() ? [] : ["category"];
  const article = articleOf(fields);
  if (!Object.keys(article.texts).length) missing.push("texts.zh-Hans.question");
  for (const [language, text] of Object.entries(article.texts)) {
    for (const part of ["question", "answer"]) if (!text[part]) missing.push(`texts.${language}.${part}`);
  }
  return missing;
}

/** Every way in which the article is asked for as it stands: a set of lines. */
export const askedOf = (fields) => new Set(Object.entries(fields).filter(([path]) => /\.(question|phrasings)$/.test(path)).flatMap(([, text]) => linesOf(text)));

/** A readable id that nobody has: the category and a few characters. */
export function newId(category) {
  const start = category.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 40) || "article";
  return `${start}-${[...crypto.getRandomValues(new Uint8Array(5))].map((byte) => "abcdefghjkmnpqrstuvwxyz23456789"[byte % 31]).join("")}`;
}
