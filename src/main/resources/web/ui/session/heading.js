/** Which session it is, how it is, and what can be done with it as a whole. */
import { html, nothing } from "lit";
import { hasToken, mayAct, post, remove } from "../api.js";
import { copy, outcomeBadge, say, webLink } from "../elements.js";
import { OUTCOMES, bytes, dateTime, duration, nameOf, shortUrl, usd } from "../format.js";
import { link } from "../router.js";
import "./export.js";
import "./opener.js";
import { ending } from "./picture.js";
import "./share.js";
import { View } from "./view.js";

/** Labels beyond these are in the tab "Details". */
const LABELS = 4;
/** A run has a page of its own. */
const RUN = "run";

class Heading extends View {
  static properties = { busy: { state: true }, asked: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    this.every(1000, () => this.model.live && this.requestUpdate());
  }

  render() {
    const { session } = this.model;
    const url = session.currentUrl;
    return html`<div class="who">
        <h1><bdi>${nameOf(session)}</bdi></h1> ${outcomeBadge(session)}
        ${session.queuePosition ? html`<span class="badge warn">Number ${session.queuePosition} in the queue</span>` : nothing}
        <span class="place">${webLink(url, shortUrl(url))}</span>
        <p class="sums muted"><span title=${dateTime(session.createdAt)}>${duration(this.model.length)}</span><span>${many(session.actionCount, "action")}</span>
          <span>${many(session.navigationCount, "page")}</span><span>${usd(session.cost?.usd)}</span>${trafficOf(session)}
          ${labels(session)}<button type="button" class="link" title=${session.sessionId}
            @click=${() => copy(session.sessionId)}>Copy ID</button></p>
      </div>
      <div class="doing">
        ${mayAct(session) ? this.acting() : nothing}
        ${opener("export", "Export", () => html`<berth-export .model=${this.model}></berth-export>`)}
        ${hasToken() ? nothing : html`<a class="button" href=${link("compare", { a: session.sessionId })}>Compare</a>`}
        ${mayAct(session) ? opener("share", "Share", () => html`<berth-share .model=${this.model}></berth-share>`, "primary") : nothing}
      </div>
      ${this.ended()}`;
  }

  acting() {
    const { session } = this.model;
    if (!this.model.live) {
      return nothing;
    }
    return html`${session.status === "running"
        ? html`<button type="button" ?disabled=${this.busy} @click=${this.record}>${session.recording ? html`<span class="dot"
          aria-hidden="true"></span>Stop recording` : "Record"}</button>
          ${session.options?.flightRecorder ? html`<button type="button" ?disabled=${this.busy}
            title="Save what the flight recorder remembers as a recording"
              @click=${() => this.act("recording/keep", "Saved the last 30 s as a recording")}>Keep last 30 s</button>` : nothing}`
        : nothing}
      ${this.asked
        ? html`<span class="ask" role="group" aria-label="End the session?"><button type="button" class="danger strong" ?disabled=${this.busy}
          @click=${this.end}>End it now</button><button type="button" class="quiet" @click=${() => (this.asked = false)}>Cancel</button></span>`
        : html`<button type="button" class="danger" ?disabled=${this.busy} @click=${() => this.askToEnd()}>End session</button>`}`;
  }

  /** How its work ended, then how its Chrome did, and the ways to what failed and to what came right before the end. */
  ended() {
    const { model } = this;
    const { endDetail, outcome, status } = model.session;
    if (model.live && !outcome) {
      return nothing;
    }
    const bad = OUTCOMES[outcome]?.[1] === "bad" || status === "failed";
    const { failure } = model;
    return html`<div class="ending ${bad ? "failed" : OUTCOMES[outcome]?.[1] === "good" ? "completed" : outcome ? "" : status}" role=${bad ? "alert" : nothing}>
      <p>${outcome ? result(model.session, failure) : nothing} ${model.live ? nothing : html`<span class=${outcome ? "muted" : "strong-text"}>${ending(model)}</span>
        ${endDetail ? html`<span>${endDetail.slice(0, 300)}</span>` : nothing}`}</p>
      <span class="row">${failure ? html`<button type="button" @click=${() => this.toFailure(failure)}>Go to the failure</button>` : nothing}
        ${model.live ? nothing : html`<button type="button" @click=${() => model.last()}>Last 10 s</button>`}</span></div>`;
  }

  toFailure(failure) {
    this.model.choose(failure);
    this.model.dispatchEvent(new CustomEvent("open", { detail: "actions" }));
  }

  async askToEnd() {
    this.asked = true;
    await this.updateComplete;
    this.querySelector(".ask button").focus();
  }

  record() {
    return this.model.session.recording ? this.act("recording/stop", "Recording stopped") : this.act("recording/start", "Recording started");
  }

  async act(what, done) {
    await this.during(() => post(`${this.model.path}/${what}`), done);
  }

  async end() {
    await this.during(() => remove(this.model.path), "Session ended");
    this.asked = false;
  }

  async during(work, done) {
    this.busy = true;
    try {
      await work();
      say(done);
      this.dispatchEvent(new Event("acted", { bubbles: true }));
    } catch (e) {
      say(`${e.message} ${e.hint ?? ""}`, "bad");
    } finally {
      this.busy = false;
    }
  }
}
customElements.define("berth-heading", Heading);

const opener = (name, label, content, kind = "") =>
  html`<berth-opener .name=${name} .label=${label} .kind=${kind} .content=${content}></berth-opener>`;

/** Those that the name does not tell of already. */
function labels({ metadata, name: title = "" }) {
  const run = metadata?.[RUN];
  const all = Object.entries(metadata ?? {}).filter(([name, value]) => (name !== RUN || hasToken()) && !title.includes(value)).map(([name, value]) => `${name}: ${value}`);
  return html`${run && !hasToken() ? html`<a href=${link(`runs/${encodeURIComponent(run)}`)}>Run ${run}</a>` : nothing}${all.slice(0, LABELS).map((label) => html`<span class="badge" title=${label}>${label}</span>`)}${all.length > LABELS
    ? html`<span title=${all.slice(LABELS).join("\n")}>+${all.length - LABELS}</span>` : nothing}`;
}

/** "Failed: expect(locator).toHaveText…": the outcome and why, else the first error of a step. */
function result({ outcome, outcomeReason }, failure) {
  const [text, kind] = OUTCOMES[outcome] ?? ["Ended", ""];
  const why = outcomeReason || (kind === "bad" && failure?.stepId ? failure.error : "");
  const [first, ...more] = why.split("\n").map((line) => line.trim()).filter(Boolean);
  return html`<b>${text}${first ? ":" : ""} <bdi>${first?.slice(0, 400)}</bdi></b>
    ${more.length ? html`<span title=${why}><bdi>${more.slice(0, 6).join(" · ").slice(0, 400)}</bdi></span>` : nothing}`;
}

function trafficOf({ traffic }) {
  return traffic
    ? html`<span title="Received and sent by the session's Chrome">↓ ${bytes(traffic.bytesIn)} ↑ ${bytes(traffic.bytesOut)}</span>
      ${traffic.blocked ? html`<span class="badge warn">${many(traffic.blocked, "blocked connection")}</span>` : nothing}`
    : nothing;
}

const many = (count, name) => `${count} ${name}${count === 1 ? "" : "s"}`;
