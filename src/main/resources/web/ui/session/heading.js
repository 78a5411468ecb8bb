/** Which session it is, how it is, and what can be done with it as a whole. */
import { html, nothing } from "lit";
import { hasToken, mayAct, post, remove } from "../api.js";
import { copy, say, statusBadge, webLink } from "../elements.js";
import { bytes, dateTime, duration, shortUrl, usd } from "../format.js";
import { link } from "../router.js";
import "./export.js";
import { ending } from "./picture.js";
import "./share.js";
import { View } from "./view.js";

class Heading extends View {
  static properties = { menu: { state: true }, busy: { state: true }, asked: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    const { signal } = this.life;
    addEventListener("click", (event) => this.menu && !event.composedPath().includes(this) && (this.menu = null), { signal });
    addEventListener("keydown", (event) => event.key === "Escape" && this.menu && this.close(), { signal });
    this.every(1000, () => this.model.live && this.requestUpdate());
  }

  close() {
    const button = this.querySelector(`[aria-controls="menu-${this.menu}"]`);
    this.menu = null;
    button?.focus();
  }

  render() {
    const { session } = this.model;
    const url = session.currentUrl;
    return html`<div class="who">
        <h1>${session.title || shortUrl(url) || "A session"}</h1> ${statusBadge(session.status)}
        ${session.queuePosition ? html`<span class="badge warn">Number ${session.queuePosition} in the queue</span>` : nothing}
        <span class="place">${webLink(url, shortUrl(url))}</span>
        <p class="sums muted"><button type="button" class="link" title="Copy the id"
          @click=${() => copy(session.sessionId)}><code>${session.sessionId}</code></button>
          <span title=${dateTime(session.createdAt)}>${duration(this.model.length)}</span><span>${many(session.actionCount, "action")}</span>
          <span>${many(session.navigationCount, "page")}</span><span>${usd(session.cost?.usd)}</span>${trafficOf(session)}
          ${Object.entries(session.metadata ?? {}).slice(0, 6).map(([name, value]) => html`<span class="badge">${name}: ${value}</span>`)}</p>
      </div>
      <div class="doing">
        ${mayAct(session) ? this.acting() : nothing}
        ${this.opener("export", "Export", html`<berth-export .model=${this.model}></berth-export>`)}
        ${hasToken() ? nothing : html`<a class="button" href=${link("compare", { a: session.sessionId })}>Compare</a>`}
        ${mayAct(session) ? this.opener("share", "Share", html`<berth-share .model=${this.model}></berth-share>`, "primary") : nothing}
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
            title="Make a recording of what the flight recorder remembers"
              @click=${() => this.act("recording/keep", "The last 30 s are kept as a recording")}>Keep the last 30 s</button>` : nothing}`
        : nothing}
      ${this.asked
        ? html`<span class="ask" role="group" aria-label="End the session?"><button type="button" class="danger" ?disabled=${this.busy}
          @click=${this.end}>Yes, end it</button><button type="button" class="quiet" @click=${() => (this.asked = false)}>No</button></span>`
        : html`<button type="button" class="danger" ?disabled=${this.busy} @click=${() => this.askToEnd()}>End session</button>`}`;
  }

  opener(name, label, content, kind = "") {
    const open = this.menu === name;
    return html`<div class="opener"><button type="button" class=${kind} aria-expanded=${open ? "true" : "false"} aria-controls="menu-${name}"
      @click=${() => (this.menu = open ? null : name)}>${label}</button>
      <div id="menu-${name}" class="menu card" ?hidden=${!open}>${open ? content : nothing}</div></div>`;
  }

  /** How it ended, and the way to what came right before. */
  ended() {
    const { model } = this;
    if (model.live) {
      return nothing;
    }
    const { endDetail, status } = model.session;
    return html`<div class="ending ${status}" role=${status === "failed" ? "alert" : nothing}><p><b>${ending(model)}</b> ${endDetail
      ? html`<span>${endDetail.slice(0, 300)}</span>` : nothing}</p>
      <button type="button" @click=${() => model.last()}>Its last 10 s</button></div>`;
  }

  async askToEnd() {
    this.asked = true;
    await this.updateComplete;
    this.querySelector(".ask button").focus();
  }

  record() {
    return this.model.session.recording ? this.act("recording/stop", "The recording is stopped") : this.act("recording/start", "It is being recorded");
  }

  async act(what, done) {
    await this.during(() => post(`${this.model.path}/${what}`), done);
  }

  async end() {
    await this.during(() => remove(this.model.path), "The session has ended");
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

function trafficOf({ traffic }) {
  return traffic
    ? html`<span title="What its Chrome received and sent">↓ ${bytes(traffic.bytesIn)} ↑ ${bytes(traffic.bytesOut)}</span>
      ${traffic.blocked ? html`<span class="badge warn">${many(traffic.blocked, "blocked connection")}</span>` : nothing}`
    : nothing;
}

const many = (count, name) => `${count} ${name}${count === 1 ? "" : "s"}`;
