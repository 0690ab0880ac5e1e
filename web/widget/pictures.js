// Pictures before they are sent: checked, and made smaller where they are larger than the server takes.
import { Refusal } from "./server.js";

const TYPES = ["image/png", "image/jpeg", "image/gif", "image/webp"];
const MOST_BYTES = 2 * 1024 * 1024;
const LONGEST_SIDE = 1920;

export const ACCEPTED = TYPES.join(",");
export const MOST_PICTURES = 4;

async function smaller(file) {
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
}

/** A blob that the server takes. Raises Refusal `picture_type` or `picture_size`. */
export async function prepare(file) {
  if (!TYPES.includes(file.type)) throw new Refusal("picture_type");
  if (file.size <= MOST_BYTES) return file;
  if (file.type === "image/gif") throw new Refusal("picture_size");
  const blob = await smaller(file).catch(() => null);
  if (!blob || blob.size > MOST_BYTES) throw new Refusal("picture_size");
  return blob;
}

/** The pictures in a paste or a drop. */
export const picturesIn = (transfer) => [...(transfer?.files || [])].filter((file) => file.type.startsWith("image/"));
