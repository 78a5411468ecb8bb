/** The profiles: logins and stored data that sessions left for the next ones. What is in them is never shown. */
import { html, nothing } from "lit";
import { get, remove } from "../api.js";
import { ask } from "../dialogs.js";
import { Polled, empty, pager, say } from "../elements.js";
import { ago, bytes, dateTime } from "../format.js";
import { go, link, place } from "../router.js";

const LIMIT = 30;

class Profiles extends Polled {
  period = 10_000;

  connectedCallback() {
    super.connectedCallback();
    addEventListener("berth-place", () => this.refresh(), { signal: this.life.signal });
  }

  ask(signal) {
    return get("/api/profiles", { limit: LIMIT, offset: Number(place().query.get("offset")) || 0 }, signal);
  }

  async drop({ name }) {
    if (await ask("Delete this profile?", `Deletes all versions of ${name} with their logins and site data. Running sessions that started with it keep going.`, "Delete profile")) {
      try {
        await remove(`/api/profiles/${name}`);
        say("Profile deleted");
        this.refresh();
      } catch (e) {
        say(`Could not delete the profile: ${e.message}`, "bad");
      }
    }
  }

  render() {
    return html`<div class="page-head"><h1>Profiles</h1></div>
      ${this.shown("the profiles", (page) =>
        page.profiles.length
          ? html`<ul class="webhooks">${page.profiles.map((each) => this.profile(each))}</ul>
              ${pager({ ...page, limit: LIMIT, offset: Number(place().query.get("offset")) || 0 }, (offset) => go(link("profiles", { offset })))}`
          : empty("No profiles yet", "Start a session with a profile to save its logins when it ends. The next session with that profile starts logged in."),
      )}`;
  }

  profile(profile) {
    const { name, usedAt, writer, versions } = profile;
    return html`<li class="card webhook" data-name=${name}>
      <div class="row spread"><h2>${name}</h2>
        ${writer ? html`<a class="badge good" href=${link(`session/${writer}`)}>In use</a>` : nothing}</div>
      <p class="muted">Used <time datetime=${usedAt} title=${dateTime(usedAt)}>${ago(usedAt)}</time></p>
      ${versions.length ? this.versions(versions) : html`<p class="muted">Nothing saved yet.</p>`}
      <div class="row"><a class="button" href=${link("new", { profile: name })}>New session with this profile</a>
        <button type="button" class="danger" ?disabled=${Boolean(writer)} title=${writer ? "A running session may still save it" : nothing}
          @click=${() => this.drop(profile)}>Delete …</button></div>
    </li>`;
  }

  versions(versions) {
    return html`<table><thead><tr><th scope="col">Version</th><th scope="col">Saved</th><th scope="col">Size</th><th scope="col">By</th></tr></thead>
      <tbody>${versions.map(
        ({ version, createdAt, size, sessionId }) => html`<tr><td>${version}</td><td>${dateTime(createdAt)}</td><td>${bytes(size)}</td>
          <td><a href=${link(`session/${sessionId}`)}>Session</a></td></tr>`,
      )}</tbody></table>`;
  }
}
customElements.define("berth-profiles", Profiles);
