/** The console of the session's pages. */
import { html, nothing } from "lit";
import { shortUrl } from "../format.js";
import { copyButton, webLink } from "../elements.js";
import { when } from "./actions.js";
import { Log, idOf } from "./logs.js";

const LEVELS = ["error", "warn", "info", "log", "debug"];
const SIGNS = { error: "✕", warn: "!", info: "i", log: "›", debug: "·" };
const MOST_INDENT = 8;

class Console extends Log {
  operation = "console";

  render() {
    const { model } = this;
    return html`<div class="narrowing">
        <label class="unseen" for="console-level">Level</label>
        <select id="console-level" @change=${(event) => this.choose("level", event.target.value)}>
          <option value="">All levels</option>${LEVELS.map((level) => html`<option value=${level}
            ?selected=${level === this.filter.level}>${level}</option>`)}
        </select>
        <input type="search" aria-label="Text in the console" placeholder="Filter by text" maxlength="200" .value=${this.filter.text ?? ""}
          @input=${(event) => this.set("text", event.target.value)}>
      </div>
      <berth-rows label="Console" .source=${this.source()} .version=${model.live ? model.version : 0} ?follows=${model.live && model.at === null}
        .chosen=${this.open ? idOf(this.open) : null}
        .nothing=${html`<p>${Object.values(this.filter).some(Boolean) || model.range
          ? "No matching lines." : "The console is empty."}</p>`}
        @choose=${(event) => this.show(event.detail)}></berth-rows>
      ${this.open ? this.detail(this.open) : nothing}`;
  }

  source() {
    const { model } = this;
    return {
      key: JSON.stringify(this.query()) + model.wall,
      height: 24,
      remote: true,
      page: (offset, limit, signal) => this.fetch("console", "logs", offset, limit, signal),
      id: idOf,
      kind: (line) => `line ${LEVELS.includes(line.level) ? line.level : "log"}`,
      row: (line) => html`<span class="when">${when(model, line.timestamp)}</span>
        <span class="sign" aria-hidden="true">${SIGNS[line.level] ?? "›"}</span><span class="unseen">${line.level}</span>
        <span class="what indent-${Math.min(line.group ?? 0, MOST_INDENT)}"><code>${first(line.message)}</code></span>
        <span class="muted from">${line.url ? `${fileOf(line.url)}${line.line ? `:${line.line}` : ""}` : ""}</span>`,
    };
  }

  detail(line) {
    return html`<section class="detail" aria-label="The chosen line">
      <header><h3><span class="badge ${line.level === "error" ? "bad" : line.level === "warn" ? "warn" : ""}">${line.level}</span></h3>
        <span class="muted">${when(this.model, line.timestamp)} · ${line.source ?? ""}</span>
        ${copyButton([line.message, ...(line.stack ?? [])].join("\n    at "))}
        <button type="button" class="quiet close" aria-label="Close" @click=${() => (this.open = null)}>✕</button></header>
      <pre class="message" tabindex="0">${line.message}</pre>
      ${line.stack?.length ? html`<h4>Stack</h4><ol class="stack">${line.stack.map((frame) => html`<li><code>${frame}</code></li>`)}</ol>` : nothing}
      ${line.url ? html`<p class="muted source">${webLink(line.url, shortUrl(line.url))}${line.line ? `, line ${line.line}` : ""}</p>` : nothing}
    </section>`;
  }
}
customElements.define("berth-console", Console);

/** The first line of a message: a row has room for one. */
function first(message) {
  const end = message.search(/[\r\n]/);
  return end < 0 ? message.slice(0, 400) : `${message.slice(0, Math.min(end, 400))} …`;
}

function fileOf(url) {
  return url.replace(/[?#].*/, "").split("/").pop() || shortUrl(url).slice(0, 40);
}
