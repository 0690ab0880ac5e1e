// The knowledge page's state and what an editor can do.
import { api } from "./api.js";
import { articleOf, differing, emptyFields, fieldsOf, missingIn, newId } from "./draft.js";
import { untilLive } from "./live.js";

export const NEW = "\u0000new";
const TOAST_MS = 12_000;

export class Editor {
  constructor() {
    this.listeners = new Set();
    this.state = {
      me: undefined, // null: not signed in
      list: null, // null: loading
      filter: "",
      category: "",
      left: "browse", // or "ask"
      asked: null, // {q, busy, found, problem}
      askAs: { language: "", audience: "customer" },
      opened: {}, // by id, unsaved changes kept: see `open`
      selected: null,
      pane: "left", // on a narrow screen: left, main
      main: "article", // or "files"
      file: null, // the import: {file, step, report, problem, busy, applied}
      toasts: [],
    };
  }

  subscribe(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  set(change) {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }

  toast(key, values = {}) {
    const toast = { id: Math.random(), key, values };
    this.set({ toasts: [...this.state.toasts.slice(-2), toast] });
    setTimeout(() => this.dismiss(toast.id), TOAST_MS);
  }

  dismiss(id) {
    this.set({ toasts: this.state.toasts.filter((toast) => toast.id !== id) });
  }

  refused(refusal) {
    if (refusal.status === 401) return this.set({ me: null });
    this.toast(refusal.code ?? "internal_error");
  }

  // Coming and going

  async start() {
    try {
      this.set({ me: await api.me() });
    } catch (refusal) {
      if (refusal.status !== 401) return void setTimeout(() => this.start(), 2_000);
      return this.set({ me: null });
    }
    if (!this.mayEdit) return;
    await this.refresh();
    window.addEventListener("hashchange", () => this.follow());
    this.follow();
  }

  get mayEdit() {
    return this.state.me?.roles.some((role) => role === "editor" || role === "admin");
  }

  async signIn(name, password) {
    await api.signIn(name, password);
    await this.start();
  }

  async signOut() {
    await api.signOut().catch(() => {});
    history.replaceState(null, "", location.pathname);
    this.set({ me: null, list: null, opened: {}, selected: null, asked: null, file: null, toasts: [] });
  }

  /** Go where the address says: `#files`, `#ask=...` or an article's id. */
  follow() {
    const asked = decodeURIComponent(location.hash.slice(1));
    if (asked === "files") this.set({ main: "files", pane: "main" });
    else if (asked.startsWith("ask=")) this.ask(asked.slice(4));
    else if (asked && asked !== this.state.selected) this.open(asked);
  }

  async refresh() {
    try {
      this.set({ list: await api.list() });
    } catch (refusal) {
      this.refused(refusal);
      if (this.state.list === null) this.set({ list: [] });
    }
  }

  show(change) {
    this.set(change);
    const place = this.state.main === "files" ? "files" : this.state.selected && this.state.selected !== NEW ? this.state.selected : "";
    history.replaceState(null, "", place ? `#${encodeURIComponent(place)}` : location.pathname);
  }

  // Asking as a customer

  async ask(q) {
    const asked = q.trim();
    if (!asked) return this.set({ asked: null });
    const { language, audience } = this.state.askAs;
    this.set({ left: "ask", asked: { ...this.state.asked, q: asked, busy: true, problem: null } });
    const current = () => this.state.asked?.q === asked;
    try {
      const found = await api.search(asked, { audience, ...(language ? { language } : {}) });
      if (current()) this.set({ asked: { q: asked, busy: false, found, problem: null } });
    } catch (refusal) {
      if (refusal.status === 401) return this.refused(refusal);
      if (current()) this.set({ asked: { q: asked, busy: false, found: null, problem: refusal.code } });
    }
  }

  // One article

  /** `{id, version, by, at, saved, fields, derived, tab, language, busy, live, conflict, versions, asked, missing}` */
  get article() {
    return this.state.opened[this.state.selected] ?? null;
  }

  change(id, change) {
    const one = this.state.opened[id];
    if (one) this.set({ opened: { ...this.state.opened, [id]: { ...one, ...change } } });
  }

  isDirty(one) {
    return differing(one.saved, one.fields).length > 0;
  }

  get unsaved() {
    return Object.values(this.state.opened).some((one) => this.isDirty(one));
  }

  async open(id) {
    this.show({ selected: id, main: "article", pane: "main" });
    const known = this.state.opened[id];
    if (known && (id === NEW || this.isDirty(known))) return;
    try {
      this.take(await api.read(id), known);
    } catch (refusal) {
      if (this.state.selected === id) this.show({ selected: null, pane: "left" });
      this.refused(refusal);
    }
  }

  take(read, before = {}) {
    const fields = fieldsOf(read.article);
    const one = { language: "zh-Hans", tab: "edit", ...before, id: read.id, version: read.version, by: read.updated_by, at: read.updated_at };
    this.set({ opened: { ...this.state.opened, [read.id]: { ...one, saved: fields, fields, derived: read.derived, conflict: null, versions: null, missing: [] } } });
    if (one.tab === "history") this.readHistory(read.id);
  }

  create(question = "") {
    const fields = { ...emptyFields(), category: this.state.category };
    const language = /\p{Script=Han}/u.test(question) || !question ? "zh-Hans" : "en";
    const started = { ...fields, [`texts.${language}.question`]: question };
    const one = { id: NEW, version: 0, saved: emptyFields(), fields: started, derived: null, tab: "edit", language, missing: [] };
    const kept = this.state.opened[NEW];
    this.show({ opened: { ...this.state.opened, [NEW]: kept && !question ? kept : one }, selected: NEW, main: "article", pane: "main" });
  }

  write(path, text) {
    const { id, fields, missing } = this.article;
    this.change(id, { fields: { ...fields, [path]: text }, live: null, missing: missing.filter((one) => one !== path) });
  }

  undo() {
    const { id, saved } = this.article;
    if (id !== NEW) return this.change(id, { fields: saved, conflict: null, missing: [] });
    const { [NEW]: _gone, ...opened } = this.state.opened;
    this.show({ opened, selected: null, pane: "left" });
  }

  /** Open an article with a sentence of a customer's as one more phrasing, not yet saved. */
  async addPhrasing(id, sentence) {
    await this.open(id);
    const one = this.state.opened[id];
    if (!one) return;
    const language = /\p{Script=Han}/u.test(sentence) ? "zh-Hans" : "en";
    const path = `texts.${language}.phrasings`;
    if (!one.fields[path].split("\n").includes(sentence)) {
      this.change(id, { fields: { ...one.fields, [path]: [one.fields[path].trimEnd(), sentence].filter(Boolean).join("\n") }, live: null });
    }
    this.change(id, { language, tab: "edit" });
  }

  async save() {
    const one = this.article;
    if (!one || one.busy || one.conflict || (one.id !== NEW && !this.isDirty(one))) return;
    const missing = missingIn(one.fields);
    this.change(one.id, { missing });
    if (missing.length) return this.toFirst(one.id, missing);
    const id = one.id === NEW ? newId(one.fields.category) : one.id;
    await this.put(one, id, one.version, one.fields);
  }

  toFirst(id, missing) {
    const language = missing[0].split(".")[1];
    if (language) this.change(id, { language });
    requestAnimationFrame(() => document.getElementById(missing[0])?.focus());
  }

  async put(one, id, version, fields) {
    const started = performance.now();
    const article = articleOf(fields);
    this.change(one.id, { busy: "saving", live: null });
    try {
      const saved = await api.save(id, version, article);
      if (one.id === NEW) this.becomes(id);
      this.change(id, { busy: "checking", conflict: null, fields, saved: fields, version: saved.version, versions: null });
      const live = await untilLive(id, saved.version, article, started);
      this.change(id, { busy: null, live: { ...live, version: saved.version } });
      await Promise.all([this.reread(id, saved.version), this.refresh()]);
      if (this.state.left === "ask" && this.state.asked) this.ask(this.state.asked.q);
    } catch (refusal) {
      this.change(one.id, { busy: null });
      this.notSaved(one.id, refusal);
    }
  }

  becomes(id) {
    const { [NEW]: one, ...opened } = this.state.opened;
    this.show({ opened: { ...opened, [id]: { ...one, id } }, selected: id });
  }

  /** What the server makes of it: who, when, and the derived Traditional Chinese; the fields stay as they are written. */
  async reread(id, version) {
    const read = await api.read(id).catch(() => null);
    if (read?.version !== version) return;
    this.change(id, { by: read.updated_by, at: read.updated_at, derived: read.derived });
    if (this.state.opened[id]?.tab === "history") this.readHistory(id);
  }

  notSaved(id, refusal) {
    if (refusal.code !== "article_changed") return refusal.code === "bad_article" ? this.toast("bad_article", { detail: refusal.problem.detail }) : this.refused(refusal);
    const { current } = refusal.problem;
    if (!current) return this.toast("article_changed_plain");
    const { saved, fields } = this.state.opened[id];
    const theirs = fieldsOf(current.article);
    const paths = differing(theirs, fields);
    // What I did not touch is theirs; what I did stays mine until I say otherwise.
    const choices = Object.fromEntries(paths.map((path) => [path, differing({ [path]: saved[path] ?? "" }, { [path]: fields[path] ?? "" }).length ? "mine" : "theirs"]));
    this.change(id, { conflict: { by: current.updated_by, at: current.updated_at, version: current.version, theirs, changed: differing(saved, theirs), paths, choices, current } });
  }

  choose(path, whose) {
    const { id, conflict } = this.article;
    this.change(id, { conflict: { ...conflict, choices: { ...conflict.choices, [path]: whose } } });
  }

  async saveJoined() {
    const one = this.article;
    const { theirs, choices, version } = one.conflict;
    const mine = Object.entries(choices).filter(([, whose]) => whose === "mine").map(([path]) => [path, one.fields[path] ?? ""]);
    if (!mine.length) return this.takeTheirs();
    await this.put(one, one.id, version, { ...theirs, ...Object.fromEntries(mine) });
  }

  takeTheirs() {
    const one = this.article;
    this.take(one.conflict.current, one);
  }

  // History

  showTab(tab) {
    const { id } = this.article;
    this.change(id, { tab });
    if (tab === "history") this.readHistory(id);
    if (tab === "asked") this.readAsked(id);
  }

  // What customers asked that it answered

  async readAsked(id) {
    try {
      this.change(id, { asked: await api.asked(id) });
    } catch (refusal) {
      this.change(id, { asked: [] });
      this.refused(refusal);
    }
  }

  async dropAsked(question) {
    const { id } = this.article;
    try {
      await api.dropAsked(id, question);
      await this.readAsked(id);
    } catch (refusal) {
      this.refused(refusal);
    }
  }

  async readHistory(id) {
    try {
      this.change(id, { versions: await api.history(id) });
    } catch (refusal) {
      this.change(id, { versions: [] });
      this.refused(refusal);
    }
  }

  async restore(past) {
    const one = this.article;
    if (one.busy) return;
    await this.put(one, one.id, one.version, fieldsOf(past.article));
    const { live, version } = this.state.opened[one.id] ?? {};
    if (live?.version === version) this.change(one.id, { live: { ...live, restored: past.version } });
  }

  // Files

  async tryFile(file) {
    this.set({ file: { file, busy: true, step: null, report: null, problem: null } });
    await this.takeIn(file, true);
  }

  async applyFile() {
    const { file, report } = this.state.file;
    this.set({ file: { file, tried: report, busy: true, applying: true, step: null, report: null, problem: null } });
    await this.takeIn(file, false);
    if (!this.state.file?.report?.applied) return;
    const kept = Object.entries(this.state.opened).filter(([, one]) => this.isDirty(one));
    this.set({ opened: Object.fromEntries(kept) });
    await this.refresh();
  }

  async takeIn(file, dryRun) {
    const told = (change) => this.state.file?.file === file && this.set({ file: { ...this.state.file, ...change } });
    try {
      const report = await api.takeIn(file, dryRun, (step) => told({ step }));
      told({ busy: false, step: null, report });
    } catch (refusal) {
      if (refusal.status === 401) return this.refused(refusal);
      told({ busy: false, step: null, problem: refusal.code, detail: refusal.problem?.detail ?? "", report: refusal.problem?.report ?? null });
    }
  }

  forgetFile() {
    this.set({ file: null });
  }
}
