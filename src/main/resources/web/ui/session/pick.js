/** A session of a comparison, and the menu in which another one is chosen: sessions of the same name come first. Tells `pick` with an id. */
import { html, nothing } from "lit";
import { get } from "../api.js";
import { Element, failure, outcomeBadge } from "../elements.js";
import { ago, dateTime, nameOf } from "../format.js";
import { link } from "../router.js";
import "./opener.js";

const LIMIT = 20;
const TYPING_MILLIS = 250;

class Pick extends Element {
  /** `session` is the chosen one, if any; `like` is the session of the other side. */
  static properties = { label: {}, session: { attribute: false }, like: { attribute: false }, found: { state: true }, error: { state: true } };

  render() {
    const { session } = this;
    return html`<div class="pick"><span class="muted">${this.label}</span>
      ${session ? html`<h2><a href=${link(`session/${session.sessionId}`)}><bdi>${nameOf(session)}</bdi></a></h2> ${outcomeBadge(session)}
        <span class="muted" title=${dateTime(session.createdAt)}>${ago(session.createdAt)}</span>` : nothing}
      <berth-opener .name=${`pick-${this.label}`} .label=${session ? "Change" : "Choose a session"} .kind=${session ? "quiet" : ""}
        .content=${() => this.choices()}></berth-opener></div>`;
  }

  choices() {
    if (!this.found && !this.asked) {
      this.asked = true;
      this.search("");
    }
    const same = (this.found ?? []).filter((each) => this.isLike(each));
    const others = (this.found ?? []).filter((each) => !this.isLike(each));
    return html`<input type="search" aria-label="Search sessions" placeholder="Search by name, URL or label" maxlength="200"
        @input=${({ target }) => this.type(target.value)}>
      ${this.error ? failure(this.error) : nothing}
      ${same.length ? html`<h4>Same name</h4>${this.list(same)}` : nothing}
      ${others.length ? html`${same.length ? html`<h4>Others</h4>` : nothing}${this.list(others)}` : nothing}
      ${this.found && same.length + others.length === 0 ? html`<p class="muted">No sessions match.</p>` : nothing}`;
  }

  isLike(session) {
    return Boolean(this.like?.name) && session.name === this.like.name;
  }

  list(sessions) {
    return html`<ul class="plain choosing">${sessions.map((each) => html`<li><button type="button" @click=${(event) => this.pick(event, each)}><span><bdi>${nameOf(each)}</bdi>
      ${outcomeBadge(each)}</span><span class="muted">${ago(each.createdAt)}${each.metadata?.run ? ` · ${each.metadata.run}` : ""}</span></button></li>`)}</ul>`;
  }

  pick(event, { sessionId }) {
    event.target.dispatchEvent(new Event("done", { bubbles: true }));
    this.asked = false;
    this.found = null;
    this.dispatchEvent(new CustomEvent("pick", { detail: sessionId }));
  }

  type(text) {
    clearTimeout(this.typing);
    this.typing = setTimeout(() => this.search(text.trim()), TYPING_MILLIS);
  }

  async search(q) {
    try {
      const ask = (text) => get("/api/sessions", { limit: LIMIT, includeTerminated: true, q: text }, this.life.signal);
      const like = !q && this.like?.name ? (await ask(this.like.name.slice(0, 200))).sessions : [];
      const { sessions } = await ask(q);
      const all = new Map([...like, ...sessions].map((each) => [each.sessionId, each]));
      all.delete(this.like?.sessionId);
      this.found = [...all.values()];
      this.error = null;
    } catch (e) {
      this.error = e;
    }
  }
}
customElements.define("berth-pick", Pick);
