// Which origins may tell our frame something: those that the Content-Security-Policy lets frame it. Pure functions.

/** The sources of `frame-ancestors` in a policy, and those of a list of our own; nobody when neither names any. */
export function originsOf(policy, own = "") {
  const directive = (policy ?? "").split(";").map((part) => part.trim()).find((part) => /^frame-ancestors\s/i.test(part));
  const named = `${directive?.replace(/^\S+/, "") ?? ""} ${own}`;
  return named.split(/\s+/).filter((source) => source && source !== "'none'");
}

function fits(source, origin, self) {
  if (source === "'self'") return origin === self;
  if (source === "*") return /^https?:/.test(origin);
  if (/^[a-z][a-z0-9+.-]*:$/i.test(source)) return origin.startsWith(`${source}//`);
  const wanted = source.match(/^(?:([a-z][a-z0-9+.-]*):\/\/)?(\*\.)?([^/:]+)(?::(\d+|\*))?\/?$/i);
  if (!wanted) return false;
  const [, scheme, anyBelow, host, port] = wanted;
  const { protocol, hostname, port: itsPort } = new URL(origin);
  const hostFits = anyBelow ? hostname.endsWith(`.${host}`) : hostname === host;
  const usual = { "http:": "80", "https:": "443" }[protocol];
  const portFits = port === "*" || (itsPort || usual) === (port ?? usual);
  return hostFits && portFits && (scheme ? protocol === `${scheme}:` : protocol === "https:" || protocol === new URL(self).protocol);
}

/** Whether a message from `origin` is listened to. */
export function permits(sources, origin, self = location.origin) {
  if (!/^https?:\/\//.test(origin)) return false;
  return sources.some((source) => fits(source, origin, self));
}
