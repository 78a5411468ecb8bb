/** The session as a file: for tools, for an agent, or all of it. */
import { html, nothing } from "lit";
import { address, getBlob, getText, hasToken, mayAct, post } from "../api.js";
import { copy, say } from "../elements.js";
import { View } from "./view.js";

/** How long the link is valid by which the browser fetches a large file. */
const LINK_MILLIS = 600_000;

const FORMS = [
  { name: "Everything, ZIP", hint: "Logs, actions, HAR, report and files", operation: "export", ending: "zip", large: true },
  { name: "Report, Markdown", hint: "What happened, for a bug report or an agent", operation: "report", query: { format: "markdown" }, ending: "md" },
  { name: "Report, JSON", hint: "The same for programs", operation: "report", query: { format: "json" }, ending: "json" },
  { name: "Files, ZIP", hint: "Uploads and downloads under their own names", operation: "files.zip", ending: "files.zip", large: true },
  { name: "HAR", hint: "All requests, for DevTools and other viewers", operation: "har", ending: "har" },
  { name: "HAR with bodies", hint: "If the session kept bodies", operation: "har", query: { content: true }, ending: "har", large: true },
];

/** Of a session that runs, for people with a key: a storage state logs in whoever has it. */
const STATE = { name: "Storage state", hint: "Cookies and storage for Playwright or another session. Keep it secret", operation: "storage-state",
  query: { indexedDB: true }, ending: "state.json" };

class Export extends View {
  static properties = { busy: { state: true }, error: { state: true } };

  render() {
    return html`<ul class="plain choosing"><li><button type="button" @click=${this.copyReport}>Copy report <span class="muted">Markdown, to paste
          into a bug report or a prompt</span></button></li>
        ${this.forms().map((form) => html`<li><button type="button" ?disabled=${Boolean(this.busy)}
        @click=${() => this.save(form)}>${this.busy === form.name ? "Preparing …" : form.name} <span class="muted">${form.hint}</span></button></li>`)}</ul>
      ${this.error ? html`<p class="error" role="alert">${this.error.message} ${this.error.hint ?? ""}</p>` : nothing}`;
  }

  forms() {
    return this.model.session?.status === "running" && mayAct(this.model.session) ? [...FORMS, STATE] : FORMS;
  }

  /** Goes on when the menu is closed: so that it is heard of then, too, it is said to all of the page. */
  async save(form) {
    this.busy = form.name;
    this.error = null;
    try {
      await (form.large && (hasToken() || mayAct(this.model.session)) ? this.download(form) : this.fetch(form));
    } catch (e) {
      this.error = e;
      say(`${form.name}: ${e.message}`, "bad");
    } finally {
      this.busy = null;
    }
  }

  /** By the browser itself, which shows how far it is: the page could only hold all of it in memory. */
  async download({ operation, query, ending }) {
    const url = address(`${this.model.path}/${operation}`, query);
    if (!hasToken()) {
      const link = await post(`${this.model.path}/share`, { whole: true, ttl: LINK_MILLIS });
      url.searchParams.set("token", new URL(link.url).searchParams.get("token"));
    }
    this.give(url.href, ending);
    say("Download started");
  }

  async fetch({ operation, query, ending }) {
    const url = URL.createObjectURL(await getBlob(`${this.model.path}/${operation}`, query));
    this.give(url, ending);
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
    say("Saved");
  }

  give(url, ending) {
    const anchor = document.createElement("a");
    anchor.href = url;
    anchor.download = `${this.model.id}.${ending}`;
    anchor.click();
  }

  async copyReport() {
    try {
      await copy(await getText(`${this.model.path}/report`, { format: "markdown" }, this.life.signal));
    } catch (e) {
      this.error = e;
    }
  }
}
customElements.define("berth-export", Export);
