// The wrap-up form between the server's shape and the fields of the page. Pure functions.

/** In this order on the page. */
export const FIELDS = ["category", "order_number", "phone", "product", "request", "promised", "deadline"];

const LONG = new Set(["request", "promised"]);
export const kindOf = (field) => (field === "category" ? "choice" : field === "deadline" ? "moment" : LONG.has(field) ? "text" : "line");

const two = (number) => String(number).padStart(2, "0");

/** A moment (ISO 8601) as a datetime-local field takes it, in the browser's zone. */
export function toLocal(at) {
  if (!at) return "";
  const day = new Date(at);
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}T${two(day.getHours())}:${two(day.getMinutes())}`;
}

export const fromLocal = (value) => (value && !Number.isNaN(Date.parse(value)) ? new Date(value).toISOString() : null);

/** What the page edits, from what the server has prefilled. */
export function filledFrom(answer, options) {
  const form = {};
  const seqs = {};
  for (const field of FIELDS) {
    const { value = null, seq = null } = answer.form[field] ?? {};
    form[field] = field === "deadline" ? toLocal(value) : (value ?? "");
    seqs[field] = seq;
  }
  const tickets = Object.fromEntries(options.tickets.map(({ kind, due_hours }) => [kind, { on: false, text: "", due: due_hours ?? "" }]));
  return { form, seqs, tickets, disposition: answer.disposition?.id ?? "", sure: answer.disposition?.confidence ?? null, summary: answer.summary ?? "" };
}

export function valuesOf(form) {
  return Object.fromEntries(FIELDS.map((field) => [field, (field === "deadline" ? fromLocal(form[field]) : form[field].trim()) || null]));
}

/** The body of the wrap-up. */
export function toSend(wrap, epoch, close) {
  const tickets = Object.entries(wrap.tickets)
    .filter(([, ticket]) => ticket.on)
    .map(([kind, { text, due }]) => ({ kind, text: text.trim() || wrap.summary.trim(), ...(Number(due) > 0 ? { due_hours: Number(due) } : {}) }));
  return { epoch, disposition: wrap.disposition, summary: wrap.summary.trim(), form: valuesOf(wrap.form), tickets, close };
}

/** The problems of one field that may be shown now: all of them once it was left, or after an attempt to send. */
export const problemsAt = (wrap, field) => wrap.problems.filter((problem) => problem.field === field && (wrap.tried || wrap.touched[field] || problem.code !== "required"));

/** Whether the category asks for the field. */
export const isRequired = (wrap, field) => field === "disposition" || Boolean(wrap.options.categories.find(({ id }) => id === wrap.form.category)?.required?.includes(field));
