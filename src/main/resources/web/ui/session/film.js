/** The film strip: some pictures of the part of the time that the timeline shows, from its recordings and screenshots. */
import { screenshotAt } from "./frames.js";
import { GUTTER } from "./lane.js";
import { here } from "./view.js";

const HEIGHT = 50;
const WIDTH = 90;
const MOST = 12;

/** @param tell is given the pictures each time that there is one more */
export async function filmOf(model, frames, drawing, tell) {
  const film = [];
  const shown = new Set();
  const count = Math.min(MOST, Math.max(1, Math.floor((drawing.width - GUTTER) / (WIDTH + 4))));
  const step = (drawing.to - drawing.from) / count;
  for (let place = 0; place < count; place++) {
    const from = drawing.from + place * step;
    const picture = (await frames.at(from + step / 2, WIDTH * 2)) ?? (await shotIn(model, from, from + step, shown));
    if (picture) {
      film.push({ at: from, picture });
      tell([...film]);
    }
  }
}

/** A screenshot of this time, if there is one. */
async function shotIn(model, from, to, shown) {
  const shot = screenshotAt(model, to);
  const at = shot ? model.since(shot.timestamp) : -1;
  if (at < from || at > to + 50 || shown.has(shot.objectId)) {
    return null;
  }
  shown.add(shot.objectId);
  return pictureOf(here(shot.publicUrl), HEIGHT * 2);
}

/** A picture, drawn as small as it is shown: the strip holds many. */
async function pictureOf(source, height) {
  const image = new Image();
  image.src = source;
  try {
    await image.decode();
  } catch {
    return null;
  }
  const canvas = document.createElement("canvas");
  canvas.height = height;
  canvas.width = Math.max(1, Math.min(WIDTH * 3, Math.round((height * image.naturalWidth) / image.naturalHeight)));
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, (canvas.width * image.naturalHeight) / image.naturalWidth);
  return canvas;
}
