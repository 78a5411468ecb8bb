/** What the session page knows of its session, and what a person chose in it. Elements read it, and hear of changes. */

import { nested, putFiles, putInOrder, windowOf } from "./entries.js";

export const LAST_MILLIS = 10_000;
/** A flight recorder remembers as much. */
export const REWIND_MILLIS = 30_000;
/** How many actions the page takes: more could not be told apart on its timeline. */
export const MAX_ACTIONS = 20_000;
/** A session has no more. */
const MAX_STEPS = 5000;
/** Pictures of the live view that are kept, one a second at most. */
const MAX_SEEN = 600;
const REPLACED_MILLIS = 5000;

/**
 * All times are milliseconds since the session's creation, but those of the server's own entries. Events: `change` (the session or
 * its entries), `select` (what is chosen, or how it is shown), `time` (the instant that is shown, while it plays).
 */
export class SessionModel extends EventTarget {
  constructor(id) {
    super();
    this.id = id;
    this.path = `/api/sessions/${encodeURIComponent(id)}`;
    this.session = null;
    this.actions = [];
    /** What its client reported, shaped as actions are: `actionId` is "step " and the step's id, `success` tells whether it has no error. */
    this.steps = [];
    /** Actions and steps by their ids. */
    this.known = new Map();
    this.artifacts = [];
    /** Pictures of the live view that this page has shown, as screenshots. */
    this.seen = [];
    /** The recording that is being written, as far as it was read: stands in the place of its artifact, whose id is `of`. */
    this.soFar = null;
    this.tasks = [];
    /** Of the tasks, by their ids. */
    this.limits = new Map();
    this.timeline = null;
    /** Counts changes of entries, for lists that hold some of them. */
    this.version = 0;
    /** The instant that is shown; null is now, or of an ended session its end. */
    this.at = null;
    this.range = null;
    this.actionId = null;
    this.view = null;
    this.playing = false;
    this.speed = 1;
    this.skipIdle = false;
    this.wall = false;
    /** What a person narrowed the lists of the panels by, by the names of the panels. */
    this.filters = {};
    /** Counts how often links to files were renewed: what could not be read may be read now. */
    this.renewals = 0;
    /** Is done when there is a picture: what is less urgent waits for it. */
    this.pictured = new Promise((done) => (this.tellPictured = done));
  }

  // The session

  get live() {
    return this.session?.status === "running" || this.session?.status === "creating";
  }

  get origin() {
    return Date.parse(this.session.createdAt);
  }

  /** Until when there is something to see: its end, or now. */
  get length() {
    const end = this.session.endedAt ? Date.parse(this.session.endedAt) : Date.now();
    return Math.max(1000, end - this.origin);
  }

  /** The time of an entry of the server; actions have it as `at`. */
  since(timestamp) {
    return Date.parse(timestamp) - this.origin;
  }

  /** Of an instant, as the server takes it. */
  stamp(millis) {
    return new Date(this.origin + Math.round(millis)).toISOString();
  }

  get instant() {
    return this.at ?? this.length;
  }

  /** The part of the time that the timeline shows. */
  get span() {
    return this.view ?? [0, this.length];
  }

  // What follows from its entries

  get action() {
    return this.known.get(this.actionId) ?? null;
  }

  /** Actions and steps as one list: see {@link nested}. */
  get rows() {
    if (!this.nested) {
      this.nested = nested(this.steps, this.actions);
    }
    return this.nested;
  }

  /** What failed first by itself: a step or an action. */
  get failure() {
    return this.rows.find((entry) => entry.cause);
  }

  /** The latest of them: `navigationCount` tells how many there were. */
  get navigations() {
    return this.session.navigations ?? [];
  }

  get recordings() {
    const { soFar } = this;
    const read = (recording) => (!recording.publicUrl && soFar?.of === recording.objectId ? soFar : recording);
    return this.artifacts.filter((artifact) => artifact.type === "recording").map(read);
  }

  get screenshots() {
    const kept = this.artifacts.filter((artifact) => artifact.type === "screenshot" && artifact.publicUrl);
    return this.seen.length === 0 ? kept : [...kept, ...this.seen].sort((a, b) => (a.timestamp < b.timestamp ? -1 : 1));
  }

  get hasPictures() {
    return this.screenshots.length > 0 || this.recordings.some((recording) => recording.publicUrl);
  }

  /** What all AI tasks of the session may cost; 0 where that is not known. */
  get budget() {
    return [...this.limits.values()].reduce((sum, limits) => sum + (limits.maxCostUsd ?? 0), 0);
  }

  /** The drivers that did something, as lanes. */
  lanes(drivers) {
    return drivers.filter((driver) => this.actions.some((action) => action.source === driver));
  }

  /** Where a page was at an instant, as far as is known. */
  urlAt(millis) {
    const before = this.navigations.filter((navigation) => this.since(navigation.timestamp) <= millis);
    return before.at(-1)?.url ?? (millis >= this.length - 1 ? this.session.currentUrl : "") ?? "";
  }

  // Choices of a person

  /** @param keepRange whether lists stay as narrow as they are, although the instant may be outside */
  goTo(millis, { keepRange = false } = {}) {
    this.at = millis === null ? null : Math.min(Math.max(0, millis), this.length);
    this.actionId = null;
    const inside = this.range && this.at >= this.range[0] && this.at <= this.range[1];
    if (!keepRange && !inside) {
      this.range = null;
    }
    this.show();
    this.tell("select");
  }

  choose(action) {
    this.playing = false;
    this.actionId = action.actionId;
    this.range = windowOf(this.actions, action);
    this.at = Math.min(action.at + (action.duration ?? 0), this.length);
    this.show();
    this.tell("select");
  }

  narrow(range) {
    this.range = range;
    this.actionId = null;
    this.at = range ? Math.max(0, range[0]) : this.at;
    this.tell("select");
  }

  /** Back from the instant that is shown. */
  rewind() {
    this.goTo(this.instant - REWIND_MILLIS);
  }

  /** What came right before the end, with how it looked then; playing it begins with it. */
  last() {
    this.narrow([Math.max(0, this.length - LAST_MILLIS), this.length]);
    this.at = this.length;
    this.zoom(this.range);
  }

  /** Widens lists to all, and stays where it is. */
  clear() {
    this.set({ range: null, actionId: null });
  }

  backToLive() {
    Object.assign(this, { playing: false, range: null, view: null });
    this.goTo(null);
  }

  zoom(span) {
    const whole = this.length;
    this.view = span && span[1] - span[0] < whole * 0.98 ? [Math.max(0, span[0]), Math.min(whole, Math.max(span[1], span[0] + 100))] : null;
    this.tell("select");
  }

  /** Brings the chosen instant into the part that the timeline shows. */
  show() {
    if (!this.view || this.at === null || (this.at >= this.view[0] && this.at <= this.view[1])) {
      return;
    }
    const width = this.view[1] - this.view[0];
    const from = Math.min(Math.max(0, this.at - width / 2), Math.max(0, this.length - width));
    this.view = [from, from + width];
  }

  set(changes) {
    Object.assign(this, changes);
    this.tell("select");
  }

  /** To the action or step before or after the chosen one, or the instant. */
  step(direction) {
    const now = this.instant;
    const { rows } = this;
    const ahead = (entry) => (entry.at - now) * direction > 0;
    const place = rows.findIndex((entry) => entry.actionId === this.actionId);
    const nearest = direction > 0 ? rows.find(ahead) : rows.findLast(ahead);
    const next = place >= 0 ? rows[place + direction] : nearest;
    if (next) {
      this.choose(next);
    }
  }

  /** The entry that the pointer is on in a list: the timeline shows when it was. */
  point(entry) {
    this.pointed = entry ? this.since(entry.timestamp) : null;
    this.tell("point");
  }

  // Entries, as they come

  putSession(session) {
    this.session = session;
    this.changed();
  }

  putActions(actions) {
    // The timeline draws all of them, often.
    actions.forEach((action) => (action.at = this.since(action.timestamp)));
    putInOrder(this.actions, this.known, actions, MAX_ACTIONS);
    this.nested = null;
    this.changedSoon();
  }

  /** @param steps as the server tells them: a step counts from the session's creation on, whatever the client's clock says */
  putSteps(steps) {
    const entries = steps.map((step) => ({
      ...step,
      actionId: `step ${step.stepId}`,
      timestamp: step.startedAt,
      at: Math.max(0, this.since(step.startedAt)),
      success: step.error === undefined,
    }));
    putInOrder(this.steps, this.known, entries, MAX_STEPS);
    this.nested = null;
    this.changedSoon();
  }

  /** @param renewed whether the links to files replace also those that seem valid */
  putArtifacts(artifacts, renewed = false) {
    putFiles(this.artifacts, artifacts, renewed);
    this.renewals += renewed ? 1 : 0;
    this.changed();
  }

  /** A picture that is as large as the last one is the same: the page has not changed. */
  putSeen(blob) {
    if (this.seen.at(-1)?.size === blob.size) {
      return;
    }
    const timestamp = new Date().toISOString();
    this.seen.push({ objectId: `seen ${timestamp}`, type: "seen", timestamp, size: blob.size, publicUrl: URL.createObjectURL(blob) });
    if (this.seen.length > MAX_SEEN) {
      URL.revokeObjectURL(this.seen.shift().publicUrl);
    }
  }

  /** @param recording with a link to all that was read of it, which replaces the one before */
  putSoFar(recording) {
    const before = this.soFar?.publicUrl;
    this.soFar = recording;
    this.changed();
    // By then, what showed the one before shows this one.
    setTimeout(() => URL.revokeObjectURL(before), REPLACED_MILLIS);
  }

  /** Nobody looks at the session any more. */
  close() {
    URL.revokeObjectURL(this.soFar?.publicUrl);
    this.seen.splice(0).forEach(({ publicUrl }) => URL.revokeObjectURL(publicUrl));
  }

  /** An answer that was asked for earlier may come later. */
  putTimeline(timeline) {
    if (!this.timeline || timeline.to >= this.timeline.to) {
      this.timeline = timeline;
      this.changed();
    }
  }

  /** Many actions may come at once: they are shown together, with the next picture of the screen. */
  changedSoon() {
    this.awaited ??= requestAnimationFrame(() => ((this.awaited = undefined), this.changed()));
  }

  changed() {
    this.version++;
    this.tell("change");
  }

  tell(what) {
    this.dispatchEvent(new Event(what));
  }
}
