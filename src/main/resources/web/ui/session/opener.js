/** A button that opens a menu below it: closed by Escape, by a press elsewhere, and by what is chosen in it where that says so. */
import { html, nothing } from "lit";
import { Element } from "../elements.js";

/** `content` gives what is in the menu; it is made while the menu is open. Closes at an event `done` from inside. */
class Opener extends Element {
  static properties = { name: {}, label: { attribute: false }, kind: {}, content: { attribute: false }, open: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    const { signal } = this.life;
    addEventListener("click", (event) => this.open && !event.composedPath().includes(this) && (this.open = false), { signal });
    addEventListener("keydown", (event) => event.key === "Escape" && this.open && this.close(), { signal });
    this.addEventListener("done", () => this.close(), { signal });
  }

  close() {
    this.open = false;
    this.querySelector("[aria-controls]").focus();
  }

  render() {
    return html`<button type="button" class=${this.kind ?? ""} aria-expanded=${this.open ? "true" : "false"} aria-controls="menu-${this.name}"
        @click=${() => (this.open = !this.open)}>${this.label} <span class="caret" aria-hidden="true">▾</span></button>
      <div id="menu-${this.name}" class="menu card" ?hidden=${!this.open}>${this.open ? this.content() : nothing}</div>`;
  }
}
customElements.define("berth-opener", Opener);
