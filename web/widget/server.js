// The widget's HTTP calls: session, events, pictures.

/** A refusal of the server, with its stable code; `network` when there was no answer. */
export class Refusal extends Error {
  constructor(code, status = 0, retryAfter = 0) {
    super(code);
    this.code = code;
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

const RENEW_BEFORE_MS = 24 * 3600 * 1000;

export class Server {
  constructor(settings, storage) {
    this.settings = settings;
    this.storage = storage;
    this.opening = null;
  }

  /** A token that is good for a while yet; one request however many ask. Raises Refusal. */
  async token(renew = false) {
    const known = this.storage.read("session");
    if (!renew && known && Date.parse(known.expires_at) - Date.now() > RENEW_BEFORE_MS) return known.session;
    this.opening ??= this.openSession(known).finally(() => (this.opening = null));
    return (await this.opening).session;
  }

  async openSession(known) {
    const { vouch, language } = this.settings;
    const body = JSON.stringify({ language, ...(vouch ? { vouch } : {}) });
    // A session that is still good, shown here, is renewed for the same customer.
    const headers = { "Content-Type": "application/json", ...(known && !vouch ? { Authorization: `Bearer ${known.session}` } : {}) };
    let session;
    try {
      session = await this.send("/v1/sessions", { method: "POST", headers, body });
    } catch (refusal) {
      const usable = known && Date.parse(known.expires_at) > Date.now();
      if (refusal.code === "vouch_refused" && usable) return known;
      throw refusal;
    }
    if (known && known.user !== session.user) this.storage.write("conversations", []);
    this.storage.write("session", session);
    if (session.conversation) this.remember(session.conversation);
    return session;
  }

  /** Keep the ids of the last conversations, so that a reload shows them. */
  remember(conversation) {
    const known = this.storage.read("conversations", []);
    if (!known.includes(conversation)) this.storage.write("conversations", [...known, conversation].slice(-3));
  }

  async events(conversation, after) {
    const query = new URLSearchParams({ conversation, after: String(after) });
    return this.authorised(`/v1/events?${query}`);
  }

  async upload(blob, name) {
    const body = new FormData();
    body.append("file", blob, name);
    return this.authorised("/v1/attachments", { method: "POST", body });
  }

  async picture(id) {
    return this.authorised(`/v1/attachments/${encodeURIComponent(id)}`, {}, "blob");
  }

  async authorised(path, options = {}, as = "json") {
    const call = async (renew) => this.send(path, { ...options, headers: { Authorization: `Bearer ${await this.token(renew)}` } }, as);
    try {
      return await call(false);
    } catch (refusal) {
      if (refusal.status !== 401) throw refusal;
      return call(true);
    }
  }

  async send(path, options, as = "json") {
    let answer;
    try {
      answer = await fetch(this.settings.server + path, { ...options, credentials: "omit", signal: AbortSignal.timeout?.(30_000) });
    } catch {
      throw new Refusal("network");
    }
    if (answer.ok) return answer[as]();
    const problem = await answer.json().catch(() => ({}));
    throw new Refusal(problem.code || "network", answer.status, Number(answer.headers.get("Retry-After")) || 0);
  }
}
