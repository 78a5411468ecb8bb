/** The requests of the session's pages, as a waterfall. */
import { html, nothing } from "lit";
import { mayAct } from "../api.js";
import { bytes, duration, fileOf } from "../format.js";
import { when } from "./actions.js";
import { Log, idOf } from "./logs.js";
import "./request.js";
import "./routes.js";

const CLASSES = ["2xx", "3xx", "4xx", "5xx"];
const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"];
const TYPES = ["document", "stylesheet", "script", "image", "font", "media", "xhr", "fetch", "websocket", "other"];

class Network extends Log {
  static properties = { ruling: { state: true } };
  operation = "network";

  render() {
    const { model } = this;
    return html`<div class="narrowing">
        <input type="search" aria-label="Part of the URL" placeholder="Filter by URL" maxlength="200" .value=${this.filter.url ?? ""}
          @input=${(event) => this.set("url", event.target.value)}>
        ${this.select("status", "Status", CLASSES)} ${this.select("method", "Method", METHODS)} ${this.select("type", "Type", TYPES)}
        <label class="tick-box"><input type="checkbox" .checked=${Boolean(this.filter.failed)}
          @change=${(event) => this.choose("failed", event.target.checked ? "true" : "")}> No answer</label>
        ${model.live && mayAct(model.session) ? html`<button type="button" class="quiet" aria-expanded=${Boolean(this.ruling)}
          @click=${() => (this.ruling = !this.ruling)}>Rules</button>` : nothing}
      </div>
      ${this.ruling && model.live ? html`<berth-routes .model=${model}></berth-routes>` : nothing}
      <berth-rows label="Network" .source=${this.source()} .version=${model.live ? model.version : 0} ?follows=${model.live && model.at === null}
        .chosen=${this.open ? idOf(this.open) : null}
        .nothing=${html`<p>${Object.values(this.filter).some(Boolean) || model.range
          ? "No request here." : "The pages have sent no request."}</p>`}
        @choose=${(event) => (this.open = event.detail)}></berth-rows>
      ${this.open
        ? html`<berth-request .model=${model} .request=${this.open} @close=${() => (this.open = null)}></berth-request>`
        : nothing}`;
  }

  select(name, label, values) {
    return html`<select aria-label=${label} @change=${(event) => this.choose(name, event.target.value)}>
      <option value="">${label}</option>${values.map((value) => html`<option value=${value}
        ?selected=${value === this.filter[name]}>${value}</option>`)}</select>`;
  }

  source() {
    const { model } = this;
    const [from, to] = model.range ?? model.span;
    const bar = (request) => {
      const begin = Math.min(Math.max(0, (model.since(request.timestamp) - from) / (to - from)), 0.99);
      const wide = Math.min(1 - begin, (request.duration ?? 0) / (to - from));
      return `left: ${(begin * 100).toFixed(2)}%; width: max(2px, ${(wide * 100).toFixed(2)}%)`;
    };
    return {
      key: JSON.stringify(this.query()) + model.wall,
      height: 26,
      remote: true,
      page: (offset, limit, signal) => this.fetch("network", "requests", offset, limit, signal),
      id: idOf,
      kind: (request) => `request ${hasFailed(request) ? "failed" : ""} ${request.blocked ? "blocked" : ""}`,
      name: (request) => `${request.method} ${request.url.slice(0, 200)}, ${request.error ?? request.status ?? ""}, ${lasted(request)}`,
      row: (request) => html`<span class="when">${when(model, request.timestamp)}</span>
        <span class="status" title=${request.blocked?.words ?? nothing}>${request.blocked ? "⊘" : request.error ? "✕" : request.status ?? "–"}</span>
        <span class="method muted">${request.method}</span>
        <span class="what" title=${request.url}>${fileOf(request.url)}
          ${request.blocked ? html`<b>${request.blocked.rule}</b>`
            : request.rule ? html`<b>${request.rule.routeId}</b>` : nothing} <span class="muted">${hostOf(request.url)}</span></span>
        <span class="type muted">${request.resourceType}</span>
        <span class="number size muted">${request.fromCache ? "cache" : bytes(sizeOf(request))}</span>
        <span class="number">${lasted(request)}</span>
        <span class="fall"><span class="bar" .style=${bar(request)}></span></span>`,
    };
  }
}
customElements.define("berth-network", Network);

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
