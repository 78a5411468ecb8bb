/** Reads what the server knows of a session into its model. */
import { ApiError, follow, get, hasToken } from "../api.js";
import { isTaskOver } from "../format.js";
import { MAX_ACTIONS } from "./model.js";

const PAGE = 1000;
const BUCKETS = 400;
const MAX_TASKS = 20;
/** A link that can't be read although it was just renewed has another reason. */
const RENEW_MILLIS = 60_000;
const hasEnded = (task) => isTaskOver(task.status);

/** First what the first picture needs, then the rest. Throws where there is no such session. */
export async function load(model, signal) {
  const [session, artifacts, actions] = await Promise.all([
    get(model.path, {}, signal),
    get(`${model.path}/artifacts`, {}, signal),
    get(`${model.path}/actions`, { limit: PAGE }, signal),
  ]);
  model.session = session;
  model.putActions(actions.actions);
  model.actionTotal = actions.total;
  model.putArtifacts(artifacts.artifacts);
  await Promise.all([loadSteps(model, signal), loadTimeline(model, signal), loadTasks(model, signal), loadActions(model, signal)]);
}

/** The steps that are not known yet: the server lists them in the order in which they were reported. */
export async function loadSteps(model, signal) {
  for (let total = Infinity; model.steps.length < total; ) {
    const page = await get(`${model.path}/steps`, { limit: PAGE, offset: model.steps.length }, signal);
    total = page.steps.length === 0 ? 0 : page.total;
    model.putSteps(page.steps);
  }
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

/** The actions of which no event told. */
export async function loadTail(model, signal) {
  if (Math.min(model.session.actionCount, MAX_ACTIONS) > model.actions.length) {
    const offset = Math.max(0, model.actions.length - 20);
    model.putActions((await get(`${model.path}/actions`, { limit: PAGE, offset }, signal)).actions);
  }
}

export async function loadArtifacts(model, signal) {
  model.putArtifacts((await get(`${model.path}/artifacts`, {}, signal)).artifacts);
}

/** Counts of the logs over time. The page works without them, with less on its timeline. */
export async function loadTimeline(model, signal) {
  try {
    model.putTimeline(await get(`${model.path}/timeline`, { buckets: BUCKETS }, signal));
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
    await putTasks(model, [...ids].slice(0, MAX_TASKS), signal);
    await loadLimits(model, signal);
  } catch (e) {
    if (!(e instanceof ApiError)) {
      throw e;
    }
  }
}

/** The tasks that are known and go on. */
export async function loadRunningTasks(model, signal) {
  if (model.tasks.some((task) => !hasEnded(task))) {
    await putTasks(model, model.tasks.map((task) => task.taskId), signal);
  }
}

/** Of a task that has ended nothing changes: it is not asked for again. */
async function putTasks(model, ids, signal) {
  const known = new Map(model.tasks.filter(hasEnded).map((task) => [task.taskId, task]));
  const tasks = await Promise.all(ids.map((id) => known.get(id) ?? loadTask(id, signal)));
  if (tasks.some((task) => !known.has(task.taskId))) {
    model.tasks = tasks;
    model.changed();
  }
}

async function loadTask(id, signal) {
  return (await get(`/api/agent/${encodeURIComponent(id)}/status`, {}, signal)).data;
}

/** A task tells its limits once, as the first of its events. One stream after the other: a browser and a user have few of them. */
async function loadLimits(model, signal) {
  for (const { taskId } of model.tasks) {
    if (!model.limits.has(taskId)) {
      model.limits.set(taskId, await limitsOf(taskId, signal));
      model.changed();
    }
  }
}

async function limitsOf(id, signal) {
  const reading = new AbortController();
  let limits = {};
  const take = ({ data }) => {
    limits = data.limits ?? limits;
    reading.abort();
  };
  const path = `/api/agent/${encodeURIComponent(id)}/events`;
  await follow(path, { signal: AbortSignal.any([signal, reading.signal]), lastEventId: "0", take }).catch(() => {});
  return limits;
}

/** Links to files expire: asks for new ones, once a minute at most. */
export async function renewLinks(model, signal) {
  if (Date.now() - (model.renewedAt ?? 0) < RENEW_MILLIS) {
    return;
  }
  model.renewedAt = Date.now();
  try {
    model.putArtifacts((await get(`${model.path}/artifacts`, {}, signal)).artifacts, true);
  } catch {
    // That the server is away, the frame says. The next picture that can't be read asks again.
    model.renewedAt = 0;
  }
}
