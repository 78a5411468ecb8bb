/** The session as a file: for tools, for an agent, or all of it. */
import { html, nothing } from "lit";
import { getBlob, getText } from "/ui/api.js";
import { copy, say } from "/ui/elements.js";
import { View } from "./view.js";

const FORMS = [
  ["ZIP of it all", "Logs, actions, HAR, report and files", "export", {}, "zip"],
  ["Report, Markdown", "What happened, for an agent or a bug report", "report", { format: "markdown" }, "md"],
  ["Report, JSON", "The same, for programs", "report", { format: "json" }, "json"],
  ["HAR", "The requests, for DevTools and others", "har", {}, "har"],
  ["HAR with bodies", "Of a session that keeps them", "har", { content: true }, "har"],
];

class Export extends View {
  static properties = { busy: { state: true }, error: { state: true } };

  render() {
    return html`<h3>Export</h3>
      <ul class="plain exports">${FORMS.map((form) => html`<li><button type="button" ?disabled=${Boolean(this.busy)}
        @click=${() => this.save(form)}>${this.busy === form[0] ? "Preparing …" : form[0]}</button>
        <span class="muted">${form[1]}</span></li>`)}
        <li><button type="button" @click=${this.copyReport}>Copy the report</button> <span
          class="muted">As Markdown, to paste it to an agent</span></li></ul>
      ${this.error ? html`<p class="error" role="alert">${this.error.message} ${this.error.hint ?? ""}</p>` : nothing}`;
  }

  async save([name, , operation, query, ending]) {
    this.busy = name;
    this.error = null;
    try {
      const blob = await getBlob(`${this.model.path}/${operation}`, query, this.life.signal);
      const anchor = document.createElement("a");
      anchor.href = URL.createObjectURL(blob);
      anchor.download = `${this.model.id}.${ending}`;
      anchor.click();
      setTimeout(() => URL.revokeObjectURL(anchor.href), 60_000);
      say("Saved");
    } catch (e) {
      this.error = e;
    } finally {
      this.busy = null;
    }
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
