/** The session's time: what was done by whom, what the pages did, and where a person looks. */
import { html, nothing } from "lit";
import { DRIVERS, clock } from "../format.js";
import { targetOf, titleOf } from "./describe.js";
import { Drawing, rows } from "./draw.js";
import { filmOf } from "./film.js";
import { GUTTER } from "./lane.js";
import { stepsAt } from "./steps.js";
import { tipOf } from "./tip.js";
import { View } from "./view.js";

/** From here on a movement with the button held is a range, not a click. */
const DRAG_PIXELS = 5;
const HIT_PIXELS = 7;
const MARGIN = 8;

class Timeline extends View {
  static properties = { frames: { attribute: false }, tip: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    this.film = [];
    this.model.addEventListener("time", () => this.movePlayhead(), { signal: this.life.signal });
    this.model.addEventListener("point", () => this.showPointed(), { signal: this.life.signal });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.requestUpdate(), { signal: this.life.signal });
  }

  firstUpdated() {
    const observer = new ResizeObserver(() => this.paint());
    observer.observe(this);
    this.life.signal.addEventListener("abort", () => observer.disconnect());
  }

  render() {
    const { model } = this;
    return html`<div class="track" role="slider" tabindex="0" aria-label="Time of the session" aria-valuemin="0"
        aria-valuemax=${Math.round(model.length / 1000)} aria-valuenow=${Math.round(model.instant / 1000)} aria-valuetext=${this.words()}
        aria-keyshortcuts="ArrowLeft ArrowRight Space E Shift+E" @pointerdown=${this.press} @pointermove=${this.move} @pointerleave=${this.leave}
        @dblclick=${() => model.zoom(null)} @wheel=${this.wheel}>
        <canvas aria-hidden="true"></canvas>
        <div class="chosen-range" hidden></div><div class="hover-line" hidden></div><div class="playhead"></div>
      </div>
      <div class="tip" ?hidden=${!this.tip} aria-hidden="true">${this.tip ?? nothing}</div>`;
  }

  words() {
    const { model } = this;
    const { action } = model;
    return action
      ? `${clock(action.at, true)}: ${titleOf(action)} ${targetOf(action)}${action.success ? "" : ", failed"}`
      : `${clock(model.instant, true)} of ${clock(model.length)}`;
  }

  updated() {
    this.paint();
    this.takeFilm();
  }

  // What is drawn

  paint() {
    const track = this.querySelector(".track");
    const canvas = this.querySelector("canvas");
    const width = track.clientWidth;
    if (width < GUTTER * 1.5) {
      return;
    }
    this.rows = rows(this.model);
    const height = this.rows.at(-1).top + this.rows.at(-1).height;
    const density = devicePixelRatio;
    canvas.width = width * density;
    canvas.height = height * density;
    canvas.style.height = `${height}px`;
    const context = canvas.getContext("2d");
    context.scale(density, density);
    this.drawing = new Drawing(context, width, this.model, colors());
    this.drawing.all(this.rows, this.film);
    this.movePlayhead();
    this.moveRange();
  }

  movePlayhead() {
    const x = this.drawing?.x(this.model.at ?? this.model.length) ?? -1;
    const head = this.querySelector(".playhead");
    if (this.drawing) {
      head.hidden = x < GUTTER - 1 || x > this.drawing.width;
      head.style.transform = `translateX(${x}px)`;
    }
  }

  /** The line of the pointer, where what it is on in a list was. */
  showPointed() {
    const { pointed } = this.model;
    const line = this.querySelector(".hover-line");
    const x = pointed === null || !this.drawing ? -1 : this.drawing.x(pointed);
    line.hidden = x < GUTTER;
    line.style.transform = `translateX(${x}px)`;
  }

  moveRange() {
    const range = this.dragged ?? this.model.range;
    const shade = this.querySelector(".chosen-range");
    shade.hidden = !range;
    if (range) {
      const [from, to] = range.map((at) => Math.min(Math.max(GUTTER, this.drawing.x(at)), this.drawing.width));
      shade.style.left = `${from}px`;
      shade.style.width = `${Math.max(2, to - from)}px`;
    }
  }

  /** Asks for the pictures of the part that is shown, when that has changed. */
  async takeFilm() {
    const wanted = `${this.model.span.map((at) => Math.round(at / 500)).join()} ${this.model.artifacts.length} ${this.model.renewals} ${this.drawing?.width}`;
    if (wanted === this.filmed || !this.drawing || this.model.playing) {
      return;
    }
    this.filmed = wanted;
    this.film = [];
    await this.model.pictured;
    await filmOf(this.model, this.frames, this.drawing, (film) => {
      if (this.filmed === wanted && this.isConnected) {
        this.film = film;
        this.paint();
      }
    });
  }

  // What a person does

  timeAt(event) {
    const x = event.clientX - this.querySelector(".track").getBoundingClientRect().left;
    const at = this.drawing.from + (x - GUTTER) / this.drawing.scale;
    return Math.min(Math.max(0, at), this.model.length);
  }

  press(event) {
    if (event.button !== 0 || !this.drawing) {
      return;
    }
    const track = event.currentTarget;
    const begun = { x: event.clientX, at: this.timeAt(event) };
    track.setPointerCapture(event.pointerId);
    const life = new AbortController();
    const move = (now) => {
      if (this.dragged || Math.abs(now.clientX - begun.x) > DRAG_PIXELS) {
        this.dragged = [begun.at, this.timeAt(now)].sort((a, b) => a - b);
        this.moveRange();
      }
    };
    const end = (now) => {
      life.abort();
      const { dragged } = this;
      this.dragged = null;
      if (dragged) {
        this.model.narrow(dragged);
      } else if (now.type === "pointerup") {
        this.pick(now);
      }
    };
    track.addEventListener("pointermove", move, { signal: life.signal });
    track.addEventListener("pointerup", end, { signal: life.signal });
    track.addEventListener("pointercancel", end, { signal: life.signal });
  }

  pick(event) {
    const found = this.under(event);
    if (found?.action) {
      this.model.choose(found.action);
    } else {
      this.model.goTo(found?.at ?? this.timeAt(event));
    }
  }

  /** What the pointer is on: an action, a navigation or a file. */
  under(event) {
    const box = this.querySelector(".track").getBoundingClientRect();
    const x = event.clientX - box.left;
    const row = this.rows?.find((each) => event.clientY - box.top < each.top + each.height + 2);
    const { model, drawing } = this;
    const near = (entries, from, to) =>
      entries
        .map((entry) => ({ entry, left: drawing.x(from(entry)), right: Math.max(drawing.x(from(entry)) + 4, drawing.x(to(entry))) }))
        .map((each) => ({ ...each, away: Math.max(each.left - x, x - each.right, 0) }))
        .filter((each) => each.away <= HIT_PIXELS)
        .sort((a, b) => a.away - b.away)[0]?.entry;
    const begin = (entry) => entry.at ?? model.since(entry.timestamp);
    if (row?.name === "lane") {
      const action = near(model.actions.filter((each) => each.source === row.driver), begin, (each) => begin(each) + (each.duration ?? 0));
      return action && { action };
    }
    if (row?.name === "steps") {
      const step = near(stepsAt(model, event.clientY - box.top - row.top), (each) => each.at, (each) => each.at + each.duration);
      return step && { action: step };
    }
    if (row?.name === "pages") {
      const navigation = model.navigations.findLast((each) => drawing.x(begin(each)) <= x + HIT_PIXELS);
      return navigation && { navigation, at: Math.abs(drawing.x(begin(navigation)) - x) <= HIT_PIXELS ? begin(navigation) : undefined };
    }
    if (row?.name === "files") {
      const file = near(model.artifacts, begin, begin);
      return file && { file, at: begin(file) };
    }
    return row && { row: row.name };
  }

  move(event) {
    if (!this.drawing || event.pointerType === "touch") {
      return;
    }
    const box = this.querySelector(".track").getBoundingClientRect();
    const x = event.clientX - box.left;
    const line = this.querySelector(".hover-line");
    line.hidden = x < GUTTER;
    line.style.transform = `translateX(${x}px)`;
    this.tip = x < GUTTER ? null : tipOf(this.model, this.under(event), this.timeAt(event));
    const tip = this.querySelector(".tip");
    tip.style.left = `${Math.min(Math.max(MARGIN, x + 12), box.width - 250)}px`;
    tip.style.top = `${event.clientY - box.top + 18}px`;
  }

  leave() {
    this.tip = null;
    this.querySelector(".hover-line").hidden = true;
  }

  /** With Control the wheel makes the part that is shown smaller or larger, with Shift it moves it. */
  wheel(event) {
    const { model } = this;
    if (!event.ctrlKey && !event.shiftKey) {
      return;
    }
    event.preventDefault();
    const [from, to] = model.span;
    const width = to - from;
    if (event.ctrlKey) {
      const part = event.deltaY > 0 ? 1.25 : 0.8;
      const at = this.timeAt(event);
      model.zoom([at - (at - from) * part, at + (to - at) * part]);
    } else {
      const by = Math.min(Math.max(-from, ((event.deltaY || event.deltaX) / 500) * width), model.length - to);
      model.zoom([from + by, to + by]);
    }
  }
}
customElements.define("berth-timeline", Timeline);

function colors() {
  const style = getComputedStyle(document.documentElement);
  const read = (name) => style.getPropertyValue(name).trim();
  const all = Object.fromEntries(["text", "muted", "line", "sunken", "surface", "accent", "accent-soft", "good", "warn", "bad", "bad-soft"].map((name) => [name, read(`--${name}`)]));
  Object.keys(DRIVERS).forEach((driver) => (all[driver] = read(`--driver-${driver}`)));
  return all;
}
