// What changed between two texts, in pieces that a person can read.

const MOST_CELLS = 4_000_000;
const SHORTEST_ISLAND = 3;
const LEAST_SHARE = 0.3;
const tokens = (text) => text.match(/[A-Za-z0-9À-ɏ]+|[\s\S]/gu) ?? [];

function table(one, other) {
  const width = other.length + 1;
  const lengths = new Uint16Array((one.length + 1) * width);
  for (let i = one.length - 1; i >= 0; i--) {
    for (let j = other.length - 1; j >= 0; j--) {
      lengths[i * width + j] = one[i] === other[j] ? lengths[(i + 1) * width + j + 1] + 1 : Math.max(lengths[(i + 1) * width + j], lengths[i * width + j + 1]);
    }
  }
  return (i, j) => lengths[i * width + j];
}

function walk(one, other, push) {
  if (one.length * other.length > MOST_CELLS) {
    push("gone", one.join(""));
    return push("new", other.join(""));
  }
  const length = table(one, other);
  let [i, j] = [0, 0];
  while (i < one.length || j < other.length) {
    if (i < one.length && j < other.length && one[i] === other[j]) push("same", (j++, one[i++]));
    else if (i < one.length && (j === other.length || length(i + 1, j) >= length(i, j + 1))) push("gone", one[i++]);
    else push("new", other[j++]);
  }
}

function pieceTogether(pieces, kind, text) {
  if (!text) return;
  const last = pieces[pieces.length - 1];
  if (last?.[0] === kind) last[1] += text;
  else pieces.push([kind, text]);
}

// A few characters that stay by chance between changes only make it harder to read: they change too.
function withoutIslands(pieces) {
  const joined = [];
  let [gone, fresh] = ["", ""];
  const flush = () => {
    pieceTogether(joined, "gone", gone);
    pieceTogether(joined, "new", fresh);
    [gone, fresh] = ["", ""];
  };
  pieces.forEach(([kind, text], place) => {
    const island = kind === "same" && place > 0 && place < pieces.length - 1 && text.trim().length <= SHORTEST_ISLAND && !text.includes("\n");
    if (kind === "same" && !island) {
      flush();
      return pieceTogether(joined, "same", text);
    }
    if (kind !== "new") gone += text;
    if (kind !== "gone") fresh += text;
  });
  flush();
  return joined;
}

/** `[["same" | "gone" | "new", text], ...]`: from `before` to `after`, by words and Chinese characters; whole when little stays. */
export function textDiff(before, after) {
  const [one, other] = [tokens(before), tokens(after)];
  let start = 0;
  while (start < one.length && start < other.length && one[start] === other[start]) start++;
  let end = 0;
  while (end < one.length - start && end < other.length - start && one[one.length - 1 - end] === other[other.length - 1 - end]) end++;
  const pieces = [];
  const push = (kind, text) => pieceTogether(pieces, kind, text);
  push("same", one.slice(0, start).join(""));
  walk(one.slice(start, one.length - end), other.slice(start, other.length - end), push);
  push("same", one.slice(one.length - end).join(""));
  const readable = withoutIslands(pieces);
  const stays = readable.filter(([kind]) => kind === "same").reduce((sum, [, text]) => sum + text.length, 0);
  if (stays >= LEAST_SHARE * Math.min(before.length, after.length)) return readable;
  return [["gone", before], ["new", after]].filter(([, text]) => text);
}

/** The same for lists of lines, where the order says nothing: first what stays. */
export function linesDiff(before, after) {
  const [one, other] = [before, after].map((text) => text.split("\n").filter((line) => line.trim()));
  return [
    ...one.filter((line) => other.includes(line)).map((line) => ["same", line]),
    ...one.filter((line) => !other.includes(line)).map((line) => ["gone", line]),
    ...other.filter((line) => !one.includes(line)).map((line) => ["new", line]),
  ];
}
