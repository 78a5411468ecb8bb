/** The users, for administrators: each has sessions of its own, which only its keys see. */
import { html, nothing } from "lit";
import { get, post, remove } from "../api.js";
import { ask } from "../dialogs.js";
import { Polled, failure, pager, say } from "../elements.js";
import { count, dateTime } from "../format.js";
import { go, link, place } from "../router.js";

const LIMIT = 100;

function offset() {
  return Math.max(0, Number.parseInt(place().query.get("offset") ?? "0", 10) || 0);
}

class Users extends Polled {
  static properties = { me: { attribute: false }, wrong: { state: true } };
  period = 10_000;

  connectedCallback() {
    super.connectedCallback();
    addEventListener("berth-place", () => this.refresh(), { signal: this.life.signal });
  }

  ask(signal) {
    return get("/api/admin/users", { limit: LIMIT, offset: offset() }, signal);
  }

  async add(event) {
    event.preventDefault();
    const { user } = event.target.elements;
    this.wrong = null;
    try {
      await post("/api/admin/users", { user: user.value.trim() });
      user.value = "";
      say("User created");
      this.refresh();
    } catch (e) {
      this.wrong = e;
    }
  }

  async drop({ user, keys, runningSessions, sessions }) {
    const running = runningSessions ? `${count(runningSessions, "session")} that still ${runningSessions === 1 ? "runs" : "run"} will end. ` : "";
    const text = `${running}Its ${count(keys, "key")} and ${count(sessions, "session")} will be deleted, with everything kept of them. You can't undo this.`;
    if (await ask(`Remove ${user}?`, text, `Remove ${user}`)) {
      try {
        await remove(`/api/admin/users/${encodeURIComponent(user)}${runningSessions ? "?sessions=end" : ""}`);
        say(`Removed ${user}`);
        this.refresh();
      } catch (e) {
        say(`${e.message} ${e.hint ?? ""}`, "bad");
      }
    }
  }

  render() {
    return html`<div class="page-head"><h1>Users</h1></div>
      <form class="card row new-user" aria-label="New user" @submit=${this.add}>
        <label>New user <input name="user" required maxlength="100" autocomplete="off" spellcheck="false"></label><button>Add</button></form>
      ${this.wrong ? failure(this.wrong) : nothing}
      ${this.shown("the users", ({ users, total }) => html`<section class="card scrolls" tabindex="0" aria-label="The users"><table class="access">
          <thead><tr><th scope="col">User</th><th scope="col">Since</th>
            ${["Keys", "Running", "Sessions kept"].map((name) => html`<th scope="col" class="number">${name}</th>`)}<th></th></tr></thead>
          <tbody>${users.map((user) => this.row(user))}</tbody></table></section>
        ${pager({ limit: LIMIT, offset: offset(), total, hasMore: offset() + users.length < total }, (to) => go(link("users", { offset: to || "" })))}`)}`;
  }

  row(user) {
    return html`<tr data-id=${user.user}><th scope="row">${user.user} ${user.user === this.me?.user ? html`<span class="badge">you</span>` : nothing}</th>
      <td data-label="Since">${dateTime(user.createdAt)}</td>
      <td class="number" data-label="Keys"><a href=${link("keys", { user: user.user })}>${user.keys}</a></td>
      <td class="number" data-label="Running"><a href=${link("all", { user: user.user })}>${user.runningSessions}</a></td>
      <td class="number" data-label="Sessions kept">${user.sessions}</td>
      <td class="acts"><button type="button" class="danger" @click=${() => this.drop(user)}>Remove …</button></td></tr>`;
  }
}
customElements.define("berth-users", Users);
