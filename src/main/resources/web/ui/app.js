/** The frame of the dashboard: who is signed in, the navigation, and the page that the URL names. */
import { html, nothing } from "lit";
import { ApiError, get, hasToken, key, signIn, signOut, useToken } from "/ui/api.js";
import { Element, failure, loading } from "/ui/elements.js";
import { link, place } from "/ui/router.js";

/** The module of each page; it is loaded when the page is first opened, and defines the element. */
const PAGES = {
  "": { title: "Sessions", module: "/ui/pages/sessions.js", view: () => html`<berth-sessions></berth-sessions>` },
  new: { title: "New session", module: "/ui/pages/new-session.js", view: () => html`<berth-new-session></berth-new-session>` },
  session: { title: "Session", module: "/ui/session/page.js", view: (id) => html`<berth-session .sessionId=${id}></berth-session>` },
  compare: { title: "Compare", module: "/ui/session/compare.js", view: () => html`<berth-compare></berth-compare>` },
  tasks: { title: "AI tasks", module: "/ui/pages/tasks.js", view: () => html`<berth-tasks></berth-tasks>` },
  usage: { title: "Usage", module: "/ui/pages/usage.js", view: () => html`<berth-usage></berth-usage>` },
  webhooks: { title: "Webhooks", module: "/ui/pages/webhooks.js", view: () => html`<berth-webhooks></berth-webhooks>` },
  nodes: { title: "Nodes", module: "/ui/pages/nodes.js", view: () => html`<berth-nodes></berth-nodes>`, admin: true },
};
const NAVIGATION = ["", "tasks", "usage", "webhooks", "nodes"];

class App extends Element {
  static properties = { me: { state: true }, error: { state: true }, now: { state: true }, said: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    const { signal } = this.life;
    addEventListener("berth-place", () => this.open(), { signal });
    addEventListener("berth-signed-out", () => this.leave(), { signal });
    addEventListener("berth-say", (event) => this.say(event.detail), { signal });
    const token = place().query.get("token");
    if (token) {
      useToken(token);
    }
    this.open();
    this.meet();
  }

  /** Asks who the key belongs to: a key that is not valid leads to the form again. */
  async meet() {
    this.error = null;
    if (hasToken() || !key()) {
      return;
    }
    try {
      this.me = await get("/api/me");
    } catch (e) {
      if (!(e instanceof ApiError && e.status === 401)) {
        this.error = e;
      }
    }
  }

  leave() {
    signOut();
    this.me = null;
    this.requestUpdate();
  }

  async open() {
    const now = place();
    const page = PAGES[now.name];
    document.title = page ? `${page.title} · Berth` : "Berth";
    this.now = now;
    if (page && !page.loaded) {
      await import(page.module);
      page.loaded = true;
      this.requestUpdate();
    }
  }

  say(said) {
    this.said = said;
    clearTimeout(this.hush);
    this.hush = setTimeout(() => (this.said = null), 4000);
  }

  render() {
    return html`${this.signedIn() || hasToken() ? this.header() : nothing}
      <main id="main" tabindex="-1">${this.content()}</main>
      <p class="said ${this.said?.kind ?? ""}" role="status" aria-live="polite" ?hidden=${!this.said}>${this.said?.text}</p>`;
  }

  signedIn() {
    return Boolean(key() && this.me);
  }

  content() {
    if (this.error) {
      return failure(this.error, () => this.meet());
    }
    if (!hasToken() && !key()) {
      return html`<berth-sign-in @signed-in=${() => this.meet().then(() => this.requestUpdate())}></berth-sign-in>`;
    }
    if (!hasToken() && !this.me) {
      return loading("your account");
    }
    const page = PAGES[this.now.name];
    if (!page) {
      return html`<div class="state empty"><h1>There is no such page</h1><p><a href=${link()}>All sessions</a></p></div>`;
    }
    return page.loaded ? page.view(this.now.id) : loading(page.title.toLowerCase());
  }

  header() {
    return html`<header class="top">
      <a class="brand" href=${link()}><img src="/ui/icon.svg" alt="" width="24" height="24">Berth</a>
      ${hasToken() ? html`<span class="muted">Shared with you, to read</span>` : html`${this.navigation()}${this.account()}`}
    </header>`;
  }

  navigation() {
    const here = this.now.name === "session" || this.now.name === "new" || this.now.name === "compare" ? "" : this.now.name;
    return html`<nav aria-label="Pages">
      ${NAVIGATION.filter((name) => !PAGES[name].admin || this.me.admin).map(
        (name) => html`<a href=${link(name)} aria-current=${name === here ? "page" : nothing}>${PAGES[name].title}</a>`,
      )}
      <a href="/docs">Docs</a>
    </nav>`;
  }

  account() {
    return html`<span class="account"><span class="muted" title="The user of your key">${this.me.user}</span>
      <button type="button" class="quiet" @click=${() => this.leave()}>Sign out</button></span>`;
  }
}
customElements.define("berth-app", App);

class SignIn extends Element {
  static properties = { error: { state: true }, busy: { state: true } };

  async submit(event) {
    event.preventDefault();
    const value = new FormData(event.target).get("key").trim();
    this.busy = true;
    this.error = "";
    signIn(value);
    try {
      await get("/api/me");
      this.dispatchEvent(new CustomEvent("signed-in"));
    } catch (e) {
      signOut();
      this.error = e instanceof ApiError && e.status === 401 ? "The server does not know this key." : `${e.message} ${e.hint ?? ""}`;
      this.querySelector("input").focus();
    } finally {
      this.busy = false;
    }
  }

  render() {
    return html`<form class="sign-in card" @submit=${this.submit}>
      <h1><img src="/ui/icon.svg" alt="" width="32" height="32">Berth</h1>
      <label for="key">API key</label>
      <input id="key" name="key" type="password" autocomplete="current-password" required autofocus
        aria-describedby="key-hint key-error" aria-invalid=${this.error ? "true" : nothing}>
      <p id="key-error" class="error" role="alert">${this.error ?? ""}</p>
      <button class="primary" ?disabled=${this.busy}>${this.busy ? "Signing in …" : "Sign in"}</button>
      <p id="key-hint" class="muted">The server printed a key at its first start; it is in <code>data/api-key</code>, too.
        <code>java -jar target/berth.jar keys create &lt;name&gt;</code> makes another. It is kept for this tab only.</p>
    </form>`;
  }
}
customElements.define("berth-sign-in", SignIn);
