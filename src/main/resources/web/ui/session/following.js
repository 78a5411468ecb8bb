/** Keeps the model of a session up to date: while it lives, and until its files are stored. Shows nothing. */
import { ApiError, follow, get } from "../api.js";
import { Element } from "../elements.js";
import { loadArtifacts, loadRunningTasks, loadSteps, loadTail, loadTasks, loadTimeline, renewLinks } from "./load.js";

const LIVE_MILLIS = 4000;
/** However much happens, what is not told by events is asked for at most this often. */
const ASK_MILLIS = 1000;
/** The server reads both logs whole to count them, and looks through all tasks of a user to find those of a session. */
const COUNT_MILLIS = 12_000;
/** For so long after a session's end its client may report steps and an outcome. */
const REPORT_MILLIS = 600_000;

class Following extends Element {
  static properties = { model: { attribute: false } };

  connectedCallback() {
    super.connectedCallback();
    const { signal } = this.life;
    this.countedAt = Date.now();
    this.model.addEventListener("links-expired", () => renewLinks(this.model, signal), { signal });
    this.whileSeen((seen) => this.listen(seen));
    this.begun = true;
    this.begin();
  }

  /** What is there now has just been read. */
  async begin() {
    await this.rest(LIVE_MILLIS);
    await this.every(LIVE_MILLIS, () => (this.model.live ? this.ask() : this.awaitFiles()));
  }

  /** Console and network are counted now and then: as events they would be a flood. */
  async listen(signal) {
    if (!this.model.live) {
      return;
    }
    if (this.begun) {
      this.missed = true;
      this.ask();
    }
    const take = ({ type, data }) => this.take(type, data);
    try {
      await follow(`${this.model.path}/events`, { query: { kinds: "status,navigation,action,artifact,step,update" }, signal, take });
    } catch (e) {
      if (!(e instanceof ApiError)) {
        throw e;
      }
    }
  }

  take(type, data) {
    if (type === "action") {
      this.model.putActions([data]);
    } else if (type === "artifact") {
      this.model.putArtifacts([data]);
    } else if (type === "step") {
      this.model.putSteps([data]);
    } else {
      this.ask();
    }
  }

  /** Asks for what no event tells. One question is on its way at a time: what happens meanwhile, the next one tells. */
  ask() {
    this.again = true;
    this.asking ??= this.askInTurn().finally(() => (this.asking = null));
    return this.asking;
  }

  async askInTurn() {
    while (this.again && !this.life.signal.aborted) {
      this.again = false;
      await this.askOnce(this.life.signal);
      await this.rest(ASK_MILLIS);
    }
  }

  async askOnce(signal) {
    const { model } = this;
    try {
      model.putSession(await get(model.path, {}, signal));
      const due = !model.live || Date.now() - this.countedAt > COUNT_MILLIS;
      await Promise.all([loadTail(model, signal), this.loadMissed(signal), due ? this.countLogs(signal) : loadRunningTasks(model, signal)]);
    } catch {
      // What was known stays in view, and is asked for again. That the server is away, the frame says.
    }
  }

  async countLogs(signal) {
    this.countedAt = Date.now();
    await Promise.all([loadTimeline(this.model, signal), loadTasks(this.model, signal)]);
  }

  async loadMissed(signal) {
    if (!this.model.live || this.missed) {
      await Promise.all([loadArtifacts(this.model, signal), loadSteps(this.model, signal)]);
      this.missed = false;
    }
  }

  /** A recording is stored some moments after the session's end, and its client may have more to report. */
  async awaitFiles() {
    const { session } = this.model;
    if (Date.now() - Date.parse(session.endedAt) < REPORT_MILLIS && Date.now() - this.countedAt > COUNT_MILLIS) {
      await this.ask();
    } else if (this.model.artifacts.some((artifact) => artifact.state === "pending")) {
      await loadArtifacts(this.model, this.life.signal).catch(() => {});
    }
  }
}
customElements.define("berth-following", Following);
