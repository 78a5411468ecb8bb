/** The session's log as a program that does the same again. */
import { html, nothing } from "lit";
import { getText } from "../api.js";
import { copyButton, failure, loading } from "../elements.js";
import { View } from "./view.js";

const FORMATS = [
  { name: "Playwright, JavaScript", format: "playwright-js", ending: "mjs", how: "npm install playwright, node FILE" },
  { name: "Playwright, Python", format: "playwright-python", ending: "py", how: "pip install playwright, python FILE" },
  { name: "Playwright, Java", format: "playwright-java", ending: "java", how: "With com.microsoft.playwright:playwright on the class path" },
  { name: "Puppeteer", format: "puppeteer", ending: "mjs", how: "npm install puppeteer, node FILE" },
  { name: "curl", format: "curl", ending: "sh", how: "With your key in the environment: export BERTH_API_KEY=…, bash FILE" },
];

class Script extends View {
  static properties = { chosen: { state: true }, text: { state: true }, error: { state: true } };
  /** A program does not change while it is read: it is asked for anew. */
  static hears = [];

  connectedCallback() {
    super.connectedCallback();
    this.choose(FORMATS[0]);
  }

  async choose(form) {
    this.chosen = form;
    this.text = null;
    this.error = null;
    try {
      const text = await getText(`${this.model.path}/script`, { format: form.format }, this.life.signal);
      if (this.chosen === form) {
        this.text = text;
      }
    } catch (e) {
      this.error = e;
    }
  }

  render() {
    return html`<div class="choices" role="group" aria-label="Language">${FORMATS.map((form) => html`<button type="button" class="quiet"
      aria-pressed=${form === this.chosen} @click=${() => this.choose(form)}>${form.name}</button>`)}</div>
      <p class="muted">${this.chosen.how.replace("FILE", this.file())}. Entered values are constants at the top. Environment variables override them, and secrets must be set there.</p>
      ${this.error ? failure(this.error, () => this.choose(this.chosen)) : this.text === null ? loading("the script")
        : html`<pre tabindex="0" aria-label=${this.chosen.name}>${this.text}</pre>
          <p>${copyButton(this.text)} <button type="button" @click=${this.save}>Download</button> ${this.model.live
            ? html`<button type="button" class="quiet" @click=${() => this.choose(this.chosen)}>Refresh</button>` : nothing}</p>`}`;
  }

  file() {
    return `${this.model.id}.${this.chosen.ending}`;
  }

  save() {
    const url = URL.createObjectURL(new Blob([this.text], { type: "text/plain" }));
    const anchor = document.createElement("a");
    anchor.href = url;
    anchor.download = this.file();
    anchor.click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  }
}
customElements.define("berth-script", Script);
