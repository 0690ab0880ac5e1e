// How long it took until a saved article answered: asked as a customer asks, until the new version comes back.
import { api } from "./api.js";

const PAUSE_MS = 40;
const PATIENCE_MS = 8_000;

const today = () => new Date().toLocaleDateString("sv"); // 2026-11-22, here
const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** `{ms, first}`: `first` is another article's question when that one comes before; `{later}`, `{over}` outside its dates; `{late}` when it did not come. */
export async function untilLive(id, version, article, started) {
  if (article.valid_from && article.valid_from > today()) return { later: article.valid_from };
  if (article.valid_until && article.valid_until < today()) return { over: article.valid_until };
  const [language, text] = Object.entries(article.texts)[0];
  for (;;) {
    const found = await api.search(text.question, { language, audience: article.audience, why: "false" }).catch(() => ({ articles: [] }));
    const place = found.articles.findIndex((one) => one.id === id && one.version >= version);
    const ms = Math.round(performance.now() - started);
    if (place >= 0) return { ms, first: place > 0 ? found.articles[0].question : null };
    if (ms > PATIENCE_MS) return { late: true };
    await wait(PAUSE_MS);
  }
}
