/** What remains to be told of a session: its pages, its health, with what it was made. */
import { html, nothing } from "lit";
import { get, hasToken, mayAct, post, SERVER } from "../api.js";
import { copyButton, say, webLink } from "../elements.js";
import { dateTime, duration, reason, shortUrl, usd } from "../format.js";
import { link } from "../router.js";
import { when } from "./actions.js";
import { View } from "./view.js";

const POLL_MILLIS = 4000;

class Pages extends View {
  static properties = { open: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    this.every(POLL_MILLIS, (signal) => this.load(signal));
  }

  async load(signal) {
    if (this.model.live && !hasToken()) {
      try {
        this.open = (await get(`${this.model.path}/pages`, {}, signal)).pages;
      } catch {
        this.open = null;
      }
    }
  }

  render() {
    const { model } = this;
    return html`${model.live && this.open
        ? html`<h3>Open pages</h3><ul class="plain">${this.open.map((page) => html`<li><b>${page.title || "Untitled"}</b>
            ${page.active ? html`<span class="badge good">active</span>` : mayAct(model.session) ? html`<button type="button" class="quiet"
              @click=${() => this.activate(page)}>Activate</button>` : nothing}
            ${model.session.connectUrl ? html`<a href=${devTools(model.session.connectUrl, page.pageId)} target="_blank" rel="noopener">DevTools</a>` : nothing}
            <span class="muted url">${shortUrl(page.url)}</span></li>`)}</ul>`
        : nothing}
      <h3>Visited pages</h3>
      ${this.known()}
      <ol class="plain">${model.navigations.map((navigation) => html`<li>
        <button type="button" class="link" @click=${() => model.goTo(model.since(navigation.timestamp))}>${when(model, navigation.timestamp)}</button>
        <b>${navigation.title || "Untitled"}</b>
        <span class="url">${webLink(navigation.url, shortUrl(navigation.url))}</span></li>`)}</ol>`;
  }

  /** How many of its pages are told of. */
  known() {
    const { navigations, session } = this.model;
    if (navigations.length === 0) {
      return html`<p class="muted">No pages visited.</p>`;
    }
    return session.navigationCount > navigations.length
      ? html`<p class="muted">Showing the latest ${navigations.length} of ${session.navigationCount}.</p>` : nothing;
  }

  async activate(page) {
    try {
      await post(`${this.model.path}/pages/${encodeURIComponent(page.pageId)}/activate`);
      await this.load(this.life.signal);
    } catch (e) {
      say(e.message, "bad");
    }
  }
}
customElements.define("berth-pages", Pages);

class Health extends View {
  static properties = { health: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    this.every(POLL_MILLIS, (signal) => this.load(signal));
  }

  async load(signal) {
    if (this.model.live && !hasToken()) {
      try {
        this.health = await get(`${this.model.path}/health`, {}, signal);
      } catch {
        this.health = null;
      }
    }
  }

  render() {
    const { session } = this.model;
    const usage = this.model.timeline?.usage?.at(-1);
    return html`<h3>Health</h3>
      <dl>${this.health && this.model.live ? html`<dt>Page</dt><dd><span
        class="badge ${HEALTH[this.health.status] ?? ""}">${this.health.status}</span> ${this.health.reason ?? ""}</dd>` : nothing}
        ${usage ? html`<dt>${this.model.live ? "Usage" : "Last usage"}</dt><dd>${Math.round(usage.memoryMiB)} MiB, ${usage.cpu.toFixed(2)} cores</dd>` : nothing}
        <dt>Created</dt><dd>${dateTime(session.createdAt)}</dd>
        <dt>Started</dt><dd>${dateTime(session.startedAt)}${session.startedAt ? `, ${duration(this.model.since(session.startedAt))} after creation` : ""}</dd>
        ${session.endedAt ? html`<dt>Ended</dt><dd>${dateTime(session.endedAt)}: ${reason(session.endReason)}</dd>`
          : html`<dt>Expires</dt><dd>${dateTime(session.expiresAt)}</dd>`}
        ${profile(session.profile)}
        ${session.outcomeReason ? html`<dt>Outcome</dt><dd><pre tabindex="0">${session.outcomeReason}</pre></dd>` : nothing}
        ${session.endDetail ? html`<dt>End details</dt><dd><pre tabindex="0">${session.endDetail}</pre></dd>` : nothing}
        <dt>Cost</dt><dd>${usd(session.cost?.usd)}${session.cost?.inputTokens
          ? `, ${session.cost.inputTokens} in + ${session.cost.outputTokens} out tokens` : ""}</dd>
        <dt>Node</dt><dd>${session.machineId}</dd><dt>Session</dt><dd><code>${session.sessionId}</code> ${copyButton(session.sessionId)}</dd></dl>
      ${this.list("Labels", session.metadata)} ${this.list("Options", session.options)}
      <h3>Keys</h3><dl>${KEYS.map(([keys, what]) => html`<dt>${keys.map((key) => html`<kbd>${key}</kbd> `)}</dt><dd>${what}</dd>`)}</dl>`;
  }

  list(title, values) {
    const entries = Object.entries(values ?? {}).filter(([, value]) => value !== null && value !== false && !["{}", "[]"].includes(JSON.stringify(value)));
    const text = (value) => (typeof value === "string" ? value : JSON.stringify(value));
    return entries.length === 0 ? nothing
      : html`<h3>${title}</h3><dl>${entries.map(([name, value]) => html`<dt>${name}</dt><dd><code>${text(value)}</code></dd>`)}</dl>`;
  }
}
customElements.define("berth-health", Health);

/** The address of Chrome's DevTools for a page. */
function devTools(connectUrl, pageId) {
  const { protocol, host, pathname, search } = new URL(connectUrl);
  return `${SERVER}/devtools/inspector.html?${protocol.slice(0, -1)}=${encodeURIComponent(`${host}${pathname}/devtools/page/${pageId}${search}`)}`;
}

/** What became of the session's profile. */
function profile(outcome) {
  if (!outcome) {
    return nothing;
  }
  const { name, version, saved, error } = outcome;
  return html`<dt>Profile</dt><dd><a href=${link("profiles")}>${name}</a>, started ${version ? `with version ${version}` : "empty"}${saved
    ? `, saved as version ${saved}` : ""} ${error ? html`<span class="badge bad">Not saved</span> ${error}` : nothing}</dd>`;
}

const KEYS = [
  [["←", "→"], "Previous and next action"],
  [["E", "e"], "Previous and next error"],
  [["space"], "Play or pause"],
  [["+", "-"], "Faster or slower"],
  [["z", "0"], "Zoom to the selection, and back out"],
  [["Home", "End"], "Go to the start, and to the end or live"],
  [["Esc"], "Clear the selection"],
];

const HEALTH = { healthy: "good", degraded: "warn", unhealthy: "bad" };
