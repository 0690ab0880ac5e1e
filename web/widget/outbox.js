// Messages that the customer has sent and the server has not acknowledged; they outlive a reload.

const MOST = 50;

/** An id that the server takes for the message's name; the same id is never handled twice. */
export function newMessageId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** In order; an entry is {message_id, text, payload?, attachments, at, failed?}. */
export class Outbox {
  constructor(storage) {
    this.storage = storage;
  }

  // Read afresh each time: another tab may have changed it.
  entries() {
    return this.storage.read("outbox", []);
  }

  get full() {
    return this.entries().length >= MOST;
  }

  add(entry) {
    this.storage.write("outbox", [...this.entries(), entry]);
  }

  remove(messageId) {
    this.storage.write("outbox", this.entries().filter((entry) => entry.message_id !== messageId));
  }

  mark(messageId, failed) {
    this.storage.write("outbox", this.entries().map((entry) => (entry.message_id === messageId ? { ...entry, failed } : entry)));
  }
}
