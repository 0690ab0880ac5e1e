// How points in time are written for people.

const formats = new Map();

function format(language, name, options) {
  const key = `${language} ${name}`;
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(language, options));
  return formats.get(key);
}

export const clockTime = (at, language) => format(language, "time", { hour: "2-digit", minute: "2-digit", hour12: false }).format(new Date(at));

export const dayKey = (at) => {
  const day = new Date(at);
  return `${day.getFullYear()}-${day.getMonth() + 1}-${day.getDate()}`;
};

/** 今天, 昨天, or the date; with the year when it is another one. */
export function dayName(at, language, now) {
  const day = new Date(at);
  const days = Math.round((new Date(dayKey(now).replace(/-/g, "/")) - new Date(dayKey(at).replace(/-/g, "/"))) / 86_400_000);
  if (days === 0 || days === 1) {
    const word = new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(-days, "day");
    return word.charAt(0).toUpperCase() + word.slice(1);
  }
  const sameYear = day.getFullYear() === new Date(now).getFullYear();
  return format(language, sameYear ? "day" : "year", { year: sameYear ? undefined : "numeric", month: "long", day: "numeric" }).format(day);
}

export const dayAndTime = (at, language, now) =>
  dayKey(at) === dayKey(now) ? clockTime(at, language) : format(language, "short", { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", hour12: false }).format(new Date(at));

/** A length of time as 3:07 or 1:02:05. */
export function elapsed(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const two = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
