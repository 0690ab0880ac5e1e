// The agents' HTTP calls.

const LONGEST_MS = 15_000;

/** A refusal: its stable code (`network` when there was no answer), and all that the problem says beside it in `more`. */
export class Refusal extends Error {
  constructor(status, problem) {
    super(problem.code || "network");
    this.status = status;
    this.code = problem.code || (status ? "internal_error" : "network");
    this.holder = problem.holder || "";
    this.more = problem;
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
      signal: AbortSignal.timeout?.(LONGEST_MS),
    });
  } catch {
    throw new Refusal(0, {});
  }
  if (!answer.ok) throw new Refusal(answer.status, await answer.json().catch(() => ({})));
  return answer.status === 204 ? null : answer.json();
}

const conversation = (id, rest = "") => `/v1/conversations/${encodeURIComponent(id)}${rest}`;
const assist = (id, rest, language) => `/v1/agent/conversations/${encodeURIComponent(id)}${rest}${language ? `?language=${language}` : ""}`;
const asked = (values) => new URLSearchParams(Object.entries(values).filter(([, value]) => value));

export const api = {
  // coming and going
  signIn: (name, password) => send("POST", "/v1/desk/sign-in", { name, password }),
  signOut: () => send("POST", "/v1/desk/sign-out"),
  me: () => send("GET", "/v1/desk/me"),
  presence: (available) => send("POST", "/v1/desk/presence", { available }),
  // the queue
  waiting: async () => (await send("GET", "/v1/desk/waiting")).waiting,
  held: async () => (await send("GET", "/v1/desk/held")).conversations,
  next: () => send("POST", "/v1/agent/next", {}),
  board: () => send("GET", "/v1/desk/board"),
  colleagues: () => send("GET", "/v1/desk/colleagues"),
  decline: (id, epoch) => send("POST", conversation(id, "/decline"), { epoch }),
  // one conversation
  read: (id, after = 0) => send("GET", conversation(id, after ? `?after=${after}` : "")),
  claim: (id, epoch) => send("POST", conversation(id, "/claim"), { epoch }),
  release: (id, epoch) => send("POST", conversation(id, "/release"), { epoch }),
  close: (id, epoch) => send("POST", conversation(id, "/close"), { epoch }),
  transfer: (id, epoch, where) => send("POST", conversation(id, "/transfer"), { epoch, ...where }),
  takeOver: (id, epoch, note) => send("POST", conversation(id, "/take-over"), { epoch, ...(note ? { note } : {}) }),
  say: (id, message) => send("POST", conversation(id, "/messages"), message),
  // assistance; texts for agents are in `language`
  suggestions: (id) => send("GET", conversation(id, "/suggestions")),
  outcome: (id, outcome) => send("POST", assist(id, "/suggestions/outcome"), outcome),
  context: (id, language) => send("GET", assist(id, "/context", language)),
  verify: (id, how) => send("POST", assist(id, "/verified"), { how }),
  unverify: (id) => send("DELETE", assist(id, "/verified")),
  check: (id, text, language) => send("POST", assist(id, "/check", language), { text }),
  search: (q, language, conversation) => send("GET", `/v1/agent/search?${asked({ q, language, conversation })}`),
  // wrap-up
  wrapUpOptions: (language) => send("GET", `/v1/agent/wrap-up/options?language=${language}`),
  wrapUp: (id, language) => send("GET", assist(id, "/wrap-up", language)),
  beginWrapUp: (id, language) => send("POST", assist(id, "/wrap-up/begin", language)),
  checkWrapUp: (id, filled, language) => send("POST", assist(id, "/wrap-up/check", language), filled),
  finishWrapUp: (id, filled, language) => send("POST", assist(id, "/wrap-up", language), filled),
  // tickets
  tickets: async (state) => (await send("GET", `/v1/tickets?state=${state}`)).tickets,
  changeTicket: (id, change) => send("PATCH", `/v1/tickets/${encodeURIComponent(id)}`, change),
};
