/**
 * Berth's client in one file: for Node 18 and newer, and for browsers. It needs nothing else. The build makes it from the
 * contract (/openapi.yaml): each operation of the API is a method; the rest is written by hand.
 *
 *     import {Berth} from './berth.js';
 *     const berth = new Berth({url: 'http://127.0.0.1:8080', key: '…'});
 *     const session = await berth.createSession({initialPrompt: 'https://example.com', wait: 'running'});
 *     await session.click({selector: 'text=More'});
 *     for await (const event of session.events({kinds: 'console'})) console.log(event.data);
 *     for (const artifact of await session.artifacts()) await session.download(artifact, artifact.objectId);
 *     await session.end();
 *
 * A method takes one object with all arguments, named as in the contract, and then, if you like, `{signal, timeoutMillis}`.
 * What the API refuses is thrown as a BerthError.
 */

const ENDED = ['completed', 'failed', 'cancelled'];
const TASK_RESTS = [...ENDED, 'timeout', 'waiting'];
/** The server sends a comment every 15 s: a stream that is silent for longer than this is dead. */
const SILENT_MILLIS = 45_000;
/** For how long a stream that breaks is opened again and again before its reader is told. */
const LOST_MILLIS = 300_000;
const MAX_PAUSE_MILLIS = 30_000;
/** For how long a file may be on its way. */
const FILE_MILLIS = 600_000;
const PAGE = 500;

/** Why something was not done: `code`, `hint`, `retryable`, `requestId` as the API tells them, and the HTTP `status`. */
export class BerthError extends Error {
  /**
   * @param {{code: string, message: string, hint?: string | null, retryable?: boolean, requestId?: string | null, status?: number | null,
   *   retryAfterMillis?: number | null}} error
   * @param {unknown} [cause]
   */
  constructor({code, message, hint, retryable, requestId, status, retryAfterMillis}, cause) {
    super(message, cause ? {cause} : undefined);
    this.name = 'BerthError';
    this.code = code;
    this.hint = hint ?? null;
    this.retryable = retryable ?? false;
    this.requestId = requestId ?? null;
    this.status = status ?? null;
    this.retryAfterMillis = retryAfterMillis ?? null;
  }
}

/** A server of Berth, as one API key sees it. */
export class Berth {
  #headers;

  /**
   * @param {{url?: string, key?: string, timeoutMillis?: number, retries?: number}} [options] `url` and `key` are, by default, the
   *   environment's BERTH_URL and BERTH_API_KEY. A request may take `timeoutMillis` (120,000), or half a minute more than the browser
   *   may take where that is longer. What is safe to repeat is sent up to `retries` (2) more times.
   */
  constructor({url, key, timeoutMillis = 120_000, retries = 2} = {}) {
    const environment = globalThis.process?.env ?? {};
    const given = key ?? environment.BERTH_API_KEY;
    this.url = (url ?? environment.BERTH_URL ?? 'http://127.0.0.1:8080').replace(/\/+$/, '');
    this.timeoutMillis = timeoutMillis;
    this.retries = retries;
    this.#headers = given ? {Authorization: 'Bearer ' + given} : {};
  }

  /**
   * A session that exists already.
   *
   * @param {string} sessionId
   * @returns {Session}
   */
  session(sessionId) {
    return new Session(this, {sessionId});
  }

  /**
   * Waits until an AI task has ended, or asks something (`status` is `waiting`).
   *
   * @param {string} taskId
   * @param {Call} [call]
   * @returns {Promise<Task>}
   */
  async waitForTask(taskId, call = {}) {
    return within(call.timeoutMillis ?? 600_000, call.signal, async signal => {
      for await (const {event, data} of this.streamTaskEvents({taskId}, {signal})) {
        if (event === 'status' && TASK_RESTS.includes(data.status)) break;
      }
      return (await this.getTask({taskId}, {signal})).data;
    });
  }

  //@ operations of the server

  /** Sends a request and gives its answer. What is safe to repeat is repeated. */
  async _ask(operation, args = {}, call = {}) {
    const request = this.#request(operation, args, call);
    for (let tried = 0; ; tried++) {
      try {
        const answer = await this.#send(request, call.signal);
        return operation.gives === 'session' ? await this.#session(answer, args, call) : answer;
      } catch (e) {
        if (tried >= this.retries || !mayRepeat(e, request)) throw e;
        await pause(e.retryAfterMillis ?? 250 * 2 ** tried, call.signal);
      }
    }
  }

  async #session(answer, args, call) {
    const session = new Session(this, answer);
    if (args.wait === 'running' && answer.status !== 'running') await session.running(call);
    return session;
  }

  /** Follows a stream of events, and goes on where it broke off. */
  async *_follow(operation, args = {}, call = {}) {
    const state = {lastEventId: args.lastEventId, retryMillis: 2_000, told: 0, heardAt: Date.now()};
    for (;;) {
      const before = state.told;
      try {
        if (yield* this.#connection(operation, args, call, state)) return;
        if (state.told > before) continue;
      } catch (e) {
        const lost = Date.now() - state.heardAt > LOST_MILLIS;
        if (!(e instanceof BerthError) || !e.retryable || lost) throw e;
      }
      await pause(state.retryMillis, call.signal);
    }
  }

  /** Yields the events of one connection; gives whether there will be no more of them. */
  async *#connection(operation, args, call, state) {
    const request = this.#request(operation, {...args, lastEventId: state.lastEventId}, call);
    const silence = new Silence(call.signal);
    try {
      const response = await this.#reach(request, silence.signal);
      if (response.status === 204) return true;
      for await (const chunk of chunks(response.body)) {
        silence.heard();
        state.heardAt = Date.now();
        yield* events(chunk, state);
      }
      return false;
    } catch (e) {
      throw silence.signal.aborted ? silence.signal.reason : e instanceof BerthError ? e : unreachable(request.url, e);
    } finally {
      state.rest = '';
      silence.close();
    }
  }

  /** Reads a file by its link, which needs no key. */
  async _fetch(url, call, read) {
    return within(call.timeoutMillis ?? 600_000, call.signal, async signal => {
      const response = await this.#reach({url, method: 'GET', headers: {}, body: undefined}, signal);
      return read(response);
    });
  }

  #request(operation, args, call) {
    const rest = Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined));
    const take = name => {
      const value = rest[name];
      delete rest[name];
      return value;
    };
    const path = operation.path.replace(/{(\w+)}/g, (_, name) => encodeURIComponent(String(take(name))));
    const headers = {...this.#headers};
    for (const [name, header] of Object.entries(operation.headers ?? {})) {
      const value = take(name) ?? (header === 'Idempotency-Key' ? anyKey() : undefined);
      if (value !== undefined) headers[header] = value;
    }
    const isFile = operation.takes === 'file';
    const content = isFile ? take('content') : undefined;
    // Arguments that the contract does not know are sent with the other ones, so that the server says what is wrong with them.
    const inQuery = operation.takes === 'json' ? operation.query ?? [] : Object.keys(rest);
    const query = queryOf(Object.fromEntries(inQuery.map(name => [name, take(name)])));
    if (operation.takes) headers['Content-Type'] = isFile ? 'application/octet-stream' : 'application/json';
    return {
      url: this.url + path + query,
      method: operation.method,
      headers,
      body: isFile ? content : operation.takes ? JSON.stringify(rest) : undefined,
      gives: operation.gives,
      repeatable: operation.method !== 'POST' || 'Idempotency-Key' in headers,
      millis: call.timeoutMillis ?? Math.max(this.timeoutMillis, isFile ? FILE_MILLIS : (Number(args.timeout) || 0) + 30_000),
    };
  }

  async #send(request, signal) {
    return within(request.millis, signal, async both => {
      const response = await this.#reach(request, both);
      try {
        return await read(response, request.gives);
      } catch (e) {
        throw unreachable(request.url, e); // it broke off
      }
    });
  }

  async #reach({url, method, headers, body}, signal) {
    let response;
    try {
      response = await fetch(url, {method, headers, body, signal});
    } catch (e) {
      throw signal.aborted ? signal.reason : unreachable(url, e);
    }
    if (!response.ok) throw await refusal(response);
    return response;
  }
}

/** A session: a browser of its own. */
export class Session {
  #berth;

  constructor(berth, created) {
    this.#berth = berth;
    this.sessionId = created.sessionId;
    /** The answer that it was created with; for a session that existed already only its id. */
    this.created = created;
    this.connectUrl = created.connectUrl ?? null;
    this.liveUrl = created.liveUrl ?? null;
    this.taskId = created.taskId ?? null;
  }

  /**
   * Waits until the session runs. Throws where it ends before.
   *
   * @param {Call} [call]
   * @returns {Promise<void>}
   */
  async running(call = {}) {
    await this.#status(['running'], call.timeoutMillis ?? 120_000, call);
  }

  /**
   * Waits until the session has ended, and gives it as it was then.
   *
   * @param {Call} [call]
   * @returns {Promise<SessionDetails>}
   */
  async ended(call = {}) {
    await this.#status(ENDED, call.timeoutMillis ?? 3_600_000, call);
    return this.getSession({}, {signal: call.signal});
  }

  async #status(awaited, millis, call) {
    return within(millis, call.signal, async signal => {
      for await (const {data} of this.events({kinds: 'status'}, {signal})) {
        if (awaited.includes(data.status)) return;
        if (ENDED.includes(data.status)) throw endedAlready(data);
      }
      if (awaited !== ENDED) throw endedAlready({endReason: 'it has no status any more'});
    });
  }

  /**
   * Ends the session. Its logs and artifacts can still be read.
   *
   * @param {Call} [call]
   * @returns {Promise<void>}
   */
  async end(call = {}) {
    await this.deleteSession({}, call);
  }

  /**
   * What happened in the session and happens, one after the other, until it has ended: also over connections that break. Leave the
   * loop (`break`) to stop.
   *
   * @param {{kinds?: string, after?: string}} [args] `kinds` such as `console,network`; `after`: `start` (the default), `now`, or the
   *   `id` of an event, after which it goes on
   * @param {Call} [call]
   * @returns {AsyncGenerator<BerthEvent>}
   */
  events({kinds, after = 'start'} = {}, call = {}) {
    const lastEventId = after === 'start' ? '0' : after === 'now' ? undefined : after;
    return this.streamSessionEvents({kinds, lastEventId}, call);
  }

  /**
   * All artifacts so far, oldest first.
   *
   * @param {Call} [call]
   * @returns {Promise<Artifact[]>}
   */
  async artifacts(call = {}) {
    return (await this.listArtifacts({}, call)).artifacts;
  }

  /**
   * All actions so far, however many pages they take.
   *
   * @returns {AsyncGenerator<Action>}
   */
  actions(args = {}, call = {}) {
    return all(args, 'actions', page => this.listActions(page, call));
  }

  /**
   * All lines of the console so far that match, such as `{level: 'error'}`.
   *
   * @returns {AsyncGenerator<ConsoleEntry>}
   */
  console(args = {}, call = {}) {
    return all(args, 'logs', page => this.listConsole(page, call));
  }

  /**
   * All network requests so far that match, such as `{status: '4xx'}`.
   *
   * @returns {AsyncGenerator<NetworkEntry>}
   */
  network(args = {}, call = {}) {
    return all(args, 'requests', page => this.listNetwork(page, call));
  }

  /**
   * Reads an artifact: one of `artifacts()`, or the answer of a verb that stored one, such as `screenshot`. Waits while it is not
   * stored yet.
   *
   * @param {{objectId: string}} artifact
   * @param {string} [path] of the file to write; Node only. Without it, the bytes are given.
   * @param {Call} [call]
   * @returns {Promise<Uint8Array | string>} the bytes, or the path
   */
  async download(artifact, path, call = {}) {
    const url = await this.#link(artifact.objectId, call);
    return this.#berth._fetch(url, call, response => (path === undefined ? bytes(response) : write(response, path)));
  }

  /** Asks for a new link: that of the artifact may have expired. */
  async #link(objectId, call) {
    return within(call.timeoutMillis ?? 120_000, call.signal, async signal => {
      for (;;) {
        const artifact = (await this.artifacts({signal})).find(each => each.objectId === objectId);
        if (!artifact || artifact.state === 'lost') {
          throw new BerthError({code: 'not_found', message: `the session has no artifact ${objectId} that can be read`});
        }
        if (artifact.state !== 'pending' && artifact.publicUrl) return artifact.publicUrl;
        await pause(500, signal);
      }
    });
  }

  //@ operations of a session

  _ask(operation, args, call) {
    return this.#berth._ask(operation, {...args, sessionId: this.sessionId}, call);
  }

  _follow(operation, args, call) {
    return this.#berth._follow(operation, {...args, sessionId: this.sessionId}, call);
  }
}

/** Aborts what it guards when nothing was heard for a while, or when the caller wants it. */
class Silence {
  #abort = new AbortController();
  #outer;
  #timer;
  #leave = () => this.#abort.abort(this.#outer.reason);

  constructor(outer) {
    this.#outer = outer;
    if (outer?.aborted) this.#leave();
    else outer?.addEventListener('abort', this.#leave, {once: true});
    this.heard();
  }

  get signal() {
    return this.#abort.signal;
  }

  heard() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#abort.abort(silent()), SILENT_MILLIS);
  }

  close() {
    clearTimeout(this.#timer);
    this.#outer?.removeEventListener('abort', this.#leave);
    this.#abort.abort(silent());
  }
}

function silent() {
  return new BerthError({code: 'unreachable', message: 'the stream of events fell silent', retryable: true});
}

async function within(millis, outer, work) {
  const abort = new AbortController();
  const late = () =>
    abort.abort(new BerthError({code: 'client_timeout', message: `no answer within ${millis} ms`, retryable: true}));
  const leave = () => abort.abort(outer.reason);
  const timer = setTimeout(late, Math.min(millis, 2 ** 31 - 1));
  if (outer?.aborted) leave();
  else outer?.addEventListener('abort', leave, {once: true});
  try {
    return await work(abort.signal);
  } catch (e) {
    throw abort.signal.aborted ? abort.signal.reason : e;
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener('abort', leave);
  }
}

/** Rests for some milliseconds; throws as soon as the caller wants no more. */
function pause(millis, signal) {
  return new Promise((resolve, reject) => {
    const leave = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', leave);
      resolve();
    }, Math.min(millis, MAX_PAUSE_MILLIS));
    if (signal?.aborted) leave();
    else signal?.addEventListener('abort', leave, {once: true});
  });
}

/**
 * A request that only reads, puts or deletes may be repeated, and so may one with an idempotency key. Any other one may have been
 * done although its answer failed, unless the server was too busy to begin.
 */
function mayRepeat(e, request) {
  if (!(e instanceof BerthError) || !e.retryable || e.code === 'client_timeout') return false;
  return request.repeatable || e.code === 'limit_reached';
}

function unreachable(url, cause) {
  const {origin} = new URL(url);
  const message = `${origin} did not answer: ${cause?.cause?.message ?? cause?.message ?? cause}`;
  return new BerthError({code: 'unreachable', message, retryable: true}, cause);
}

async function refusal(response) {
  const text = await response.text();
  let error = {};
  try {
    error = JSON.parse(text).error ?? {};
  } catch {
    // It comes from something between here and Berth, or from the object store.
  }
  const seconds = Number(response.headers.get('Retry-After'));
  return new BerthError({
    code: 'http_' + response.status,
    message: `HTTP ${response.status}: ${text.slice(0, 200)}`,
    retryable: [429, 502, 503, 504].includes(response.status),
    requestId: response.headers.get('X-Request-Id'),
    ...error,
    status: response.status,
    retryAfterMillis: seconds > 0 ? seconds * 1_000 : null,
  });
}

function endedAlready({endReason}) {
  return new BerthError({code: 'session_ended', message: `the session ended before it ran: ${endReason}`});
}

/** Fields of an object become `name.field=value`. */
function queryOf(values) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined || value === null) continue;
    if (typeof value === 'object' && !Array.isArray(value)) {
      Object.entries(value).forEach(([field, each]) => query.append(`${name}.${field}`, String(each)));
    } else {
      query.append(name, String(value));
    }
  }
  const text = query.toString();
  return text ? '?' + text : '';
}

function anyKey() {
  const random = () => Math.random().toString(36).slice(2);
  return `berth-js-${Date.now().toString(36)}-${random()}${random()}`;
}

async function* all(args, field, list) {
  let offset = args.offset ?? 0;
  for (;;) {
    const answer = await list({...args, offset, limit: args.limit ?? PAGE});
    yield* answer[field];
    offset += answer[field].length;
    if (answer[field].length === 0 || offset >= answer.total) return;
  }
}

/** The body as texts. Not every browser can iterate over a body. */
async function* chunks(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (;;) {
      const {done, value} = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** The events that this part of a stream completes. `state` keeps the incomplete rest, and the place in the stream. */
function* events(chunk, state) {
  const blocks = ((state.rest ?? '') + chunk).split('\n\n');
  state.rest = blocks.pop();
  for (const block of blocks) {
    const fields = fieldsOf(block);
    if (fields.retry) state.retryMillis = Number(fields.retry);
    if (fields.event === 'error') throw new BerthError(JSON.parse(fields.data));
    if (fields.id !== undefined) state.lastEventId = fields.id;
    if (fields.data !== undefined) {
      state.told++;
      yield {id: fields.id, event: fields.event, data: JSON.parse(fields.data)};
    }
  }
}

function fieldsOf(block) {
  const fields = {};
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) fields[line.slice(0, colon)] = line.slice(colon + 1).replace(/^ /, '');
  }
  return fields;
}

async function read(response, gives) {
  if (response.status === 204) return null;
  const json = /^application\/json/.test(response.headers.get('Content-Type') ?? '');
  if (gives === 'bytes') return bytes(response);
  return gives === 'text' || (gives === 'either' && !json) ? response.text() : response.json();
}

async function bytes(response) {
  return new Uint8Array(await response.arrayBuffer());
}

/** Writes beside the file first: a file that is there is whole. */
async function write(response, path) {
  if (!globalThis.process?.versions?.node) {
    throw new BerthError({code: 'no_files', message: 'a browser writes no files: leave the path out, and take the bytes'});
  }
  const {rename, rm, writeFile} = await import(/* webpackIgnore: true */ /* @vite-ignore */ 'node:fs/promises');
  const part = `${path}.part`;
  try {
    await writeFile(part, response.body);
    await rename(part, path);
  } catch (e) {
    await rm(part, {force: true});
    throw e;
  }
  return path;
}

//@ types
