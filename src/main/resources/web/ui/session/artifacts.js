/** The files of the session: pictures, recordings, PDFs, downloads and uploads. */
import { html, nothing } from "lit";
import { mayAct, putFile } from "../api.js";
import { copyButton, empty } from "../elements.js";
import { bytes } from "../format.js";
import { quote } from "../shell.js";
import { when } from "./actions.js";
import { startOf } from "./frames.js";
import { View, here } from "./view.js";

const MOST = 60;
const TRACE = "trace.zip";
const NAMES = { screenshot: "Screenshot", pdf: "PDF", download: "Download", upload: "Upload", recording: "Recording" };

class Artifacts extends View {
  static properties = { playing: { state: true }, more: { state: true }, given: { state: true }, error: { state: true } };

  render() {
    return html`${this.giving()}${this.gallery()}`;
  }

  /** Files for the session, which upload verbs, AI tasks and CDP clients find by their names. */
  giving() {
    if (!mayAct(this.model.session) || this.model.session?.status !== "running") {
      return nothing;
    }
    return html`<p class="give"><label>Upload files to the session <input type="file" multiple @change=${this.give}></label>
      <span class="muted" role="status">${this.given ?? ""}</span>
      ${this.error ? html`<span class="error" role="alert">${this.error.message}</span>` : nothing}</p>`;
  }

  async give({ target }) {
    this.error = null;
    try {
      for (const file of target.files) {
        this.given = `Sending ${file.name} …`;
        await putFile(`${this.model.path}/files/${encodeURIComponent(file.name)}`, file);
        this.given = `${file.name} uploaded. Use its name with the upload action`;
      }
    } catch (e) {
      this.given = null;
      this.error = e;
    }
    target.value = "";
  }

  gallery() {
    const { model } = this;
    const files = this.files();
    if (files.length === 0) {
      return model.range
        ? empty("No files here", "Nothing was kept in the selected time.")
        : empty("No files", "Screenshots, recordings, PDFs, downloads and uploads appear here.");
    }
    const shown = files.slice(0, MOST * (1 + (this.more ?? 0)));
    return html`<ul class="gallery">${shown.map((file) => this.card(file))}</ul>
      ${files.length > shown.length ? html`<p class="more"><button type="button"
        @click=${() => (this.more = (this.more ?? 0) + 1)}>Show more of ${files.length}</button></p>` : nothing}`;
  }

  files() {
    const { model } = this;
    const { range } = model;
    return model.artifacts.filter((file) => {
      const from = startOf(model, file);
      const to = file.endedAt ? model.since(file.endedAt) : from;
      return !range || (from <= range[1] && to >= range[0]);
    });
  }

  card(file) {
    const { model } = this;
    const link = file.publicUrl ? here(file.publicUrl) : null;
    const name = file.fileName || NAMES[file.type] || file.type;
    return html`<li class="file ${file.type}">
      ${this.preview(file, link, name)}
      <div class="about"><b title=${name}>${name}</b>
        <span class="muted"><button type="button" class="link" title="Go to this moment"
          @click=${() => model.goTo(startOf(model, file), { keepRange: true })}>${when(model, file.startedAt ?? file.timestamp)}</button>
          · ${file.state === "stored" ? bytes(file.size) : file.state === "lost" ? "lost" : "being stored"}</span>
        ${link ? html`<a href=${link} download=${file.fileName ?? ""} target="_blank" rel="noreferrer noopener">Download</a>` : nothing}
        ${link && file.fileName === TRACE ? trace(link) : nothing}</div>
    </li>`;
  }

  preview(file, link, name) {
    if (!link) {
      return html`<div class="blank">${file.state === "lost" ? "Could not be saved" : "Being stored"}</div>`;
    }
    if (file.type === "recording") {
      return this.playing === file.objectId
        ? html`<video controls autoplay muted src=${link} aria-label=${name}></video>`
        : html`<button type="button" class="blank play" aria-label="Play ${name}" @click=${() => (this.playing = file.objectId)}>▶</button>`;
    }
    return /^image\/(png|jpeg|webp)$/.test(file.contentType ?? "")
      ? html`<a class="picture" href=${link} target="_blank" rel="noreferrer noopener"><img src=${link} alt=${name} loading="lazy"></a>`
      : html`<div class="blank">${(file.contentType ?? "").split(/[/;]/)[1]?.slice(0, 12) ?? "file"}</div>`;
  }
}
customElements.define("berth-artifacts", Artifacts);

/** Playwright's viewer opens a trace by its link. */
function trace(link) {
  const command = `npx playwright show-trace ${quote(link)}`;
  return html`<code class="command" title=${command}>${command}</code><span>${copyButton(command, "Copy command")}</span>`;
}
