/** The requests of the session's pages, as a waterfall. */
import { html, nothing } from "lit";
import { mayAct } from "../api.js";
import { bytes, duration } from "../format.js";
import { when } from "./actions.js";
import { Log, idOf } from "./logs.js";
import "./request.js";
import "./routes.js";

const NONE = "none";
const CLASSES = ["2xx", "3xx", "4xx", "5xx"];
const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"];
const TYPES = ["document", "stylesheet", "script", "image", "font", "media", "xhr", "fetch", "websocket", "other"];

const MOST_SORTED = 300;
const byBegin = (requests) => requests.sort((a, b) => Date.parse(a.timestamp) - Date.parse(b.timestamp));

class Network extends Log {
  static properties = { ruling: { state: true } };
  operation = "network";

  render() {
    const { model } = this;
    return html`<div class="narrowing">
        <input type="search" aria-label="Part of the URL" placeholder="Filter by URL" maxlength="200" .value=${this.filter.url ?? ""}
          @input=${(event) => this.set("url", event.target.value)}>
        ${this.statuses()} ${this.select("method", "Method", METHODS)} ${this.select("type", "Type", TYPES)}
        ${model.live && mayAct(model.session) ? html`<button type="button" class="quiet" aria-expanded=${Boolean(this.ruling)}
          @click=${() => (this.ruling = !this.ruling)}>Rules</button>` : nothing}
      </div>
      ${this.ruling && model.live ? html`<berth-routes .model=${model}></berth-routes>` : nothing}
      <berth-rows label="Network" .source=${this.source()} .version=${model.live ? model.version : 0} ?follows=${model.live && model.at === null}
        .chosen=${this.open ? idOf(this.open) : null}
        .nothing=${html`<p>${Object.values(this.filter).some(Boolean) || model.range
          ? "No matching requests." : "No requests yet."}</p>`}
        @choose=${(event) => this.show(event.detail)}></berth-rows>
      ${this.open
        ? html`<berth-request .model=${model} .request=${this.open} @close=${() => (this.open = null)}></berth-request>`
        : nothing}`;
  }

  statuses() {
    const { failed, status } = this.filter;
    const choose = ({ target }) => {
      this.choose("failed", target.value === NONE ? "true" : "");
      this.choose("status", target.value === NONE ? "" : target.value);
    };
    return html`<select aria-label="Status" @change=${choose}><option value="">Status</option>${CLASSES.map((value) => html`<option value=${value}
      ?selected=${value === status}>${value}</option>`)}<option value=${NONE} ?selected=${Boolean(failed)}>No response</option></select>`;
  }

  select(name, label, values) {
    return html`<select aria-label=${label} @change=${(event) => this.choose(name, event.target.value)}>
      <option value="">${label}</option>${values.map((value) => html`<option value=${value}
        ?selected=${value === this.filter[name]}>${value}</option>`)}</select>`;
  }

  /** By begin. The server lists by end: a list up to MOST_SORTED is read whole, of a longer one each page is sorted. */
  async sorted(offset, limit, signal) {
    const first = await this.fetch("network", "requests", 0, MOST_SORTED, signal);
    if (first.total > MOST_SORTED) {
      const page = await this.fetch("network", "requests", offset, limit, signal);
      return { ...page, entries: byBegin(page.entries) };
    }
    return { entries: byBegin(first.entries).slice(offset, offset + limit), total: first.total };
  }

  source() {
    const { model } = this;
    const [from, to] = model.range ?? model.span;
    const ours = new Set(model.navigations.map(({ url }) => hostOf(url)));
    const foreign = (host) => (ours.size === 1 && ours.has(host) ? "" : host);
    const bar = (request) => {
      const begin = Math.min(Math.max(0, (model.since(request.timestamp) - from) / (to - from)), 0.99);
      const wide = Math.min(1 - begin, (request.duration ?? 0) / (to - from));
      return `left: ${(begin * 100).toFixed(2)}%; width: max(2px, ${(wide * 100).toFixed(2)}%)`;
    };
    return {
      key: JSON.stringify(this.query()) + model.wall,
      height: 26,
      remote: true,
      page: (offset, limit, signal) => this.sorted(offset, limit, signal),
      id: idOf,
      kind: (request) => `request ${hasFailed(request) ? "failed" : ""} ${request.blocked ? "blocked" : ""}`,
      row: (request) => html`<span class="when">${when(model, request.timestamp)}</span>
        <span class="status" title=${request.blocked?.words ?? nothing}>${request.blocked ? "⊘" : request.error ? "✕" : request.status ?? "–"}</span>
        <span class="method muted">${request.method}</span>
        <span class="what" title=${request.url}>${pathOf(request.url)}
          ${request.blocked ? html`<b>${request.blocked.rule}</b>`
            : request.rule ? html`<b>${request.rule.routeId}</b>` : nothing} <span class="muted">${foreign(hostOf(request.url))}</span></span>
        <span class="type muted">${request.resourceType}</span>
        <span class="number size muted">${request.fromCache ? "cache" : bytes(sizeOf(request))}</span>
        <span class="number">${lasted(request)}</span>
        <span class="fall"><span class="bar" .style=${bar(request)}></span></span>`,
    };
  }
}
customElements.define("berth-network", Network);

/** What tells a request from others of its host: the path, with the query; of a URL without a host, its beginning. */
function pathOf(url) {
  try {
    const { host, pathname, search } = new URL(url);
    return (host ? pathname + search : url).slice(0, 300);
  } catch {
    return url.slice(0, 300);
  }
}

/** A WebSocket is an entry when it opens, and another when it is over. */
const lasted = ({ messages, duration: millis }) => (messages?.state === "open" ? "open" : duration(millis));

const sizeOf = ({ messages, size }) => (messages ? messages.sentBytes + messages.receivedBytes : size);

export const hasFailed = (request) => Boolean(request.error) || request.status >= 400;

function hostOf(url) {
  try {
    return new URL(url).host;
  } catch {
    return "";
  }
}
