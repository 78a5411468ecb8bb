/** One request: what was asked and answered, how long each part took, what it carried. */
import { html, nothing } from "lit";
import { getBlob } from "../api.js";
import { copyButton, webLink } from "../elements.js";
import { bytes, duration } from "../format.js";
import { when } from "./actions.js";
import { curlOf } from "./curl.js";
import { idOf } from "./logs.js";
import { View } from "./view.js";

const PHASES = { blocked: "Queued", dns: "DNS", connect: "Connect", send: "Send", wait: "Wait", receive: "Receive" };
const MAX_SHOWN_CHARS = 200_000;

class Request extends View {
  static properties = { request: { attribute: false }, body: { state: true }, bodyError: { state: true } };

  willUpdate(changed) {
    if (changed.has("request")) {
      this.body = null;
      this.bodyError = null;
    }
  }

  render() {
    const { request } = this;
    const curl = curlOf(request);
    return html`<section class="detail" aria-label="The chosen request">
      <header><h3>${request.method} <span
        class="badge ${request.error || request.status >= 400 ? "bad" : "good"}">${request.blocked ? "blocked" : request.error ? "no response" : request.status}</span></h3>
        <span class="space"></span>
        ${curl ? copyButton(curl, "Copy as curl") : nothing}${copyButton(request.url, "Copy URL")}
        <button type="button" class="quiet close" aria-label="Close" @click=${() => this.dispatchEvent(new Event("close"))}>✕</button></header>
      <p class="url">${webLink(request.url, request.url.slice(0, 2000))}</p>
      ${request.error ? html`<p class="error">${request.error}</p>` : nothing}
      ${request.blocked ? html`<p>Blocked by <code>${request.blocked.rule}</code>.</p>`
        : request.rule ? html`<p>Rule <code>${request.rule.routeId}</code> applied: ${request.rule.action}.</p>` : nothing}
      <p class="muted">${this.facts().filter(Boolean).join(" · ")}</p>
      ${request.initiator?.url ? html`<p
        class="muted">Initiated by ${request.initiator.type}: ${placeOf(request.initiator)}</p>` : nothing}
      ${this.timings()} ${this.messages()}
      ${this.headers("Request headers", request.requestHeaders)}
      ${typeof request.requestBody === "string" ? html`<h4>Request body</h4><pre tabindex="0">${request.requestBody}</pre>` : nothing}
      ${this.headers("Response headers", request.responseHeaders)} ${this.response()}
    </section>`;
  }

  facts() {
    const { request } = this;
    return [
      when(this.model, request.timestamp),
      duration(request.duration),
      bytes(request.size),
      request.mimeType,
      request.httpVersion,
      request.remoteAddress,
      request.priority && `${request.priority} priority`,
      request.fromCache && "from the cache",
      request.fromServiceWorker && "from a service worker",
    ];
  }

  timings() {
    const { timings } = this.request;
    if (!timings) {
      return nothing;
    }
    const phases = Object.keys(PHASES).filter((name) => timings[name] >= 0);
    const whole = phases.reduce((sum, name) => sum + timings[name], 0) || 1;
    let passed = 0;
    return html`<h4>Timing</h4><div class="phases">${phases.map((name) => {
      const left = passed / whole;
      passed += timings[name];
      return html`<span>${PHASES[name]}</span><span class="fall"><span class="bar ${name}"
        .style=${`left: ${left * 100}%; width: max(1px, ${(timings[name] / whole) * 100}%)`}></span></span>
        <span class="number">${timings[name].toFixed(1)} ms</span>`;
    })}</div>`;
  }

  headers(title, headers) {
    const entries = Object.entries(headers ?? {});
    return entries.length === 0 ? nothing : html`<details open><summary>${title} <span class="muted">${entries.length}</span></summary>
      <dl class="headers">${entries.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl></details>`;
  }

  response() {
    const { body } = this.request;
    if (!body) {
      return html`<p class="muted">Body not kept. Sessions with <code>bodies: true</code> keep text and JSON bodies.</p>`;
    }
    if (body.offset === undefined) {
      return html`<p class="muted">Body not kept: ${body.missing ?? "too large, or not text"}</p>`;
    }
    return html`<h4>Response body</h4>${this.bodyError ? html`<p class="error">${this.bodyError.message}</p>` : nothing}
      ${this.body === null ? html`<button type="button" @click=${this.load}>Show body</button>` : html`<pre tabindex="0">${this.body}</pre>`}`;
  }

  async load() {
    const { request } = this;
    try {
      const blob = await getBlob(`${this.model.path}/network/${idOf(request)}/body`, {}, this.life.signal);
      const text = pretty(await blob.text(), request.mimeType);
      if (request === this.request) {
        this.body = text.length > MAX_SHOWN_CHARS ? `${text.slice(0, MAX_SHOWN_CHARS)}\n… ${text.length - MAX_SHOWN_CHARS} characters more` : text;
      }
    } catch (e) {
      this.bodyError = e;
    }
  }

  messages() {
    const { messages } = this.request;
    return messages
      ? html`<details open><summary>Messages <span class="muted">${messages.state === "open"
          ? "open; messages are counted when it closes"
          : `${messages.sent} sent (${bytes(messages.sentBytes)}), ${messages.received} received (${bytes(messages.receivedBytes)})`}</span></summary>
          <ol class="messages">${(messages.first ?? []).map((message) => html`<li class=${message.sent ? "sent" : "received"}><span
            class="muted">${message.sent ? "↑" : "↓"} ${when(this.model, message.timestamp)}</span>
              <code>${message.data}</code></li>`)}</ol></details>`
      : nothing;
  }
}
customElements.define("berth-request", Request);

const placeOf = ({ url, line }) => url.slice(0, 300) + (line ? `:${line}` : "");

function pretty(text, mimeType) {
  if (/json/.test(mimeType ?? "")) {
    try {
      return JSON.stringify(JSON.parse(text), null, 2);
    } catch {
      // Cut or broken JSON is shown as it came.
    }
  }
  return text;
}
