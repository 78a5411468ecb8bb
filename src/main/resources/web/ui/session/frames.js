/** Pictures out of recordings: a hidden video per recording is moved to an instant, and what it shows is drawn. */
import { here } from "./view.js";

const MAX_KEPT = 80;
const PATIENCE_MILLIS = 6000;

export class Frames {
  constructor(model) {
    this.model = model;
    this.videos = new Map();
    this.kept = new Map();
    this.queue = Promise.resolve();
  }

  /** The recording that shows an instant. */
  recording(millis) {
    return this.model.recordings.find((recording) => recording.publicUrl && recording.state !== "lost" && covers(this.model, recording, millis));
  }

  /** @returns a canvas with the page at an instant, or null where no recording shows it */
  at(millis, width) {
    const recording = this.recording(millis);
    if (!recording || this.closed) {
      return Promise.resolve(null);
    }
    const name = `${recording.objectId} ${Math.round(millis)} ${width}`;
    if (!this.kept.has(name)) {
      const draw = () => this.draw(recording, millis - startOf(this.model, recording), width);
      this.keep(name, this.next(recording, name, draw));
    }
    return this.kept.get(name);
  }

  keep(name, picture) {
    this.kept.set(name, picture);
    if (this.kept.size > MAX_KEPT) {
      this.kept.delete(this.kept.keys().next().value);
    }
  }

  /** One after the other: each moves the video. */
  next(recording, name, work) {
    const done = this.queue.then(work).catch(() => this.unread(recording, name));
    this.queue = done;
    return done;
  }

  /** The link of the recording may have expired: with a new one it is read anew. */
  unread(recording, name) {
    this.kept.delete(name);
    this.release(recording.objectId);
    if (!this.closed) {
      this.model.tell("links-expired");
    }
    return null;
  }

  release(id) {
    this.videos.get(id)?.then((video) => video.removeAttribute("src")).catch(() => {});
    this.videos.delete(id);
  }

  async draw(recording, offset, width) {
    if (this.closed) {
      return null;
    }
    const video = await this.video(recording);
    const seconds = Math.min(Math.max(0, offset / 1000), Math.max(0, (video.duration || 0) - 0.05));
    if (Math.abs(video.currentTime - seconds) > 0.001 || video.readyState < 2) {
      const sought = once(video, "seeked");
      video.currentTime = seconds;
      await sought;
    }
    return drawn(video, video.videoWidth, video.videoHeight, width);
  }

  video(recording) {
    if (!this.videos.has(recording.objectId)) {
      // Of a recording that grows, the one that is longer replaces the one before.
      [...this.videos.keys()].filter((id) => recording.of && id.startsWith(`${recording.of} `)).forEach((id) => this.release(id));
      this.videos.set(recording.objectId, opened(here(recording.publicUrl)));
    }
    return this.videos.get(recording.objectId);
  }

  close() {
    this.closed = true;
    [...this.videos.keys()].forEach((id) => this.release(id));
  }
}

/** A video at some seconds from its start, at most at its end, as a canvas. */
export async function frameAt(link, width, seconds = Infinity) {
  const video = await opened(here(link), "metadata");
  try {
    const sought = once(video, "seeked");
    video.currentTime = Math.max(0, Math.min(seconds, (video.duration || 0) - 0.05));
    await sought;
    return drawn(video, video.videoWidth, video.videoHeight, width);
  } finally {
    video.removeAttribute("src");
  }
}

/** A picture, as a canvas. */
export async function still(link, width) {
  const image = new Image();
  image.src = here(link);
  await image.decode();
  return drawn(image, image.naturalWidth, Math.min(image.naturalHeight, image.naturalWidth), width);
}

/** The top of a source, as wide as asked for. */
function drawn(source, sourceWidth, sourceHeight, width) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = Math.max(1, Math.round((width * sourceHeight) / (sourceWidth || 1)));
  canvas.getContext("2d").drawImage(source, 0, 0, sourceWidth, sourceHeight, 0, 0, canvas.width, canvas.height);
  return canvas;
}

async function opened(source, preload = "auto") {
  const video = document.createElement("video");
  video.muted = true;
  video.preload = preload;
  const loaded = once(video, preload === "auto" ? "loadeddata" : "loadedmetadata");
  video.src = source;
  await loaded;
  return video;
}

function once(target, event) {
  return new Promise((done, failed) => {
    const timer = setTimeout(() => failed(new Error(`no ${event}`)), PATIENCE_MILLIS);
    target.addEventListener(event, () => (clearTimeout(timer), done()), { once: true });
    target.addEventListener("error", () => (clearTimeout(timer), failed(new Error("no video"))), { once: true });
  });
}

/** When a recording begins. */
export function startOf(model, recording) {
  return model.since(recording.startedAt ?? recording.timestamp);
}

/** Whether a recording shows an instant; the last frame stands for a moment after it. Older recordings do not tell their end. */
export function covers(model, recording, millis) {
  const from = startOf(model, recording);
  const to = recording.endedAt ? model.since(recording.endedAt) : model.length;
  return millis >= from - 250 && millis <= to + 1000;
}

/** The kept picture that is nearest before an instant, or else the first after it. */
export function screenshotAt(model, millis) {
  const shots = model.screenshots;
  return shots.findLast((shot) => model.since(shot.timestamp) <= millis + 50) ?? shots[0] ?? null;
}
