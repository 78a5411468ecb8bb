/** The form that asks for a key. Tells `signed-in` when the server took it. */
import { html, nothing } from "lit";
import { SERVER, signIn } from "./api.js";
import { Element } from "./elements.js";

class SignIn extends Element {
  static properties = { why: {}, error: { state: true }, busy: { state: true } };

  firstUpdated() {
    this.querySelector("input").focus();
  }

  async submit(event) {
    event.preventDefault();
    const value = new FormData(event.target).get("key").trim();
    this.busy = true;
    this.error = "";
    try {
      await signIn(value);
      this.dispatchEvent(new CustomEvent("signed-in"));
    } catch (e) {
      this.error = e.status === 401 ? "Invalid key." : `${e.message} ${e.hint ?? ""}`;
      this.querySelector("input").select();
    } finally {
      this.busy = false;
    }
  }

  render() {
    return html`<form class="sign-in card" @submit=${this.submit}>
      <h1><img src=${`${SERVER}/ui/icon.svg`} alt="" width="32" height="32">Berth</h1>
      ${this.why ? html`<p role="status">${this.why}</p>` : nothing}
      <label for="key">API key</label>
      <input id="key" name="key" type="password" autocomplete="current-password" required spellcheck="false"
        aria-describedby="key-hint key-error" aria-invalid=${this.error ? "true" : nothing}>
      <p id="key-error" class="error" role="alert">${this.error ?? ""}</p>
      <button class="primary" ?disabled=${this.busy}>${this.busy ? "Signing in …" : "Sign in"}</button>
      <p id="key-hint" class="muted">The server printed a key at its first start and saved it in <code>data/api-key</code>.
        <code>java -jar target/berth.jar keys create &lt;name&gt;</code> creates another one. Your browser keeps it for this tab only.</p>
    </form>`;
  }
}
customElements.define("berth-sign-in", SignIn);
