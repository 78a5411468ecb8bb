/** The page of one session, live or ended: its picture above its time, and beside them what happened. */
import { html, nothing } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { hasToken, mayAct } from "../api.js";
import { Element, failure, loading } from "../elements.js";
import { nameOf } from "../format.js";
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
import "./opener.js";
import "./picture.js";
import { Player } from "./play.js";
import "./playbar.js";
import "./script.js";
import "./task.js";
import "./timeline.js";

const sum = (counts) => counts?.reduce((all, count) => all + count, 0);
/** The failed ones are counted at once, all of them now and then. */
const counted = (all, failed = 0) => [Math.max(all ?? 0, failed), failed];

/** `count` is `[all, failed]`. Panels that are not `main` are in the menu "More" while they are not chosen. */
const PANELS = {
  actions: { title: "Actions", main: () => true, count: ({ rows, session }) => [Math.max(session.actionCount, rows.length), 0],
    view: (page) => html`<berth-actions .model=${page.model} .frames=${page.frames}></berth-actions>` },
  console: { title: "Console", main: () => true, count: ({ timeline, session }) => counted(timeline && sum(Object.values(timeline.console).map(sum)),
    session.errors?.console), view: (page) => html`<berth-console .model=${page.model}></berth-console>` },
  network: { title: "Network", main: () => true, count: ({ timeline, session }) => counted(sum(timeline?.network.total), session.errors?.requests),
    view: (page) => html`<berth-network .model=${page.model}></berth-network>` },
  artifacts: { title: "Files", main: () => true, count: ({ artifacts }) => [artifacts.length, 0], view: (page) => html`<berth-artifacts
    .model=${page.model}></berth-artifacts>` },
  task: { title: "AI task", main: () => true, shown: (model) => model.tasks.length > 0 || model.lanes(["ai"]).length > 0,
    view: (page) => html`<berth-session-tasks .model=${page.model}></berth-session-tasks>` },
  connect: { title: "Connect", main: ({ live, rows }) => live && rows.length === 0, shown: ({ session }) => mayAct(session),
    view: (page) => html`<berth-connect .model=${page.model}></berth-connect>` },
  script: { title: "Script", view: (page) => html`<berth-script .model=${page.model}></berth-script>` },
  pages: { title: "Pages", view: (page) => html`<berth-pages .model=${page.model}></berth-pages>` },
  about: { title: "Details", view: (page) => html`<berth-health .model=${page.model}></berth-health>` },
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
    this.model?.close();
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
      // A person who opens a failed test asks what failed; its page is closed at the end.
      if (!location.hash && !model.live && ["failed", "timedOut"].includes(model.session.outcome) && model.failure) {
        model.goTo(model.failure.at + model.failure.duration);
      }
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
      document.title = `${nameOf(model.session)} · Berth`;
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
      ? html`<div class="state empty"><h1>This link no longer works</h1><p>It has expired or was revoked. Ask for a new one.</p></div>`
      : html`<div class="state empty"><h1>Session not found</h1><p>You have no session with the ID <code>${this.sessionId.slice(0, 100)}</code>.
        <a href=${link()}>All sessions</a></p></div>`;
  }

  panels() {
    const shown = Object.keys(PANELS).filter((name) => PANELS[name].shown?.(this.model) ?? true);
    const chosen = shown.includes(this.panel) ? this.panel : "actions";
    const isTab = (name) => name === chosen || Boolean(PANELS[name].main?.(this.model));
    return html`<section class="panels card" aria-label="What happened" @point=${(event) => this.model.point(event.detail)}>
      <div class="tab-bar"><div class="tabs" role="tablist" aria-label="What happened"
        @keydown=${this.tabKeys}>${shown.filter(isTab).map((name) => this.tab(name, name === chosen))}</div>
        <berth-opener class="more-tabs" .name=${"more"} .label=${"More"} .kind=${"quiet"} .content=${() => this.more(shown.filter((name) => !isTab(name)))}></berth-opener></div>
      <div id="panel" class="panel of-${chosen}" role="tabpanel" aria-labelledby="tab-${chosen}">${keyed(chosen, PANELS[chosen].view(this))}</div>
    </section>`;
  }

  tab(name, chosen) {
    const [all, failed] = PANELS[name].count?.(this.model) ?? [];
    return html`<button type="button" role="tab" id="tab-${name}" aria-controls="panel" aria-selected=${chosen ? "true" : "false"}
      tabindex=${chosen ? 0 : -1} @click=${() => (this.panel = name)}>${PANELS[name].title}${all
        ? html` <span class="muted">${all.toLocaleString("en")}</span>` : nothing}${failed
        ? html` <span class="count-bad">${failed.toLocaleString("en")}<span class="unseen"> failed</span></span>` : nothing}${name === "task" && this.model.tasks.some(
          (task) => task.status === "waiting") ? html` <span class="badge warn">Asks you</span>` : nothing}</button>`;
  }

  more(names) {
    const choose = (event, name) => {
      this.panel = name;
      event.target.dispatchEvent(new Event("done", { bubbles: true }));
    };
    return html`<ul class="plain choosing">${names.map((name) => html`<li><button type="button" id="tab-${name}"
      @click=${(event) => choose(event, name)}>${PANELS[name].title}</button></li>`)}</ul>`;
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
      j: () => model.rewind(),
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
