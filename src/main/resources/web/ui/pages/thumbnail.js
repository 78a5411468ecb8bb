/**
 * What a live session shows now, as a small picture that is taken again every few seconds. Pictures are asked for only of what is
 * in view, while the tab is seen, and few at a time.
 */
import { html, nothing } from "lit";
import { getBlob } from "../api.js";
import { Element } from "../elements.js";

const PERIOD_MILLIS = 4000;
const AT_ONCE = 3;
const CHECK_MILLIS = 250;

const inView = new Set();
let running = 0;
let timer = null;

function takeDue() {
  const due = [...inView].filter((each) => !each.busy && Date.now() - each.askedAt >= PERIOD_MILLIS);
  due.sort((a, b) => a.askedAt - b.askedAt);
  for (const each of document.hidden ? [] : due.slice(0, AT_ONCE - running)) {
    running++;
    each.take().finally(() => running--);
  }
}

function watch(thumbnail, seen) {
  if (seen) {
    inView.add(thumbnail);
  } else {
    inView.delete(thumbnail);
  }
  clearInterval(timer);
  timer = inView.size ? setInterval(takeDue, CHECK_MILLIS) : null;
  if (seen) {
    takeDue();
  }
}

const observer = new IntersectionObserver((changes) => changes.forEach((each) => watch(each.target, each.isIntersecting)), { rootMargin: "100px" });

class Thumbnail extends Element {
  static properties = { sessionId: {}, picture: { state: true } };
  askedAt = 0;
  busy = false;

  connectedCallback() {
    super.connectedCallback();
    observer.observe(this);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    observer.unobserve(this);
    watch(this, false);
    this.show(null);
  }

  /** A picture that does not come leaves the one before in its place. */
  async take() {
    this.busy = true;
    this.askedAt = Date.now();
    try {
      const picture = await getBlob(`/api/sessions/${this.sessionId}/thumbnail`, { width: 320 }, this.life.signal);
      if (this.isConnected) {
        this.show(URL.createObjectURL(picture));
      }
    } catch {
      // Ended, not there yet, or the server is away: the card tells.
    } finally {
      this.busy = false;
    }
  }

  show(picture) {
    if (this.picture) {
      URL.revokeObjectURL(this.picture);
    }
    this.picture = picture;
  }

  render() {
    return this.picture ? html`<img src=${this.picture} alt="What the session shows now">` : nothing;
  }
}
customElements.define("berth-thumbnail", Thumbnail);
