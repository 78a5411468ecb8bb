/** Two sessions beside each other, action by action: where they went, what came of it, how long it took, how it looked. */
import { html, nothing } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { get } from "../api.js";
import { Element, empty, failure, loading, statusBadge } from "../elements.js";
import { dateTime, duration, reason, shortUrl, usd } from "../format.js";
import { go, link, place } from "../router.js";
import { MOST_ALIGNED, align } from "./align.js";
import { when } from "./actions.js";
import { targetOf, took } from "./describe.js";
import { Frames, screenshotAt } from "./frames.js";
import { load, renewLinks } from "./load.js";
import { SessionModel } from "./model.js";
import { here } from "./view.js";

const PAGE = 100;
const AFTER_MILLIS = 500;
const WIDTH = 320;
/** A duration differs when it is this much longer or shorter, and by more than a blink. */
const SLOWER = 1.5;
const BLINK_MILLIS = 100;

class Compare extends Element {
  static properties = {
    ids: { state: true },
    pairs: { state: true },
    error: { state: true },
    recent: { state: true },
    differing: { state: true },
    shown: { state: true },
  };

  connectedCallback() {
    super.connectedCallback();
    addEventListener("berth-place", () => this.begin(), { signal: this.life.signal });
    this.begin();
    this.choose();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.leave();
  }

  leave() {
    this.turn?.abort();
    this.frames?.forEach((frames) => frames.close());
  }

  /** Recent sessions, of which a person may choose. */
  async choose() {
    try {
      this.recent = (await get("/api/sessions", { limit: 100, includeTerminated: true }, this.life.signal)).sessions;
    } catch {
      this.recent = [];
    }
  }

  async begin() {
    this.leave();
    // Ends where two others are chosen, also before these have come.
    this.turn = new AbortController();
    const { signal } = this.turn;
    const { query } = place();
    this.ids = [query.get("a") ?? "", query.get("b") ?? ""];
    this.pairs = null;
    this.error = null;
    this.shown = PAGE;
    if (!this.ids.every(Boolean)) {
      return;
    }
    const models = this.ids.map((id) => new SessionModel(id));
    try {
      await Promise.all(models.map((model) => load(model, signal)));
      this.take(models, signal);
    } catch (e) {
      if (!signal.aborted) {
        this.error = e;
      }
    }
  }

  take(models, signal) {
    if (signal.aborted) {
      return;
    }
    models.forEach((model) => model.addEventListener("links-expired", () => renewLinks(model, signal), { signal }));
    this.models = models;
    this.frames = models.map((model) => new Frames(model));
    const pairs = align(models[0].actions, models[1].actions);
    this.pairs = pairs.map((pair, at) => ({ pair, at, differs: differencesOf(models, pair) }));
  }

  render() {
    return html`<h1>Compare two sessions</h1>
      <form class="compared" @submit=${this.submit}>${["a", "b"].map((side, at) => html`<div>
        <label for="compare-${side}">${side === "a" ? "First" : "Second"}</label>
        <input id="compare-${side}" name=${side} list="recent-sessions" required placeholder="session-…" .value=${this.ids[at]}></div>`)}
        <button class="primary">Compare</button>
        <datalist id="recent-sessions">${(this.recent ?? []).map((session) => html`<option
          value=${session.sessionId}>${session.title || shortUrl(session.currentUrl)}, ${dateTime(session.createdAt)}</option>`)}</datalist>
      </form>
      ${this.content()}`;
  }

  submit(event) {
    event.preventDefault();
    const form = new FormData(event.target);
    go(link("compare", { a: form.get("a").trim(), b: form.get("b").trim() }));
  }

  content() {
    if (this.error) {
      return failure(this.error, () => this.begin());
    }
    if (!this.ids.every(Boolean)) {
      return empty(
        "Choose two sessions",
        "A run that worked and one that did not, or a run before and after a change. Their actions are put beside each other.",
      );
    }
    return this.pairs ? keyed(this.models, this.table()) : loading("both sessions");
  }

  table() {
    const different = this.pairs.filter(({ differs }) => differs.length > 0);
    const rows = this.differing ? different : this.pairs;
    const count = different.length;
    const part = this.models.some((model) => model.session.actionCount > MOST_ALIGNED)
      ? html`<span class="muted">Only the first ${MOST_ALIGNED.toLocaleString("en")} actions of each are compared.</span>` : nothing;
    return html`<div class="heads">${this.models.map((model) => this.head(model))}</div>
      <div class="narrowing"><b>${count === 0 ? "No differences" : `${count} of ${this.pairs.length} steps differ`}</b> ${part}
        <label class="tick-box"><input type="checkbox" @change=${(event) => (this.differing = event.target.checked)}> Differences only</label></div>
      <ol class="aligned">${rows.slice(0, this.shown).map((row) => this.row(row))}</ol>
      ${rows.length > this.shown ? html`<p class="more"><button type="button"
        @click=${() => (this.shown += PAGE)}>Show more of ${rows.length}</button></p>` : nothing}`;
  }

  head(model) {
    const { session } = model;
    const failed = model.actions.filter((action) => !action.success).length;
    const title = session.title || shortUrl(session.currentUrl) || session.sessionId;
    const sum = (counts) => (counts ?? []).reduce((all, count) => all + count, 0);
    const { timeline } = model;
    return html`<div class="head card"><h2><a
        href=${link(`session/${session.sessionId}`)}>${title}</a> ${statusBadge(session.status)}</h2>
      <p class="muted">${dateTime(session.createdAt)}${session.endReason ? `: ${reason(session.endReason)}` : ""}</p>
      <p class="sums"><span><b>${duration(model.length)}</b></span><span><b>${session.actionCount}</b> actions</span><span
        class=${failed ? "error" : ""}><b>${failed}</b> failed</span>
        ${timeline ? html`<span><b>${sum(timeline.network.total)}</b> requests</span><span><b>${sum(timeline.network.failed)}</b> failed</span><span
          ><b>${sum(timeline.console.error)}</b> console errors</span>` : nothing}<span><b>${usd(session.cost?.usd)}</b></span></p></div>`;
  }

  row({ pair, at, differs }) {
    return html`<li class=${differs.length > 0 ? "differs" : ""}>
      <p class="why">${differs.length > 0 ? differs.join(", ") : nothing}</p>
      ${pair.map((action, side) => (action ? this.cell(action, side, at, differs) : html`<div class="cell none muted">Not in this one</div>`))}</li>`;
  }

  cell(action, side, at, differs) {
    const model = this.models[side];
    const done = action.at + (action.duration ?? 0);
    const { status } = action.details ?? {};
    return html`<div class="cell ${action.success ? "" : "failed"}">
      <berth-compared-picture .model=${model} .frames=${this.frames[side]} .at=${done + AFTER_MILLIS}></berth-compared-picture>
      <div class="said-of"><a href=${`${link(`session/${model.id}`)}#t=${Math.round(done)}`}>${when(model, action.timestamp)}</a>
        <b>${action.type}</b> <code>${targetOf(action)}</code>
        ${Number.isInteger(status) ? html`<span class="badge ${status >= 400 ? "bad" : "good"}">${status}</span>` : nothing}
        <span class="number ${differs.includes(SLOW[side]) ? "error" : "muted"}">${took(action)}</span>
        <span class="muted url">${shortUrl(action.details?.finalUrl ?? model.urlAt(done))}</span>
        ${action.error ? html`<span class="error">${action.error}</span>` : nothing}</div></div>`;
  }
}
customElements.define("berth-compare", Compare);

const SLOW = ["slower in the first", "slower in the second"];

/** In what two actions that stand beside each other differ, in words. */
function differencesOf(models, [a, b]) {
  if (!a || !b) {
    return [a ? "only in the first" : "only in the second"];
  }
  const urls = [a, b].map((action, side) => action.details?.finalUrl ?? models[side].urlAt(action.at + (action.duration ?? 0)));
  const longer = Math.max(a.duration, b.duration);
  const slower = a.duration > b.duration * SLOWER ? SLOW[0] : SLOW[1];
  return [
    a.success !== b.success && (a.success ? "failed in the second" : "failed in the first"),
    targetOf(a) !== targetOf(b) && a.details?.selector !== b.details?.selector && "another target",
    a.details?.status !== b.details?.status && "another status",
    urls.every(Boolean) && pathOf(urls[0]) !== pathOf(urls[1]) && "another page",
    Math.abs(a.duration - b.duration) > BLINK_MILLIS && longer > SLOWER * Math.min(a.duration, b.duration) && slower,
  ].filter(Boolean);
}

function pathOf(url) {
  try {
    const { pathname, search } = new URL(url);
    return pathname + search;
  } catch {
    return url;
  }
}

/** How the page looked then. It is made when the row is seen. */
class ComparedPicture extends Element {
  static properties = { model: { attribute: false }, frames: { attribute: false }, at: { attribute: false }, picture: { state: true } };

  firstUpdated() {
    const observer = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) {
        observer.disconnect();
        this.take();
        this.model.addEventListener("change", () => this.takeAgain(), { signal: this.life.signal });
      }
    });
    observer.observe(this);
    this.life.signal.addEventListener("abort", () => observer.disconnect());
  }

  /** With new links, what could not be read may be read. */
  takeAgain() {
    if (this.renewals !== this.model.renewals && !(this.picture instanceof HTMLCanvasElement)) {
      this.take();
    }
  }

  async take() {
    this.renewals = this.model.renewals;
    this.picture = (await this.frames.at(this.at, WIDTH)) ?? screenshotAt(this.model, this.at);
  }

  render() {
    const { picture } = this;
    if (!picture) {
      return html`<span class="blank"></span>`;
    }
    return picture instanceof HTMLCanvasElement
      ? picture
      : html`<img src=${here(picture.publicUrl)} alt="The page then" loading="lazy" @error=${() => this.model.tell("links-expired")}>`;
  }
}
customElements.define("berth-compared-picture", ComparedPicture);
