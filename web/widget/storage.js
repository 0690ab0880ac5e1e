// What the widget remembers in the browser, per server and vouched user; in memory where storage is denied.

/** A small key-value store of JSON values under one prefix. */
export class Storage {
  constructor(server, user) {
    this.prefix = `zhiban:${server}:${user || ""}:`;
    this.memory = new Map();
  }

  read(name, fallback = null) {
    try {
      const text = localStorage.getItem(this.prefix + name);
      return text === null ? (this.memory.get(name) ?? fallback) : JSON.parse(text);
    } catch {
      return this.memory.get(name) ?? fallback;
    }
  }

  write(name, value) {
    try {
      localStorage.setItem(this.prefix + name, JSON.stringify(value));
      this.memory.delete(name);
    } catch {
      this.memory.set(name, value);
    }
  }

  /** Call `changed` when another tab has written `name`. Returns the way to stop. */
  watch(name, changed) {
    const listener = (event) => event.key === this.prefix + name && changed();
    window.addEventListener("storage", listener);
    return () => window.removeEventListener("storage", listener);
  }
}
