// The pictures in the composer: prepared and uploaded while the customer still writes.
import { useEffect, useRef, useState } from "preact/hooks";
import { MOST_PICTURES, prepare } from "../pictures.js";

let count = 0;

/** {list, problem, add(files), retry(key), remove(key), clear()}; a picture is {key, name, preview, state, id?, type?}. */
export function usePictures(chat) {
  const [list, setList] = useState([]);
  const [problem, setProblem] = useState(null);
  const shown = useRef(list);
  shown.current = list;
  useEffect(() => () => shown.current.forEach((picture) => URL.revokeObjectURL(picture.preview)), []);

  const update = (key, change) => setList((now) => now.map((picture) => (picture.key === key ? { ...picture, ...change } : picture)));

  const upload = async (key, blob, name) => {
    update(key, { state: "uploading" });
    try {
      update(key, { state: "ready", ...(await chat.upload(blob, name)) });
    } catch (refusal) {
      if (refusal.status === 413 || refusal.status === 415) {
        setProblem(refusal.status === 413 ? "picture_size" : "picture_type");
        remove(key);
      } else update(key, { state: "failed" });
    }
  };

  const addOne = async (file) => {
    try {
      const blob = await prepare(file);
      const picture = { key: `picture-${++count}`, name: file.name || "", blob, preview: URL.createObjectURL(blob), state: "uploading" };
      setList((now) => [...now, picture]);
      await upload(picture.key, blob, picture.name || "picture");
    } catch (refusal) {
      setProblem(refusal.code || "picture_type");
    }
  };

  const add = (files) => {
    const room = MOST_PICTURES - shown.current.length;
    setProblem(files.length > room ? "picture_count" : null);
    files.slice(0, room).forEach(addOne);
  };

  const remove = (key) =>
    setList((now) => {
      now.filter((picture) => picture.key === key).forEach((picture) => URL.revokeObjectURL(picture.preview));
      return now.filter((picture) => picture.key !== key);
    });

  const retry = (key) => {
    const picture = shown.current.find((one) => one.key === key);
    if (picture?.state === "failed") upload(key, picture.blob, picture.name || "picture");
  };

  const clear = () => {
    shown.current.forEach((picture) => URL.revokeObjectURL(picture.preview));
    setList([]);
    setProblem(null);
  };

  return { list, problem, add, retry, remove, clear };
}
