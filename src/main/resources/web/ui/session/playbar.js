/** Where a person is in the session's time, and how to move in it. */
import { html, nothing } from "lit";
import { copy } from "../elements.js";
import { clock, timeOfDay } from "../format.js";
import { goToError } from "./errors.js";
import { SPEEDS } from "./play.js";
import { View } from "./view.js";

class Playbar extends View {
  static properties = { player: { attribute: false } };
  static hears = ["change", "select", "time"];

  connectedCallback() {
    super.connectedCallback();
    this.every(1000, () => this.model.live && this.requestUpdate());
  }

  render() {
    const { model } = this;
    const now = model.session.status === "running" && model.at === null;
    return html`<div class="playbar" role="toolbar" aria-label="Replay">
      <button type="button" class="icon" aria-label=${model.playing ? "Pause" : "Play"} title="Play or pause (space)"
        @click=${() => this.player.toggle()}>${model.playing ? "❚❚" : "▶"}</button>
      ${now ? html`<span class="now"><span class="dot" aria-hidden="true"></span>Live</span>`
        : model.live ? html`<button type="button" class="now past" title="Back to live" @click=${() => model.backToLive()}><span class="dot"
          aria-hidden="true"></span>Live</button>` : nothing}
      ${model.live ? html`<button type="button" class="quiet" aria-label="Back 30 s" title="Go back 30 s (j)" @click=${() => model.rewind()}><span
        aria-hidden="true">↺ 30 s</span></button>` : nothing}
      <button type="button" class="time" title="Switch between session time and time of day"
        @click=${() => model.set({ wall: !model.wall })}>
        <b>${this.time(model.instant)}</b> <span
          class="muted">/ ${model.wall ? timeOfDay(model.origin + model.length).slice(0, 8) : clock(model.length)}</span></button>
      ${this.pair("Action", "action (←)", "action (→)", (direction) => model.step(direction))}
      ${this.pair("Error", "error (E)", "error (e)", (direction) => goToError(model, direction, this.life.signal))}
      <label class="unseen" for="speed">Speed</label>
      <select id="speed" title="Speed (+ and -)" .value=${String(model.speed)} @change=${(event) => model.set({ speed: Number(event.target.value) })}>
        ${SPEEDS.map((speed) => html`<option value=${speed} ?selected=${speed === model.speed}>${speed}×</option>`)}</select>
      <label class="tick-box"><input type="checkbox" .checked=${model.skipIdle}
        @change=${(event) => model.set({ skipIdle: event.target.checked })}> Skip idle</label>
      <span class="space"></span>
      ${model.range || model.view ? this.narrowed(model.range, model.view) : html`<button type="button" class="quiet"
        title="Copy a link to this moment" @click=${() => copy(this.link())}>Copy link</button>`}
    </div>`;
  }

  /** What lists and time line are narrowed to: in the place of the link, so that nothing moves. */
  narrowed(range, view) {
    const { model } = this;
    const [from, to] = range ?? view;
    const all = () => {
      model.clear();
      model.zoom(null);
    };
    return html`<span class="narrowed"><span class="text">${model.actionId ? "This one" : `Only ${this.time(from)} – ${this.time(to)}`}</span>
      ${view ? nothing : html`<button type="button" class="quiet" title="Zoom in on this part (z)" @click=${() => model.zoom(range)}>Zoom</button>`}
      <button type="button" class="quiet" aria-label="Show everything" title="Show everything (Escape, 0)" @click=${all}>✕</button></span>`;
  }

  /** Buttons to the one before and the one after. */
  pair(label, before, after, go) {
    const name = label.toLowerCase();
    return html`<span class="pair" role="group" aria-label="${label}s"><button type="button" aria-label="Previous ${name}"
      title="Previous ${before}" @click=${() => go(-1)}>◂</button><span aria-hidden="true">${label}</span><button
      type="button" aria-label="Next ${name}" title="Next ${after}" @click=${() => go(1)}>▸</button></span>`;
  }

  time(millis) {
    return this.model.wall ? timeOfDay(this.model.origin + millis).slice(0, 10) : clock(millis, true);
  }

  link() {
    const url = new URL(location.href);
    url.hash = `t=${Math.round(this.model.instant)}`;
    return url.href;
  }
}
customElements.define("berth-playbar", Playbar);
