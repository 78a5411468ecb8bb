/** The frame of the dashboard: who is signed in, the navigation, and the page that the URL names. */
import { html, nothing } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { ApiError, SERVER, get, hasToken, key, signOut, useRole, useToken } from "./api.js";
import { Element, failure, loading } from "./elements.js";
import { link, place } from "./router.js";
import "./sign-in.js";

/** The module of each page; it is loaded when the page is first opened, and defines the element. */
const PAGES = {
  "": { title: "Sessions", module: "./pages/sessions.js", view: (id, me, asking) => html`<berth-sessions .me=${me} .asking=${asking}></berth-sessions>` },
  all: { title: "Sessions of all users", module: "./pages/all-sessions.js", view: () => html`<berth-all-sessions></berth-all-sessions>`, admin: true },
  new: { title: "New session", module: "./pages/new-session.js", view: (id, me) => html`<berth-new-session .me=${me}></berth-new-session>`, acts: true },
  session: { title: "Session", module: "./session/page.js", view: (id) => html`<berth-session .sessionId=${id}></berth-session>` },
  compare: { title: "Compare", module: "./session/compare.js", view: () => html`<berth-compare></berth-compare>` },
  runs: { title: "Runs", module: "./runs/runs.js", view: (id) => (id ? keyed(id, html`<berth-run .run=${id}></berth-run>`) : html`<berth-runs></berth-runs>`) },
  test: { title: "Test", module: "./runs/test.js", view: () => html`<berth-test></berth-test>` },
  tasks: { title: "AI tasks", module: "./pages/tasks.js", view: (id, me) => html`<berth-tasks .me=${me}></berth-tasks>` },
  profiles: { title: "Profiles", module: "./pages/profiles.js", view: () => html`<berth-profiles></berth-profiles>`, acts: true },
  usage: { title: "Usage", module: "./pages/usage.js", view: (id, me) => html`<berth-usage .me=${me}></berth-usage>` },
  webhooks: { title: "Webhooks", module: "./pages/webhooks.js", view: () => html`<berth-webhooks></berth-webhooks>`, acts: true },
  nodes: { title: "Nodes", module: "./pages/nodes.js", view: () => html`<berth-nodes></berth-nodes>`, admin: true },
  keys: { title: "Keys", module: "./access/keys.js", view: (id, me) => html`<berth-keys .me=${me}></berth-keys>`, admin: true },
  users: { title: "Users", module: "./access/users.js", view: (id, me) => html`<berth-users .me=${me}></berth-users>`, admin: true },
  log: { title: "Admin log", module: "./access/log.js", view: () => html`<berth-admin-log></berth-admin-log>`, admin: true },
};
const ICON = `${SERVER}/ui/icon.svg`;
const NAVIGATION = ["", "runs", "tasks", "profiles", "usage", "webhooks", "nodes", "keys", "users", "log"];
/** Pages that belong to one in the navigation. */
const OF = { all: "", new: "", session: "", compare: "", test: "runs" };
const ASK_AGAIN_MILLIS = 2000;
const WAITING_TASKS_MILLIS = 5000;

/** People write any name into a URL, such as `constructor`: only the names in PAGES are pages. */
function pageOf(name) {
  return Object.hasOwn(PAGES, name) ? PAGES[name] : undefined;
}

class App extends Element {
  static properties = {
    me: { state: true },
    error: { state: true },
    now: { state: true },
    message: { state: true },
    away: { state: true },
    why: { state: true },
    asking: { state: true },
  };

  connectedCallback() {
    super.connectedCallback();
    const { signal } = this.life;
    addEventListener("berth-place", () => this.open(), { signal });
    addEventListener("berth-signed-out", () => this.expire(), { signal });
    addEventListener("berth-say", (event) => this.say(event.detail), { signal });
    addEventListener("berth-away", () => (this.away = true), { signal });
    addEventListener("berth-back", () => this.back(), { signal });
    const token = place().query.get("token");
    if (token) {
      useToken(token);
    }
    this.open();
    this.loadUser();
    this.every(WAITING_TASKS_MILLIS, (aborted) => this.me?.aiConfigured && this.askForTasks(aborted));
    this.every(ASK_AGAIN_MILLIS, () => this.away && get("/health/live").catch(() => {}));
  }

  /** Asks who the key belongs to: a key that is not valid leads to the form again. */
  async loadUser() {
    this.error = null;
    if (hasToken() || !key()) {
      return;
    }
    try {
      this.me = await get("/api/me");
      useRole(this.me.role);
      this.why = "";
    } catch (e) {
      if (!(e instanceof ApiError && e.status === 401)) {
        this.error = e;
      }
    }
  }

  /** The sessions in which an AI task waits for a person: told of in the navigation, wherever the person is. */
  async askForTasks(signal) {
    try {
      const { tasks, total } = await get("/api/agent", { status: "waiting", limit: 100 }, signal);
      this.asking = new Set(tasks.map((task) => task.sessionId));
      this.questions = total;
    } catch {
      // What was known stays in view. That the server is away, the frame says.
    }
  }

  back() {
    this.away = false;
    if (!this.me) {
      this.loadUser();
    }
  }

  /** The server refused the key. Of a key that was just typed, the form tells; of one that was good before, this line. */
  expire() {
    if (this.me) {
      this.leave();
      this.why = "Your key is no longer valid. Sign in with another one.";
    }
    signOut();
    this.requestUpdate();
  }

  leave() {
    signOut();
    this.me = null;
    this.why = "";
  }

  async open() {
    const before = this.now;
    const now = place();
    const page = pageOf(now.name);
    this.now = now;
    if (!before || before.name !== now.name || before.id !== now.id) {
      document.title = page ? `${page.title} · Berth` : "Berth";
      this.movesFocus = Boolean(before);
    }
    if (page && !page.loaded) {
      await this.load(page);
    }
  }

  async load(page) {
    try {
      await import(page.module);
      page.loaded = true;
      this.requestUpdate();
    } catch {
      // The browser does not try to load a module again until the whole page is loaded anew.
      page.broken = true;
      this.requestUpdate();
    }
  }

  /** Another page is shown from its top, and the keyboard's focus goes there too. */
  updated(changed) {
    if (changed.has("now") || changed.has("me")) {
      this.querySelector("nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
    if (this.movesFocus) {
      this.movesFocus = false;
      this.querySelector("main").focus({ preventScroll: true });
      scrollTo(0, 0);
    }
  }

  say(message) {
    this.message = message;
    clearTimeout(this.messageTimer);
    this.messageTimer = setTimeout(() => (this.message = null), message.kind === "bad" ? 10_000 : 4000);
  }

  /** The elements with the role `status` are always there, empty: screen readers speak only text that comes into them later. */
  render() {
    return html`${this.signedIn() || hasToken() ? this.header() : nothing}
      <div role="status">${this.away ? awayNote() : nothing}</div>
      <main id="main" tabindex="-1">${this.content()}</main>
      <div role="status">${this.message ? html`<p class="notice ${this.message.kind}">${this.message.text}</p>` : nothing}</div>`;
  }

  signedIn() {
    return Boolean(key() && this.me);
  }

  content() {
    if (!hasToken() && !key()) {
      return html`<berth-sign-in .why=${this.why} @signed-in=${() => this.loadUser()}></berth-sign-in>`;
    }
    if (this.error && !this.me) {
      return failure(this.error, () => this.loadUser());
    }
    if (hasToken() && this.now.name !== "session") {
      return html`<div class="state empty"><h1>This link shows one session</h1><p>Open the link exactly as you received it.</p></div>`;
    }
    return hasToken() || this.me ? this.page(pageOf(this.now.name)) : loading("your account");
  }

  /** Whether the person's key may read the page at all. */
  opens({ admin, acts }) {
    return (!admin || this.me?.admin) && (!acts || this.me?.role !== "viewer");
  }

  page(page) {
    if (!page || !this.opens(page)) {
      return html`<div class="state empty"><h1>Page not found</h1><p><a href=${link()}>All sessions</a></p></div>`;
    }
    if (page.broken) {
      return failure(new Error("Could not load this page."), () => location.reload());
    }
    return page.loaded ? page.view(this.now.id, this.me, this.asking) : loading("the page");
  }

  header() {
    const brand = html`<img src=${ICON} alt="" width="24" height="24">Berth`;
    return hasToken()
      ? html`<header class="top"><span class="brand">${brand}</span> <span class="muted">Shared with you · read-only</span></header>`
      : html`<header class="top"><a class="brand" href=${link()}>${brand}</a> ${this.navigation()}${this.account()}</header>`;
  }

  navigation() {
    const current = OF[this.now.name] ?? this.now.name;
    return html`<nav aria-label="Pages">
      ${NAVIGATION.filter((name) => this.opens(PAGES[name])).map(
        (name) => html`<a href=${link(name)} aria-current=${name === current ? "page" : nothing}>${PAGES[name].title}${name === "tasks" && this.questions
          ? html` <span class="badge warn">${this.questions}<span class="unseen"> waiting for you</span></span>` : nothing}</a>`,
      )}
      <a href=${`${SERVER}/docs/`}>Docs</a>
    </nav>`;
  }

  account() {
    return html`<span class="account"><span class="muted" title="Your user, and the server's version"
        >${this.me.user}${this.me.role === "viewer" ? ", viewer" : ""} · ${this.me.version}</span>
      <button type="button" class="quiet" @click=${() => this.leave()}>Sign out</button></span>`;
  }
}
customElements.define("berth-app", App);

function awayNote() {
  return html`<p class="away">
    <span class="spinner" aria-hidden="true"></span>The server does not answer. Reconnecting …</p>`;
}
