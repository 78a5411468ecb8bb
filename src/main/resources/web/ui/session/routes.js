/** The session's rules for requests: to see, add and remove. */
import { html, nothing } from "lit";
import { get, post, remove } from "../api.js";
import { View } from "./view.js";

const ACTIONS = { block: "Block", mock: "Mock response", continue: "Set headers", delay: "Delay", fail: "Fail" };
const ERRORS = ["failed", "aborted", "connectionrefused", "connectionreset", "internetdisconnected", "namenotresolved", "timedout"];

class Routes extends View {
  static properties = { routes: { state: true }, error: { state: true }, busy: { state: true }, action: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    this.action = "block";
    this.load();
  }

  load() {
    return this.attempt(() => undefined);
  }

  /** Does it, and shows the rules that hold then. */
  async attempt(work) {
    this.busy = true;
    this.error = null;
    try {
      await work();
      this.routes = (await get(`${this.model.path}/routes`, {}, this.life.signal)).routes;
      return true;
    } catch (e) {
      this.error = e;
      return false;
    } finally {
      this.busy = false;
    }
  }

  render() {
    return html`<form class="rule" @submit=${this.add}>
        <select aria-label="Action" name="action" @change=${(event) => (this.action = event.target.value)}>${Object.entries(ACTIONS)
          .map(([action, name]) => html`<option value=${action}>${name}</option>`)}</select>
        <input name="url" aria-label="URL pattern" placeholder="**/api/*" required maxlength="500">
        ${this.fields()}
        <button class="primary" ?disabled=${this.busy}>Add rule</button>
      </form>
      ${this.error ? html`<p class="error" role="alert">${this.error.message} ${this.error.hint ?? ""}</p>` : nothing}
      ${this.routes?.length ? html`<ul class="plain">${this.routes.map((route) => this.route(route))}</ul>` : html`<p
        class="muted">No rules. The first rule that matches a request applies. <code>*</code> matches text without a slash, <code>**</code> any text.</p>`}`;
  }

  fields() {
    switch (this.action) {
      case "mock":
        return html`<input name="status" type="number" aria-label="Response status" value="200" min="200" max="599">
          <input name="type" aria-label="Response content type" value="application/json" maxlength="200">
          <textarea name="body" aria-label="Response body" rows="2" placeholder="[]"></textarea>`;
      case "continue":
        return html`<textarea name="setHeaders" aria-label="Headers to set" rows="2" required placeholder="X-Tenant: 7"></textarea>`;
      case "delay":
        return html`<input name="delay" type="number" aria-label="Milliseconds" value="1000" min="1" max="60000">`;
      case "fail":
        return html`<select name="error" aria-label="Error">${ERRORS.map((error) => html`<option>${error}</option>`)}</select>`;
      default:
        return nothing;
    }
  }

  route(route) {
    const details = [route.status, route.setHeaders?.join(", "), route.delay && `${route.delay} ms`, route.error, route.methods?.join(", "),
      route.types?.join(", "), route.times && `${route.times} times`];
    return html`<li><span>${route.routeId}: ${ACTIONS[route.action]} <code>${route.url}</code></span>
      <span class="muted">${[...details.filter(Boolean), `used: ${route.used}`].join(" · ")}</span>
      <button type="button" class="quiet danger" ?disabled=${this.busy}
        @click=${() => this.attempt(() => remove(`${this.model.path}/routes/${route.routeId}`))}>Remove</button></li>`;
  }

  async add(event) {
    event.preventDefault();
    const form = event.target;
    const given = Object.fromEntries(new FormData(form));
    if (await this.attempt(() => post(`${this.model.path}/routes`, rule(given)))) {
      form.url.value = "";
    }
  }
}
customElements.define("berth-routes", Routes);

function rule({ action, url, status, type, body, setHeaders, delay, error }) {
  switch (action) {
    case "mock":
      return { action, url, status: Number(status), headers: type ? { "content-type": type } : {}, body };
    case "continue":
      return { action, url, setHeaders: headersOf(setHeaders) };
    case "delay":
      return { action, url, delay: Number(delay) };
    case "fail":
      return { action, url, error };
    default:
      return { action, url };
  }
}

/** `Name: value` on each line. */
function headersOf(text) {
  const lines = text.split("\n").filter((line) => line.trim());
  return Object.fromEntries(lines.map((line) => {
    const [name, ...value] = line.split(":");
    return [name.trim(), value.join(":").trim()];
  }));
}
