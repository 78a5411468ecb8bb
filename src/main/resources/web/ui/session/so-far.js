/** Reads a recording that is still being written, so that a person can go back to before the page was opened. */
import { getGrown } from "../api.js";
import { covers, startOf } from "./frames.js";

/** However a person moves, the recording is asked for at most this often; what the page itself has seen fills the time between. */
const ASK_MILLIS = 5000;
/** The title of a recording is when its first frame was painted; it stands at the beginning of the file. */
const TITLE = /\d{4}-\d\d-\d\dT[\d:.]+Z/;
const TITLE_BYTES = 2048;

export class SoFar {
  constructor(model) {
    this.model = model;
    this.bytes = new Blob();
    this.askedAt = 0;
  }

  /** Reads as far as is written now, where the instant that is shown is in no recording that can be read. */
  async reach(signal) {
    const { model } = this;
    const { recording } = model.session;
    const known = recording && model.soFar?.of === recording.objectId && model.at < startOf(model, recording);
    const wanted = model.live && model.at !== null && recording && !known;
    if (!wanted || this.reading || Date.now() - this.askedAt < ASK_MILLIS || model.recordings.some((each) => each.publicUrl && covers(model, each, model.at))) {
      return;
    }
    this.reading = true;
    this.askedAt = Date.now();
    try {
      await this.read(recording.objectId, signal);
    } catch {
      // Nothing is written yet, the recording has just ended, or the server is away: a later instant asks again.
    } finally {
      this.reading = false;
    }
  }

  async read(id, signal) {
    const endedAt = new Date().toISOString();
    const had = this.id === id ? this.bytes : new Blob();
    this.bytes = await getGrown(`${this.model.path}/recording`, had, `"${id}"`, signal);
    this.id = id;
    const [startedAt] = TITLE.exec(await this.bytes.slice(0, TITLE_BYTES).text()) ?? [];
    if (startedAt) {
      const publicUrl = URL.createObjectURL(this.bytes);
      this.model.putSoFar({ objectId: `${id} ${this.bytes.size}`, of: id, type: "recording", state: "pending", publicUrl, startedAt, endedAt });
    }
  }
}
