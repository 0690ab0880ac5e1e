// The editors' HTTP calls.

/** A refusal, with its stable code (`network` when there was no answer) and the whole problem. */
export class Refusal extends Error {
  constructor(status, problem) {
    super(problem.code || "network");
    this.status = status;
    this.code = problem.code || "network";
    this.problem = problem;
  }
}

const OWN = { "X-Requested-With": "zhiban" };

async function ask(method, path, { body, headers = {}, seconds = 20 } = {}) {
  let answer;
  try {
    answer = await fetch(path, { method, credentials: "same-origin", headers: { ...OWN, ...headers }, body, signal: AbortSignal.timeout?.(seconds * 1_000) });
  } catch {
    throw new Refusal(0, {});
  }
  if (!answer.ok) throw new Refusal(answer.status, await answer.json().catch(() => ({})));
  return answer;
}

async function send(method, path, body, headers = {}) {
  const type = body === undefined ? {} : { "Content-Type": "application/json" };
  const answer = await ask(method, path, { body: body === undefined ? undefined : JSON.stringify(body), headers: { ...type, ...headers } });
  return answer.status === 204 ? null : answer.json();
}

async function* lines(answer) {
  const decoder = new TextDecoder();
  let rest = "";
  const reader = answer.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    rest += done ? decoder.decode() : decoder.decode(value, { stream: true });
    const parts = rest.split("\n");
    rest = done ? "" : parts.pop();
    for (const part of parts) if (part.trim()) yield JSON.parse(part);
    if (done) return;
  }
}

/** Send a file in; `told` hears each step `{step, done, total}`. Gives the report, or throws a Refusal. */
async function takeIn(file, dryRun, told) {
  const form = new FormData();
  form.append("file", file);
  const answer = await ask("POST", `/v1/articles/import?dry_run=${dryRun}`, { body: form, headers: { Accept: "application/x-ndjson" }, seconds: 600 });
  try {
    for await (const line of lines(answer)) {
      if (line.progress) told(line.progress);
      else if (line.report) return line.report;
      else if (line.problem) throw new Refusal(line.problem.status, line.problem);
    }
  } catch (error) {
    throw error instanceof Refusal ? error : new Refusal(0, {});
  }
  throw new Refusal(0, {});
}

const article = (id, rest = "") => `/v1/articles/${encodeURIComponent(id)}${rest}`;

export const api = {
  signIn: (name, password) => send("POST", "/v1/desk/sign-in", { name, password }),
  signOut: () => send("POST", "/v1/desk/sign-out"),
  me: () => send("GET", "/v1/desk/me"),
  list: async () => (await send("GET", "/v1/articles")).articles,
  read: (id) => send("GET", article(id)),
  history: async (id) => (await send("GET", article(id, "/history"))).versions,
  asked: async (id) => (await send("GET", article(id, "/confirmed"))).confirmed,
  dropAsked: (id, question) => send("DELETE", article(id, `/confirmed/${encodeURIComponent(question)}`)),
  save: (id, version, body) => send("PUT", article(id), body, { "If-Match": `"${version}"` }),
  search: (q, options = {}) => send("GET", `/v1/articles/search?${new URLSearchParams({ q, ...options })}`),
  takeIn,
  exported: (format) => `/v1/articles/export?format=${format}`,
};
