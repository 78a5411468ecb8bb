/**
 * How an ended session looked last: the end of its recording, or its last screenshot; of one whose work failed, how it looked when its
 * last step failed, since test runners close their pages before the end. Files are asked for once, only of what is in view, and for few
 * sessions at a time.
 */
import { html } from "lit";
import { get } from "../api.js";
import { Element } from "../elements.js";
import { frameAt, still } from "../session/frames.js";

const WIDTH = 320;
const AT_ONCE = 2;
const MOST_KEPT = 60;
const MOST_STEPS = 500;

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
  static properties = { sessionId: {}, failed: { type: Boolean }, picture: { state: true } };

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
      const failedAt = this.failed ? await this.failure() : null;
      this.picture = await last(artifacts.filter((file) => file.state === "stored" && file.publicUrl), failedAt);
      // A recording is stored some moments after the end.
      if (this.picture || !artifacts.some((file) => file.state === "pending")) {
        keep(this.sessionId, this.picture);
      }
    } catch {
      // Without a picture the card tells as much.
    }
  }

  /** When the last step that failed ended: milliseconds of the epoch; null where no step is known to have failed. */
  async failure() {
    const { steps } = await get(`/api/sessions/${this.sessionId}/steps`, { limit: MOST_STEPS }, this.life.signal);
    const step = steps.findLast(({ error }) => error);
    return step ? Date.parse(step.startedAt) + step.duration : null;
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

async function last(files, failedAt) {
  const recording = files.findLast((file) => file.type === "recording" && file.endedAt);
  const shot = files.findLast((file) => file.type === "screenshot");
  const filmed = recording && (failedAt || !shot || recording.endedAt >= shot.timestamp);
  const seconds = failedAt ? (failedAt - Date.parse(recording?.startedAt ?? recording?.timestamp)) / 1000 : Infinity;
  return (filmed ? await frameAt(recording.publicUrl, WIDTH, seconds) : null) ?? (shot ? await still(shot.publicUrl, WIDTH) : null);
}
