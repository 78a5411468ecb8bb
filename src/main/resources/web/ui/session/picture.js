/** What the session looked like at the chosen instant: the live view, a recording, a kept picture, or words where there is none. */
import { html, nothing } from "lit";
import { address, hasToken, mayAct, post } from "../api.js";
import { say, webLink } from "../elements.js";
import { clock, duration, reason, shortUrl } from "../format.js";
import { covers, screenshotAt, startOf } from "./frames.js";
import { loadArtifacts } from "./load.js";
import { REWIND_MILLIS } from "./model.js";
import { SoFar } from "./so-far.js";
import { View, here } from "./view.js";

/** By how much a playing video may differ from the clock before it is moved. */
const DRIFT_SECONDS = 0.35;
/** A picture whose sides differ more from those of the viewport shows more than it: a point of the viewport is not a point of it. */
const SAME_SHAPE = 0.03;

/** How often the live view's picture is kept, and how wide. */
const LOOK_MILLIS = 1000;
const KEPT_WIDTH = 800;
/** A picture that the page has seen stands for the moments after it, and for this long before it. */
const EARLY_MILLIS = 1000;

class Picture extends View {
  static properties = { saving: { state: true } };
  static hears = ["change", "select", "time"];

  connectedCallback() {
    super.connectedCallback();
    this.soFar = new SoFar(this.model);
    this.every(LOOK_MILLIS, () => this.look());
  }

  /** Keeps what the live view shows, so that a person can go back in it. Nothing is asked of the server for this. */
  async look() {
    const live = this.querySelector("iframe")?.contentDocument;
    const canvas = live?.querySelector("#frame:not(.blank) #picture");
    if (!canvas || live.querySelector("#status").dataset.state !== "live") {
      return;
    }
    const small = new OffscreenCanvas(KEPT_WIDTH, Math.max(1, Math.round((KEPT_WIDTH * canvas.height) / canvas.width)));
    small.getContext("2d").drawImage(canvas, 0, 0, small.width, small.height);
    this.model.putSeen(await small.convertToBlob({ type: "image/jpeg", quality: 0.75 }));
  }

  /** What to show: `{kind, …}`. */
  choice() {
    const { model } = this;
    if (model.live && model.at === null) {
      return model.session.status === "creating" ? { kind: "waiting" } : { kind: "live" };
    }
    const at = model.instant;
    const recording = model.recordings.find((each) => each.publicUrl && each.state !== "lost" && covers(model, each, at));
    if (recording) {
      return { kind: "video", recording, seconds: Math.max(0, at - startOf(model, recording)) / 1000 };
    }
    return this.nearest(at);
  }

  /** Where no recording shows the instant: what was kept last before it, or else first after it. */
  nearest(at) {
    const { model } = this;
    const shot = screenshotAt(model, at);
    const away = shot ? model.since(shot.timestamp) - at : -Infinity;
    const recording = model.recordings.findLast((each) => each.publicUrl && each.endedAt && model.since(each.endedAt) <= at);
    if (recording && (away > 0 || model.since(recording.endedAt) - at > away)) {
      const end = model.since(recording.endedAt);
      return { kind: "video", recording, seconds: (end - startOf(model, recording)) / 1000, at: end, away: end - at };
    }
    if (shot && !(shot.type === "seen" && away > EARLY_MILLIS)) {
      return { kind: "shot", shot, at: at + away, away };
    }
    const next = model.recordings.find((each) => each.publicUrl && startOf(model, each) > at);
    const start = next && startOf(model, next);
    return next ? { kind: "video", recording: next, seconds: 0, at: start, away: start - at } : { kind: "none" };
  }

  render() {
    const shown = this.choice();
    this.shown = shown;
    return html`<div class="stage of-${shown.kind}">${this.liveView(shown.kind !== "live")}${this[shown.kind](shown)}</div>
      ${this.model.live && this.model.at !== null
        ? html`<span class="row back-to-live">${this.flight(shown)}<button type="button" class="primary" @click=${() => this.model.backToLive()}>Back to
          live</button></span>`
        : nothing}`;
  }

  /** The flight recorder may have what no recording shows. */
  flight({ kind, away }) {
    const { model } = this;
    const remembers = model.length - model.at <= REWIND_MILLIS + 1000 || this.saving;
    return remembers && model.session.options?.flightRecorder && mayAct(model.session) && !(kind === "video" && away === undefined)
      ? html`<button type="button" ?disabled=${this.saving} @click=${this.save}>${this.saving ? "Saving …" : "Save and show the last 30 s"}</button>` : nothing;
  }

  async save() {
    const { model } = this;
    this.saving = true;
    try {
      const { objectId } = await post(`${model.path}/recording/keep`);
      await loadArtifacts(model, this.life.signal);
      const saved = model.recordings.find((each) => each.objectId === objectId && each.startedAt);
      if (saved && model.at !== null) {
        // What was the last 30 s before has gone on meanwhile.
        model.goTo(Math.max(model.at, startOf(model, saved)));
      }
    } catch (e) {
      say(`${e.message} ${e.hint ?? ""}`, "bad");
    } finally {
      this.saving = false;
    }
  }

  /** Stays, hidden, while a person looks at an earlier moment. */
  liveView(hidden) {
    const link = this.model.session.status === "running" ? this.liveLink() : null;
    return link
      ? html`<iframe title="The session, live" ?hidden=${hidden} src=${link} allow="clipboard-read; clipboard-write; fullscreen"></iframe>`
      : nothing;
  }

  liveLink() {
    const { model } = this;
    return model.session.liveUrl ? here(model.session.liveUrl) : hasToken() ? address(`/live/${model.id}`).href : null;
  }

  live() {
    return this.liveLink() ? nothing : this.none();
  }

  waiting() {
    const { queuePosition, queueReason } = this.model.session;
    return html`<div class="words"><span class="spinner" aria-hidden="true"></span><h2>${queuePosition ? "Waiting for a free place" : "Starting Chrome"}</h2>
      <p>${queueReason ?? (queuePosition ? `The session starts when ${queuePosition} places have become free.` : "This takes a moment.")}</p></div>`;
  }

  video({ recording, at, away }) {
    return html`<video muted playsinline preload="auto" src=${here(recording.publicUrl)} aria-label="Recording of the session"
        @loadedmetadata=${() => this.seek()} @seeked=${() => this.arrived()}
        @error=${() => this.model.tellPictured()}></video>${this.point()}${away === undefined ? nothing : this.caption(at, away)}`;
  }

  /** Of when the picture is, if it is not of the instant. */
  caption(at, away) {
    const when = Math.abs(away) < 100 ? "" : away < 0 ? `, ${duration(-away)} before` : `, ${duration(away)} after`;
    return html`<p class="caption">Picture at ${clock(at, true)}${when}</p>`;
  }

  shot({ shot, at, away }) {
    return html`<img src=${here(shot.publicUrl)} alt="The page at ${clock(at)}"
        @load=${() => this.arrived()} @error=${() => this.model.tellPictured()}>${this.point()}${this.caption(at, away)}`;
  }

  none() {
    const { model } = this;
    const url = model.urlAt(model.instant) || model.session.currentUrl;
    return html`<div class="words">
      <h2>No picture of this moment</h2>
      ${url ? html`<p>The page was ${webLink(url, shortUrl(url))}</p>` : nothing}
      <p class="muted">${whyNone(model)}</p>
    </div>`;
  }

  point() {
    return html`<span class="click-point" aria-hidden="true" hidden></span>`;
  }

  firstUpdated() {
    const observer = new ResizeObserver(() => this.place());
    observer.observe(this);
    this.life.signal.addEventListener("abort", () => observer.disconnect());
  }

  updated() {
    if (!["video", "shot"].includes(this.shown.kind)) {
      this.model.tellPictured();
    }
    this.seek();
    this.place();
    this.soFar.reach(this.life.signal);
  }

  /** Moves the video to the instant; while it plays, it runs by itself and is moved where it differs. */
  seek() {
    const video = this.querySelector("video");
    if (!video || this.shown.kind !== "video" || video.readyState < 1) {
      return;
    }
    const { playing, speed } = this.model;
    const seconds = Math.min(this.shown.seconds, Math.max(0, (video.duration || 0) - 0.05));
    const running = playing && this.shown.seconds < (video.duration || 0);
    video.playbackRate = speed;
    if (Math.abs(video.currentTime - seconds) > (running ? DRIFT_SECONDS * speed : 0.02)) {
      video.currentTime = seconds;
    }
    if (running && video.paused) {
      video.play().catch(() => {});
    } else if (!running && !video.paused) {
      video.pause();
    }
  }

  arrived() {
    this.model.tellPictured();
    this.place();
  }

  /** Puts the mark where the chosen action pointed. */
  place() {
    const mark = this.querySelector(".click-point");
    const media = this.querySelector("video, .stage img");
    if (mark) {
      mark.hidden = !media || !putMark(mark, media, this.model.action, this.model.session);
    }
  }
}
customElements.define("berth-picture", Picture);

function whyNone(model) {
  const pending = model.recordings.some((each) => each.state === "pending" && !each.publicUrl);
  const { options, recording } = model.session;
  if (!model.live) {
    return pending ? "The recording is being stored. You can watch it in a moment." : html`The session was not recorded. Set
      <code>recording: true</code> to record sessions from their start, or <code>"onFailure"</code> to keep only those that fail.`;
  }
  if (recording) {
    return "Loading the recording …";
  }
  const seen = "You can go back to what this page has shown since you opened it";
  return pending ? `${seen}. The recording is being stored: you can watch it in a moment.`
    : options?.flightRecorder ? `${seen}, and to the last 30 s, which the flight recorder remembers.` : `${seen}, and to what was recorded.`;
}

/** Puts a mark on a picture that fills its box, and is as large as fits. @returns whether there is a point to show */
export function putMark(mark, media, action, session) {
  const point = action?.details?.point;
  const viewport = action?.details?.viewport ?? session.options?.viewport ?? { width: 1280, height: 720 };
  const width = media.videoWidth ?? media.naturalWidth ?? media.width;
  const height = media.videoHeight ?? media.naturalHeight ?? media.height;
  if (!point || !width || Math.abs((width / height) * (viewport.height / viewport.width) - 1) > SAME_SHAPE) {
    return false;
  }
  const scale = Math.min(media.clientWidth / width, media.clientHeight / height);
  const left = media.offsetLeft + (media.clientWidth - width * scale) / 2 + (point.x / viewport.width) * width * scale;
  const top = media.offsetTop + (media.clientHeight - height * scale) / 2 + (point.y / viewport.height) * height * scale;
  mark.style.left = `${left}px`;
  mark.style.top = `${top}px`;
  return true;
}

/** How the session ended, in words. */
export function ending(model) {
  const { session } = model;
  const end = session.endReason === "client" && session.status === "failed" ? "failed" : reason(session.endReason);
  return `Ended after ${duration(model.length)}: ${end}.`;
}
