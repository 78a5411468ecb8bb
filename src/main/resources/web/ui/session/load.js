/** Loads a session into its model, and follows it while it lives. */
import { ApiError, follow, get, hasToken } from "/ui/api.js";

const PAGE = 1000;
/** How many actions the page takes: more could not be told apart on its timeline. */
const MAX_ACTIONS = 20_000;
const BUCKETS = 400;
const LIVE_MILLIS = 4000;
const ENDED = ["completed", "failed", "timeout", "cancelled"];

/** First what the first picture needs, then the rest. Throws where there is no such session. */
export async function load(model, signal) {
  const [session, artifacts, actions] = await Promise.all([
    get(model.path, {}, signal),
    get(`${model.path}/artifacts`, {}, signal),
    get(`${model.path}/actions`, { limit: PAGE }, signal),
  ]);
  model.session = session;
  model.putArtifacts(artifacts.artifacts);
  model.putActions(actions.actions);
  model.actionTotal = actions.total;
  await Promise.all([loadTimeline(model, signal), loadTasks(model, signal), loadActions(model, signal)]);
}

async function loadActions(model, signal) {
  while (model.actions.length < Math.min(model.actionTotal, MAX_ACTIONS)) {
    const page = await get(`${model.path}/actions`, { limit: PAGE, offset: model.actions.length }, signal);
    model.actionTotal = page.total;
    if (page.actions.length === 0) {
      return;
    }
    model.putActions(page.actions);
  }
}

/** Counts of the logs over time. The page works without them, with less on its timeline. */
export async function loadTimeline(model, signal) {
  try {
    model.timeline = await get(`${model.path}/timeline`, { buckets: BUCKETS }, signal);
    model.changed();
  } catch (e) {
    if (!(e instanceof ApiError)) {
      throw e;
    }
  }
}

/** The AI tasks of the session. The holder of a shared link sees what they did as actions alone. */
export async function loadTasks(model, signal) {
  if (hasToken()) {
    return;
  }
  try {
    const { tasks } = await get("/api/agent", { limit: 100 }, signal);
    const ids = new Set(model.actions.map((action) => action.details?.taskId).filter(Boolean));
    tasks.filter((task) => task.sessionId === model.id).forEach((task) => ids.add(task.taskId));
    model.tasks = await Promise.all([...ids].slice(0, 20).map((id) => loadTask(id, signal)));
    model.tasks.forEach((task) => loadLimits(model, task.taskId, signal));
    model.changed();
  } catch (e) {
    if (!(e instanceof ApiError)) {
      throw e;
    }
  }
}

async function loadTask(id, signal) {
  return (await get(`/api/agent/${encodeURIComponent(id)}/status`, {}, signal)).data;
}

/** A task tells its limits once, as the first of its events. */
async function loadLimits(model, id, signal) {
  if (model.limits.has(id)) {
    return;
  }
  model.limits.set(id, {});
  const reading = new AbortController();
  const take = ({ data }) => {
    reading.abort();
    if (data.limits) {
      model.limits.set(id, data.limits);
      model.changed();
    }
  };
  const path = `/api/agent/${encodeURIComponent(id)}/events`;
  await follow(path, { signal: AbortSignal.any([signal, reading.signal]), lastEventId: "0", take }).catch(() => {});
}

export const hasEnded = (task) => ENDED.includes(task.status);

/**
 * Follows what happens until the session is over and its files are stored. Console and network are counted now and then: as events
 * they would be a flood.
 */
export function followSession(model, element) {
  const { signal } = element.life;
  element.every(LIVE_MILLIS, () => (model.live ? ask(model, signal) : awaitFiles(model, signal)));
  if (!model.live) {
    return;
  }
  const take = ({ type, data }) => taken(model, type, data, signal);
  follow(`${model.path}/events`, { query: { kinds: "status,navigation,action,artifact" }, signal, take }).catch((e) => {
    if (!(e instanceof ApiError)) {
      throw e;
    }
  });
}

/** A recording is stored some moments after the session's end. */
async function awaitFiles(model, signal) {
  if (model.artifacts.some((artifact) => artifact.state === "pending")) {
    await renewLinks(model, signal).catch(() => {});
  }
}

function taken(model, type, data, signal) {
  if (type === "action") {
    model.putActions([data]);
  } else if (type === "artifact") {
    model.putArtifacts([data]);
  } else {
    ask(model, signal);
  }
}

/** What is not told by events: counts, tasks, and what may have been missed. */
async function ask(model, signal) {
  try {
    const session = await get(model.path, {}, signal);
    model.putSession(session);
    await Promise.all([loadTimeline(model, signal), loadTail(model, signal), loadTasks(model, signal)]);
    if (!model.live) {
      model.putArtifacts((await get(`${model.path}/artifacts`, {}, signal)).artifacts);
    }
  } catch {
    // What was known stays in view, and is asked for again. That the server is away, the frame says.
  }
}

async function loadTail(model, signal) {
  if (model.session.actionCount > model.actions.length) {
    const offset = Math.max(0, model.actions.length - 20);
    model.putActions((await get(`${model.path}/actions`, { limit: PAGE, offset }, signal)).actions);
  }
}

/** Links to files expire: asks for new ones. */
export async function renewLinks(model, signal) {
  model.putArtifacts((await get(`${model.path}/artifacts`, {}, signal)).artifacts);
}
