/** The page of one session, live or ended: its picture above its time, and beside them what happened. */
import { html, nothing } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { hasToken, mayAct } from "../api.js";
import { Element, failure, loading } from "../elements.js";
import { link, replace } from "../router.js";
import "./about.js";
import "./actions.js";
import "./artifacts.js";
import "./connect.js";
import "./console.js";
import { goToError } from "./errors.js";
import "./following.js";
import { Frames } from "./frames.js";
import "./heading.js";
import { load } from "./load.js";
import { SessionModel } from "./model.js";
import "./network.js";
import "./picture.js";
import { Player } from "./play.js";
import "./playbar.js";
import "./script.js";
import "./task.js";
import "./timeline.js";

const PANELS = {
  actions: { title: "Actions", count: (model) => model.session.actionCount, view: (page) => html`<berth-actions .model=${page.model}
    .frames=${page.frames}></berth-actions>` },
  console: { title: "Console", view: (page) => html`<berth-console .model=${page.model}></berth-console>` },
  network: { title: "Network", view: (page) => html`<berth-network .model=${page.model}></berth-network>` },
  artifacts: { title: "Files", count: (model) => model.artifacts.length, view: (page) => html`<berth-artifacts
    .model=${page.model}></berth-artifacts>` },
  task: { title: "AI task", shown: (model) => model.tasks.length > 0 || model.lanes(["ai"]).length > 0, view: (page) => html`<berth-session-tasks
    .model=${page.model}></berth-session-tasks>` },
  script: { title: "Script", view: (page) => html`<berth-script .model=${page.model}></berth-script>` },
  pages: { title: "Pages", view: (page) => html`<berth-pages .model=${page.model}></berth-pages>` },
  about: { title: "Details", view: (page) => html`<berth-health .model=${page.model}></berth-health>` },
  connect: { title: "Connect", shown: (model) => mayAct(model.session), view: (page) => html`<berth-connect .model=${page.model}></berth-connect>` },
};

class SessionPage extends Element {
  static properties = { sessionId: {}, panel: { state: true }, error: { state: true }, ready: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    this.panel = "actions";
    addEventListener("keydown", (event) => this.key(event), { signal: this.life.signal });
    addEventListener("hashchange", () => this.takeHash(), { signal: this.life.signal });
    // Pictures and videos tell of errors to nobody above them, but to who captures.
    this.addEventListener("error", (event) => this.unread(event.target), { capture: true, signal: this.life.signal });
  }

  willUpdate(changed) {
    if (changed.has("sessionId") && this.begun !== this.sessionId) {
      this.begin();
    }
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.leave();
  }

  /** A picture or video could not be read: its link may have expired. */
  unread(target) {
    if (target.matches("img, video")) {
      this.model.tell("links-expired");
    }
  }

  leave() {
    this.turn?.abort();
    this.frames?.close();
    if (this.player) {
      this.player.over = true;
    }
  }

  async begin() {
    this.leave();
    this.begun = this.sessionId;
    this.ready = false;
    this.error = null;
    const model = new SessionModel(this.sessionId);
    this.model = model;
    this.frames = new Frames(model);
    this.player = new Player(model);
    // Ends where another session takes the place of this one.
    this.turn = new AbortController();
    const { signal } = this.turn;
    for (const event of ["change", "select"]) {
      model.addEventListener(event, () => this.changed(event), { signal });
    }
    model.addEventListener("open", (event) => (this.panel = event.detail), { signal });
    try {
      await load(model, signal);
    } catch (e) {
      if (!signal.aborted) {
        this.error = e;
      }
    }
  }

  changed(event) {
    const { model } = this;
    if (model.session && !this.ready) {
      this.ready = true;
      document.title = `${model.session.title || model.id} · Berth`;
      this.takeHash();
    }
    if (event === "select") {
      this.putHash();
    }
    this.requestUpdate();
  }

  // The chosen instant in the URL

  takeHash() {
    const at = /^#t=(\d+)$/.exec(location.hash);
    if (at && this.model.session) {
      const millis = Number(at[1]);
      if (Math.round(this.model.at ?? -1) !== millis) {
        this.model.goTo(millis);
      }
    }
  }

  putHash() {
    const { at, playing } = this.model;
    const hash = at === null ? "" : `#t=${Math.round(at)}`;
    if (!playing && hash !== location.hash) {
      replace(location.pathname + location.search + hash);
    }
  }

  render() {
    if (this.error) {
      return this.error.status === 404 || (this.error.status === 401 && hasToken()) ? this.absent() : failure(this.error, () => this.begin());
    }
    if (!this.ready) {
      return loading("the session");
    }
    return keyed(this.model, html`<berth-heading .model=${this.model} @acted=${() => this.querySelector("berth-following").ask()}></berth-heading>
      <berth-following hidden .model=${this.model}></berth-following>
      <div class="session-parts ${this.model.live && this.model.at === null ? "is-live" : ""}">
        <div class="seeing">
          <berth-picture .model=${this.model}></berth-picture>
          <berth-playbar .model=${this.model} .player=${this.player}></berth-playbar>
          <berth-timeline .model=${this.model} .frames=${this.frames}></berth-timeline>
        </div>
        ${this.panels()}
      </div>`);
  }

  absent() {
    return hasToken()
      ? html`<div class="state empty"><h1>This link leads nowhere any more</h1><p>It has expired, or who made it has revoked it. Ask for another.</p></div>`
      : html`<div class="state empty"><h1>There is no such session</h1><p>None of yours has the id <code>${this.sessionId.slice(0, 100)}</code>.
        <a href=${link()}>All sessions</a></p></div>`;
  }

  panels() {
    const shown = Object.entries(PANELS).filter(([, panel]) => !panel.shown || panel.shown(this.model));
    const chosen = shown.some(([name]) => name === this.panel) ? this.panel : "actions";
    return html`<section class="panels card" aria-label="What happened" @point=${(event) => this.model.point(event.detail)}>
      <div class="tabs" role="tablist" aria-label="What happened"
        @keydown=${this.tabKeys}>${shown.map(([name, panel]) => html`<button type="button" role="tab" id="tab-${name}" aria-controls="panel"
          aria-selected=${name === chosen ? "true" : "false"}
        tabindex=${name === chosen ? 0 : -1} @click=${() => (this.panel = name)}>${panel.title}${panel.count ? html` <span
          class="muted">${panel.count(this.model)}</span>`
            : nothing}${name === "task" && this.model.tasks.some((task) => task.status === "waiting") ? html` <span
              class="badge warn">asks</span>` : nothing}</button>`)}</div>
      <div id="panel" class="panel of-${chosen}" role="tabpanel" aria-labelledby="tab-${chosen}">${keyed(chosen, PANELS[chosen].view(this))}</div>
    </section>`;
  }

  tabKeys(event) {
    const moves = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity };
    if (!(event.key in moves)) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    const tabs = [...event.currentTarget.querySelectorAll("[role=tab]")];
    const place = tabs.indexOf(document.activeElement) + moves[event.key];
    const tab = tabs[Math.min(Math.max(0, place), tabs.length - 1)];
    tab.click();
    tab.focus();
  }

  key(event) {
    const { model } = this;
    const { target } = event;
    const typing = target.closest?.("input, select, textarea, [contenteditable], .menu") || (event.key !== "Escape" && scrolls(target));
    if (!this.ready || typing || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) {
      return;
    }
    const pressing = event.key === " " && target.closest?.("button, a, summary, video");
    const act = {
      " ": () => this.player.toggle(),
      ArrowLeft: () => model.step(-1),
      ArrowRight: () => model.step(1),
      Home: () => model.goTo(0),
      End: () => model.goTo(model.live ? null : model.length),
      e: () => goToError(model, 1, this.life.signal),
      E: () => goToError(model, -1, this.life.signal),
      "+": () => this.player.change(1),
      "-": () => this.player.change(-1),
      z: () => model.range && model.zoom(model.range),
      0: () => model.zoom(null),
      Escape: () => model.clear(),
    }[event.key];
    if (act && !pressing) {
      event.preventDefault();
      act();
    }
  }
}
customElements.define("berth-session", SessionPage);

/** Whether keys move what is in a part of the page that has the focus. */
const scrolls = (target) => target.closest?.("pre, .scrolls, [role=region]") || target.matches?.(".panel, .detail");
