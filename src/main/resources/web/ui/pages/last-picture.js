/**
 * How an ended session looked last: the end of its recording, or its last screenshot. Files are asked for once, only of what is in view,
 * and for few sessions at a time.
 */
import { html } from "lit";
import { get } from "../api.js";
import { Element } from "../elements.js";
import { lastFrame, still } from "../session/frames.js";

const WIDTH = 320;
const AT_ONCE = 2;
const MOST_KEPT = 60;

/** Canvases by session; null where a session left no picture. */
const kept = new Map();
const waiting = [];
let running = 0;

function takeNext() {
  while (running < AT_ONCE && waiting.length > 0) {
    running++;
    waiting.shift()().finally(() => {
      running--;
      takeNext();
    });
  }
}

const observer = new IntersectionObserver((changes) => {
  for (const { target, isIntersecting } of changes) {
    if (isIntersecting) {
      observer.unobserve(target);
      waiting.push(() => target.take());
    }
  }
  takeNext();
}, { rootMargin: "100px" });

class LastPicture extends Element {
  static properties = { sessionId: {}, picture: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    this.picture = kept.get(this.sessionId);
    if (this.picture === undefined) {
      observer.observe(this);
    }
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    observer.unobserve(this);
  }

  async take() {
    if (!this.isConnected) {
      return;
    }
    try {
      const { artifacts } = await get(`/api/sessions/${this.sessionId}/artifacts`, {}, this.life.signal);
      this.picture = await last(artifacts.filter((file) => file.state === "stored" && file.publicUrl));
      // A recording is stored some moments after the end.
      if (this.picture || !artifacts.some((file) => file.state === "pending")) {
        keep(this.sessionId, this.picture);
      }
    } catch {
      // Without a picture the card tells as much.
    }
  }

  render() {
    return this.picture ?? html`<span class="no-shot">No picture</span>`;
  }
}
customElements.define("berth-last-picture", LastPicture);

function keep(id, picture) {
  kept.set(id, picture);
  if (kept.size > MOST_KEPT) {
    kept.delete(kept.keys().next().value);
  }
}

async function last(files) {
  const recording = files.findLast((file) => file.type === "recording" && file.endedAt);
  const shot = files.findLast((file) => file.type === "screenshot");
  const filmed = recording && (!shot || recording.endedAt >= shot.timestamp);
  return (filmed ? await lastFrame(recording.publicUrl, WIDTH) : null) ?? (shot ? await still(shot.publicUrl, WIDTH) : null);
}
