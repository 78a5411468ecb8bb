/** What the console and the network have in common: a list of the server, narrowed by what is chosen, that a person filters. */
import { get } from "../api.js";
import { View } from "./view.js";

const TYPING_MILLIS = 250;

/** The place of an entry in the whole log, however the list is narrowed. */
export const idOf = (entry) => entry.offset ?? entry.place;

export class Log extends View {
  static properties = { filter: { state: true }, open: { state: true } };

  /** Who comes back to the panel finds it as it was left. */
  connectedCallback() {
    super.connectedCallback();
    this.filter = this.model.filters[this.operation] ?? {};
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.typing);
    this.moving?.abort();
  }

  /** The query of what is chosen and filtered. */
  query() {
    const { range } = this.model;
    return { ...this.filter, ...(range ? { from: this.model.stamp(range[0]), to: this.model.stamp(range[1]) } : {}) };
  }

  /** @param name of the operation, and of its entries in the answer */
  async fetch(operation, name, offset, limit, signal) {
    const answer = await get(`${this.model.path}/${operation}`, { ...this.query(), offset, limit }, signal);
    return { entries: answer[name].map((entry, place) => ({ ...entry, place: offset + place })), total: answer.total };
  }

  /** Moves the picture to an entry as well: the list, which would follow the instant, stays where it is. */
  show(entry) {
    const { model } = this;
    const at = Math.min(model.since(entry.timestamp) + (entry.duration ?? 0), model.length);
    this.open = entry;
    this.movedTo = Math.round(at);
    model.playing = false;
    model.goTo(at, { keepRange: true });
  }

  set(name, value) {
    clearTimeout(this.typing);
    this.typing = setTimeout(() => this.choose(name, value), TYPING_MILLIS);
  }

  choose(name, value) {
    this.filter = { ...this.filter, [name]: value || undefined };
    this.model.filters[this.operation] = this.filter;
  }

  updated() {
    this.moveToInstant();
  }

  /** Where no range is chosen, the list moves to what happened at the chosen instant. */
  async moveToInstant() {
    const { model } = this;
    const at = model.range || model.playing || model.at === null ? null : Math.round(model.at);
    if (at === null || at === this.movedTo) {
      return;
    }
    this.movedTo = at;
    this.moving?.abort();
    this.moving = new AbortController();
    try {
      const query = { ...this.filter, to: model.stamp(at + 1), limit: 1 };
      const { total } = await get(`${model.path}/${this.operation}`, query, this.moving.signal);
      if (this.movedTo === at) {
        this.querySelector("berth-rows")?.reveal(Math.max(0, total - 1));
      }
    } catch {
      // The list stays where it is; that it can't be read, it says itself.
    }
  }
}
