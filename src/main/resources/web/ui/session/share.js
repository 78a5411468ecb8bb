/** Links for people without a key: to the whole session, to read, or to its live view alone. */
import { html, nothing } from "lit";
import { get, post, remove } from "../api.js";
import { copy, copyButton, say } from "../elements.js";
import { dateTime } from "../format.js";
import { View } from "./view.js";

const HOUR = 3_600_000;
const LASTING = [[HOUR, "1 hour"], [24 * HOUR, "1 day"], [7 * 24 * HOUR, "7 days"], [30 * 24 * HOUR, "30 days"]];
/** Who may act gets a link for a short time, unless a person says otherwise. */
const usual = (kind) => (kind === "interactive" ? HOUR : 7 * 24 * HOUR);
const KINDS = { whole: "Whole session, read-only", live: "Live view, watch only", interactive: "Live view, can control" };

class Share extends View {
  static properties = { links: { state: true }, error: { state: true }, busy: { state: true }, kind: { state: true }, newLink: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    this.load();
  }

  async load() {
    try {
      this.links = (await get(`${this.model.path}/share`, {}, this.life.signal)).links;
    } catch (e) {
      this.error = e;
    }
  }

  render() {
    return html`<h3>Share this session</h3>
      <form class="share" @submit=${this.make}>
        <label for="share-kind">What</label>
        <select id="share-kind" name="kind" @change=${(event) => (this.kind = event.target.value)}><option value="whole">${KINDS.whole}</option>
          ${this.model.live ? html`<option value="live">${KINDS.live}</option><option value="interactive">${KINDS.interactive}</option>`
            : nothing}</select>
        <label for="share-ttl">For</label>
        <select id="share-ttl" name="ttl">${LASTING.map(([ttl, name]) => html`<option value=${ttl}
          .selected=${ttl === usual(this.kind)}>${name}</option>`)}</select>
        <button class="primary" ?disabled=${this.busy}>Create link</button>
      </form>
      ${this.error ? html`<p class="error" role="alert">${this.error.message} ${this.error.hint ?? ""}</p>` : nothing}
      ${this.newLink ? this.linkToCopy(this.newLink) : nothing}
      <h4>Active links</h4>
      ${this.links?.length ? html`<ul class="plain">${this.links.map((link) => this.link(link))}</ul>` : html`<p
        class="muted">None. A link works without a key until it expires or you revoke it.</p>`}`;
  }

  linkToCopy(link) {
    return html`<div class="made"><label for="share-url">Link</label><input id="share-url" readonly .value=${link.url}
      @focus=${(event) => event.target.select()}>
      ${copyButton(link.url)} ${link.jsonUrl
        ? html`${copyButton(link.jsonUrl, "Copy as JSON")}${copyButton(link.markdownUrl, "Copy as Markdown")}` : nothing}</div>`;
  }

  link(link) {
    const kind = link.whole ? KINDS.whole : link.interactive ? KINDS.interactive : KINDS.live;
    return html`<li><span>${kind}</span> <span class="muted">until ${dateTime(link.expiresAt)}</span>
      ${copyButton(link.url)}<button type="button" class="quiet danger" @click=${() => this.revoke(link)}>Revoke</button></li>`;
  }

  async make(event) {
    event.preventDefault();
    const form = new FormData(event.target);
    const kind = form.get("kind");
    this.busy = true;
    this.error = null;
    try {
      const ttl = Number(form.get("ttl"));
      const what = kind === "whole" ? { whole: true } : { interactive: kind === "interactive" };
      this.newLink = await post(`${this.model.path}/share`, { ...what, ttl });
      await copy(this.newLink.url);
      await this.load();
    } catch (e) {
      this.error = e;
    } finally {
      this.busy = false;
    }
  }

  async revoke(link) {
    try {
      await remove(`${this.model.path}/share/${encodeURIComponent(link.linkId)}`);
      this.newLink = this.newLink?.linkId === link.linkId ? null : this.newLink;
      say("Link revoked");
      await this.load();
    } catch (e) {
      this.error = e;
    }
  }
}
customElements.define("berth-share", Share);
