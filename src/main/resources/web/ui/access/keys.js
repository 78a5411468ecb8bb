/** The API keys of all users, for administrators: who has which, what each may use, and when it was used last. */
import { html, nothing } from "lit";
import { get, post, remove } from "../api.js";
import { ask } from "../dialogs.js";
import { Polled, copyButton, empty, pager, say } from "../elements.js";
import { ago, dateTime } from "../format.js";
import { go, link, place } from "../router.js";
import "./key-form.js";
import { limitsOf } from "./limits.js";

const LIMIT = 100;
const GRACE_SECONDS = 3600;

/** `{user, offset}` of the URL. */
function chosen() {
  const { query } = place();
  return { user: (query.get("user") ?? "").slice(0, 100), offset: Math.max(0, Number.parseInt(query.get("offset") ?? "0", 10) || 0) };
}

class Keys extends Polled {
  static properties = { me: { attribute: false }, form: { state: true }, made: { state: true } };
  period = 10_000;

  connectedCallback() {
    super.connectedCallback();
    addEventListener("berth-place", () => this.refresh(), { signal: this.life.signal });
  }

  ask(signal) {
    return get("/api/admin/keys", { limit: LIMIT, ...chosen() }, signal);
  }

  /** @param key with the key itself, where it was made now */
  saved(key) {
    this.form = null;
    this.made = key.key ? key : this.made;
    say(key.key ? "Key created" : "Key saved");
    this.refresh();
  }

  async rotate(key) {
    const text = `Creates a new key for ${key.user} with the same limits. The old key stays valid for one hour.`;
    if (await ask(`Replace key ${key.keyId}?`, text, "Replace key")) {
      await this.during(async () => {
        this.made = await post(`/api/admin/keys/${key.keyId}/rotate`, { graceSeconds: GRACE_SECONDS });
      }, "Key replaced");
    }
  }

  async revoke(key) {
    const own = key.keyId === this.me?.keyId ? " You are signed in with this key." : "";
    const text = `${titleOf(key)} of ${key.user} stops working immediately: its connections close and its links expire.${own}`;
    const answer = await ask(`Revoke key ${key.keyId}?`, text, "Revoke key", "Also end the sessions it created");
    if (answer) {
      const query = answer === "chosen" ? "?sessions=end" : "";
      await this.during(() => remove(`/api/admin/keys/${key.keyId}${query}`), "Key revoked");
    }
  }

  async during(work, done) {
    try {
      await work();
      say(done);
      this.refresh();
    } catch (e) {
      say(`${e.message} ${e.hint ?? ""}`, "bad");
    }
  }

  render() {
    const { user, offset } = chosen();
    return html`<div class="page-head"><h1>Keys</h1>
        ${user ? html`<a class="chip" href=${link("keys")} aria-label="Show the keys of all users">of ${user} <span aria-hidden="true">×</span></a>` : nothing}
        <button type="button" class="primary" @click=${() => (this.form = { user })}>New key</button></div>
      ${this.form ? html`<berth-key-form .value=${this.form} @saved=${(e) => this.saved(e.detail)} @cancel=${() => (this.form = null)}></berth-key-form>` : nothing}
      ${this.made ? this.secret(this.made) : nothing}
      ${this.shown("the keys", ({ keys, total }) => keys.length
        ? html`<section class="card scrolls" tabindex="0" aria-label="The keys"><table class="access">
            <thead><tr>${["Key", "User", "Last used", "Expires", "Limits"].map((name) => html`<th scope="col">${name}</th>`)}<th></th></tr></thead>
            <tbody>${keys.map((key) => this.row(key))}</tbody></table></section>
          ${pager({ limit: LIMIT, offset, total, hasMore: offset + keys.length < total }, (to) => go(link("keys", { user, offset: to || "" })))}`
        : empty("No keys found", "Keys of a user are listed here. You can replace and revoke them."))}`;
  }

  secret({ key, user }) {
    return html`<div class="card note secret" role="status"><h2>New key of ${user}</h2>
      <p>Copy it now. Berth stores only a hash, so you won't see it again.</p>
      <div class="row"><code>${key}</code>${copyButton(key)}<button type="button" @click=${() => (this.made = null)}>Done</button></div></div>`;
  }

  row(key) {
    return html`<tr data-id=${key.keyId}>
      <th scope="row">${titleOf(key)} ${key.role === "user" ? nothing : html`<span class="badge ${key.admin ? "warn" : ""}">${key.role}</span>`}
        ${key.keyId === this.me?.keyId ? html`<span class="badge">yours</span>` : nothing}
        <p class="muted">created ${dateTime(key.createdAt)}</p></th>
      <td data-label="User"><a href=${link("users")}>${key.user}</a></td>
      <td data-label="Last used" title=${key.lastUsedAt ? dateTime(key.lastUsedAt) : nothing}>${key.lastUsedAt ? ago(key.lastUsedAt) : html`<span class="muted">never</span>`}</td>
      <td data-label="Expires">${key.expiresAt ? dateTime(key.expiresAt) : html`<span class="muted">never</span>`}</td>
      <td data-label="Limits">${limitsOf(key.limits).map((text) => html`<p>${text}</p>`)}</td>
      <td class="acts"><button type="button" class="quiet" @click=${() => (this.form = key)}>Change</button>
        <button type="button" class="quiet" @click=${() => this.rotate(key)}>Replace …</button>
        <button type="button" class="danger" @click=${() => this.revoke(key)}>Revoke …</button></td></tr>`;
  }
}
customElements.define("berth-keys", Keys);

function titleOf({ keyId, name }) {
  return name || `Key ${keyId}`;
}
