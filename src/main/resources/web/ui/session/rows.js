/**
 * A list of any length: only the rows that are seen are in the page, and only the pages of the list that are seen are asked for.
 */
import { html, nothing } from "lit";
import { Element, failure } from "../elements.js";
import { Paged } from "./paged.js";

/** Rows before and after those that are seen. */
const SPARE = 8;
const MOST_ROWS = 280;
/** A page is asked for when it is still seen after this long: not each that flies by. */
const SETTLE_MILLIS = 70;
/** A list of the server is asked for again at most this often, however much happens. */
const STALE_MILLIS = 1000;
let lists = 0;

/**
 * `source` is `{key, height, page(offset, limit, signal), row(entry, place), id(entry)}`; `page` gives `{entries, total}`.
 * Another key is another list. `follows`: stays at its end. Fires `choose` with the entry that a person chooses, and `point` with the one
 * under the pointer. Where a page can't be read, the rows stay, with the reason above them.
 */
class Rows extends Element {
  static properties = {
    source: { attribute: false },
    version: { attribute: false },
    chosen: { attribute: false },
    label: {},
    follows: { type: Boolean },
    nothing: { attribute: false },
    current: { state: true },
  };

  constructor() {
    super();
    this.list = new Paged(() => this.told());
    this.current = 0;
    this.wanted = null;
    this.idPrefix = `rows-${++lists}`;
  }

  connectedCallback() {
    super.connectedCallback();
    this.life.signal.addEventListener("abort", () => this.list.close());
    addEventListener("berth-back", () => this.list.error && this.askAgain(), { signal: this.life.signal });
  }

  firstUpdated() {
    const observer = new ResizeObserver(() => this.resized());
    observer.observe(this);
    this.life.signal.addEventListener("abort", () => observer.disconnect());
  }

  willUpdate(changed) {
    if (this.key !== this.source.key) {
      this.key = this.source.key;
      this.forget();
      this.list.ask(this.source, 0);
    } else if (changed.has("version") && changed.get("version") !== undefined) {
      this.stale(this.source.remote ? STALE_MILLIS : 0);
    }
  }

  /** What is told of the chosen entry takes room from the list: the entry stays in view. */
  resized() {
    this.requestUpdate();
    const entry = this.entry(this.current);
    if (entry && this.source.id(entry) === this.chosen) {
      this.reveal(this.current);
    }
  }

  get total() {
    return this.list.total;
  }

  get box() {
    return this.querySelector(".rows");
  }

  forget() {
    this.list.forget();
    this.current = 0;
    if (this.box) {
      this.box.scrollTop = 0;
    }
  }

  /** The list has grown, or changed: what is seen is asked for again. */
  stale(millis) {
    this.staling ??= setTimeout(() => {
      this.staling = null;
      this.askAgain();
    }, millis);
  }

  askAgain() {
    const [first, last] = this.drawnRange();
    this.list.renew(this.source, first, last);
  }

  /** The list tells of an answer: the height of the rows still is that of before. */
  told() {
    const toEnd = this.follows && this.atEnd();
    this.requestUpdate();
    this.updateComplete.then(() => this.settle(toEnd));
  }

  entry(place) {
    return this.list.entry(place);
  }

  /** The places of the first and last row that are in the page. */
  drawnRange() {
    const high = this.box?.clientHeight || 400;
    const top = Math.min(this.box?.scrollTop ?? 0, (this.total ?? 0) * this.source.height);
    const first = Math.max(0, Math.floor(top / this.source.height) - SPARE);
    const count = Math.min(MOST_ROWS, Math.ceil(high / this.source.height) + 2 * SPARE);
    return [first, Math.min((this.total ?? 0) - 1, first + count)];
  }

  render() {
    const [first, last] = this.drawnRange();
    const { total } = this;
    const drawn = Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => this.line(first + at));
    this.want(first, last);
    return html`<div class="rows" tabindex="0" role="listbox" aria-label=${this.label} @scroll=${() => this.requestUpdate()}
        @keydown=${this.keys} @click=${this.clicked} @pointermove=${this.pointed} @pointerleave=${() => this.point(null)}
        aria-activedescendant=${this.current >= first && this.current <= last ? `${this.idPrefix}-${this.current}` : nothing}>
        <div class="all-rows" .style=${`height: ${(total ?? 0) * this.source.height}px`}>
          <div class="seen-rows" .style=${`transform: translateY(${first * this.source.height}px)`}>${drawn}</div>
        </div>
      </div>
      ${this.list.error ? html`<div class="failed-rows">${failure(this.list.error, () => this.askAgain())}</div>` : this.words(total)}`;
  }

  words(total) {
    return total === null
      ? html`<p class="over-rows muted"><span class="spinner" aria-hidden="true"></span>Loading …</p>`
      : total === 0 ? html`<div class="over-rows">${this.nothing ?? "Nothing yet."}</div>` : nothing;
  }

  line(place) {
    const entry = this.entry(place);
    const is = entry && this.source.id(entry) === this.chosen;
    const kind = entry ? this.source.kind?.(entry) ?? "" : "unknown";
    return html`<div class="entry ${is ? "chosen" : ""} ${place === this.current ? "current" : ""} ${kind}" role="option"
      id="${this.idPrefix}-${place}" data-place=${place} aria-selected=${is ? "true" : "false"} aria-setsize=${this.total}
      aria-posinset=${place + 1} aria-label=${entry ? nothing : "Loading"}
      .style=${`height: ${this.source.height}px`}>${entry ? this.source.row(entry, place) : nothing}</div>`;
  }

  want(first, last) {
    clearTimeout(this.settling);
    this.settling = setTimeout(() => this.list.want(this.source, first, last), SETTLE_MILLIS);
  }

  atEnd() {
    const { box } = this;
    return !box || box.scrollTop + box.clientHeight >= box.scrollHeight - this.source.height * 2;
  }

  settle(toEnd) {
    const { box } = this;
    if (this.wanted !== null) {
      this.reveal(this.wanted);
    } else if (toEnd && box) {
      box.scrollTop = box.scrollHeight;
    }
  }

  /** Brings a row into what is seen: at its edge if it is near, else in its middle. Before the list is known, once it is. */
  reveal(place) {
    this.wanted = this.total === null ? place : null;
    const { box } = this;
    if (this.total === null || !box) {
      return;
    }
    this.current = Math.min(Math.max(0, place), Math.max(0, this.total - 1));
    const { height } = this.source;
    const top = this.current * height;
    const above = box.scrollTop - top;
    const below = top + height - box.scrollTop - box.clientHeight;
    if (Math.max(above, below) > 2 * height) {
      box.scrollTop = top - box.clientHeight / 2;
    } else if (above > 0) {
      box.scrollTop = top;
    } else if (below > 0) {
      box.scrollTop = top + height - box.clientHeight;
    }
  }

  keys(event) {
    const page = Math.max(1, Math.floor(event.currentTarget.clientHeight / this.source.height) - 1);
    const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    if (event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }
    if (event.key in moves) {
      event.preventDefault();
      event.stopPropagation();
      this.reveal(Math.min(Math.max(0, this.current + moves[event.key]), Math.max(0, (this.total ?? 1) - 1)));
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      event.stopPropagation();
      this.chooseAt(this.current);
    }
  }

  clicked(event) {
    const row = event.target.closest("[data-place]");
    this.current = row ? Number(row.dataset.place) : this.current;
    this.chooseAt(row ? this.current : -1);
  }

  pointed(event) {
    const row = event.target.closest("[data-place]");
    this.point(row ? this.entry(Number(row.dataset.place)) : null);
  }

  /** Tells which entry the pointer is on, once each. */
  point(entry) {
    if (entry !== this.hovered) {
      this.hovered = entry;
      this.dispatchEvent(new CustomEvent("point", { detail: entry ?? null, bubbles: true }));
    }
  }

  chooseAt(place) {
    const entry = this.entry(place);
    if (entry) {
      this.dispatchEvent(new CustomEvent("choose", { detail: entry }));
    }
  }
}
customElements.define("berth-rows", Rows);
