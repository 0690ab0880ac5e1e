// The agents' HTTP calls.

/** A refusal, with its stable code; `network` when there was no answer. */
export class Refusal extends Error {
  constructor(status, problem) {
    super(problem.code || "network");
    this.status = status;
    this.code = problem.code || "network";
    this.holder = problem.holder || "";
  }
}

async function send(method, path, body) {
  let answer;
  try {
    answer = await fetch(path, {
      method,
      credentials: "same-origin",
      headers: { "X-Requested-With": "zhiban", ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout?.(15_000),
    });
  } catch {
    throw new Refusal(0, {});
  }
  if (!answer.ok) throw new Refusal(answer.status, await answer.json().catch(() => ({})));
  return answer.status === 204 ? null : answer.json();
}

const conversation = (id, rest = "") => `/v1/conversations/${encodeURIComponent(id)}${rest}`;

export const api = {
  signIn: (name, password) => send("POST", "/v1/desk/sign-in", { name, password }),
  signOut: () => send("POST", "/v1/desk/sign-out"),
  me: () => send("GET", "/v1/desk/me"),
  presence: (available) => send("POST", "/v1/desk/presence", { available }),
  waiting: async () => (await send("GET", "/v1/desk/waiting")).waiting,
  held: async () => (await send("GET", "/v1/desk/held")).conversations,
  read: (id, after = 0) => send("GET", conversation(id, after ? `?after=${after}` : "")),
  claim: (id, epoch) => send("POST", conversation(id, "/claim"), { epoch }),
  release: (id, epoch) => send("POST", conversation(id, "/release"), { epoch }),
  close: (id, epoch) => send("POST", conversation(id, "/close"), { epoch }),
  say: (id, message) => send("POST", conversation(id, "/messages"), message),
  suggestions: (id) => send("GET", conversation(id, "/suggestions")),
  search: async (words, language) => (await send("GET", `/v1/desk/search?${new URLSearchParams({ q: words, ...(language ? { language } : {}) })}`)).articles,
  tickets: async (state) => (await send("GET", `/v1/tickets?state=${state}`)).tickets,
  changeTicket: (id, change) => send("PATCH", `/v1/tickets/${encodeURIComponent(id)}`, change),
};
