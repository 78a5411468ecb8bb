/**
 * Playwright Test on Berth, in one file: fixtures that run each test in a browser session of a Berth server, and a reporter that
 * tells the server what the tests did. It needs @playwright/test alone.
 *
 *     // playwright.config.ts
 *     reporter: [['./berth-playwright.js'], ['html']],
 *     // *.spec.ts
 *     import {test, expect} from './berth-playwright.js';
 *
 * The server and the key are the environment's BERTH_URL and BERTH_API_KEY, or `use: {berth: {url, key}}`. See /docs/test-runners.
 */
import {expect, test as base} from '@playwright/test';
import {appendFileSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {readFile, stat} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join, relative, sep} from 'node:path';

export {expect};

/** For how long a session may take to start: it may have to wait until another one ends. */
const START_MILLIS = 90_000;
const CONNECT_MILLIS = 30_000;
/** For how long a fixture may take: Playwright counts this apart from the test's own time. */
const FIXTURE_MILLIS = START_MILLIS + 30_000;
/** For how long a report to the server may take. */
const REPORT_MILLIS = 5_000;
/** For how long the end of a session may take, which Chrome may delay. Nothing waits for it but the worker's end. */
const END_MILLIS = 30_000;
const TRACE_MILLIS = 30_000;
/** For how long the run waits, after its last test, for reports that are on their way. */
const LAST_REPORTS_MILLIS = 30_000;
const MAX_TRACE_BYTES = 50 << 20;
/** What the server takes in one request, and of one session. */
const STEPS_AT_ONCE = 200;
const MAX_STEPS = 5_000;
const MAX_TEXT = 4_000;
const REPORTS_AT_ONCE = 4;
const MAX_RETRIES = 5;
/** So many reports in a row that fail mean that the server is away: no more are tried. */
const MAX_FAILURES = 3;

const first = (...names) => names.map(name => process.env[name]).find(Boolean);

// The workers inherit the environment of the main process, which loads this file first, as a reporter.
process.env.BERTH_RUN ||=
  ciRun() ?? `${new Date().toISOString().slice(0, 19)}-${Math.random().toString(36).slice(2, 8)}`;

/** The id that the CI gives to all machines of a run. */
function ciRun() {
  const github = process.env.GITHUB_RUN_ID;
  if (github) return `${github}-${process.env.GITHUB_RUN_ATTEMPT || 1}`;
  return first(
    'CI_PIPELINE_ID', 'CIRCLE_WORKFLOW_ID', 'BUILDKITE_BUILD_ID', 'BITBUCKET_BUILD_NUMBER', 'TRAVIS_BUILD_ID', 'BUILD_BUILDID', 'BUILD_TAG',
  );
}

function ciLabels() {
  return {
    branch: first(
      'GITHUB_HEAD_REF', 'GITHUB_REF_NAME', 'CI_COMMIT_REF_NAME', 'CIRCLE_BRANCH', 'BUILDKITE_BRANCH', 'BITBUCKET_BRANCH', 'TRAVIS_BRANCH',
      'BUILD_SOURCEBRANCHNAME', 'GIT_BRANCH',
    ),
    commit: first(
      'GITHUB_SHA', 'CI_COMMIT_SHA', 'CIRCLE_SHA1', 'BUILDKITE_COMMIT', 'BITBUCKET_COMMIT', 'TRAVIS_COMMIT', 'BUILD_SOURCEVERSION',
      'GIT_COMMIT',
    ),
  };
}

/** What `use: {berth}` and the environment say. */
function settingsOf(given = {}) {
  return {
    sessionPer: 'test',
    recording: 'onFailure',
    options: {},
    metadata: {},
    ...given,
    url: (given.url ?? process.env.BERTH_URL ?? 'http://127.0.0.1:8080').replace(/\/+$/, ''),
    key: given.key ?? process.env.BERTH_API_KEY,
  };
}

/** Why the server did not do something; `retryable` where it may later. */
class BerthError extends Error {
  constructor(message, {code, retryable = false, retryAfterMillis = 0} = {}) {
    super(message);
    Object.assign(this, {name: 'BerthError', code, retryable, retryAfterMillis});
  }
}

class Server {
  constructor({url, key}) {
    this.url = url;
    this.isAway = false;
    this.authorization = key ? {Authorization: `Bearer ${key}`} : {};
  }

  /** Sends a request. Bytes are sent as they are, anything else as JSON. Throws a BerthError. */
  async ask(method, path, body, millis = REPORT_MILLIS, headers = {}) {
    const isFile = body instanceof Uint8Array;
    const type = body === undefined ? {} : {'Content-Type': isFile ? 'application/octet-stream' : 'application/json'};
    let response;
    let text;
    try {
      response = await fetch(this.url + path, {
        method,
        headers: {...this.authorization, ...type, ...headers},
        body: isFile || body === undefined ? body : JSON.stringify(body),
        signal: AbortSignal.timeout(Math.max(1, millis)),
      });
      text = await response.text();
    } catch (e) {
      const why = e.name === 'TimeoutError' ? `no answer within ${Math.round(millis / 1000)} s` : e.cause?.message || e.cause?.code || e.message;
      throw new BerthError(
        `Berth at ${this.url} did not answer: ${why}. Check BERTH_URL, or url of use.berth, and that ${this.url}/health/ready answers.`,
        {code: 'unreachable', retryable: e.name !== 'TimeoutError'},
      );
    }
    if (!response.ok) throw this.#refusal(response, text);
    return text ? JSON.parse(text) : {};
  }

  #refusal(response, text) {
    let error = {};
    try {
      error = JSON.parse(text).error ?? {};
    } catch {
      // Not Berth's answer, but that of something on the way to it.
    }
    const said = [error.message ?? `HTTP ${response.status} ${text.slice(0, 200)}`, error.hint].filter(Boolean).join('; ');
    const check = response.status === 401 ? '. Check BERTH_API_KEY, or key of use.berth' : '';
    return new BerthError(`Berth at ${this.url} refused: ${said}${check}`, {
      code: error.code,
      retryable: error.retryable ?? false,
      retryAfterMillis: Number(response.headers.get('Retry-After')) * 1_000 || 0,
    });
  }
}

/** A session, whose browser is there from the first `open()` on. */
class BrowserSession {
  /** The tests that use the session. */
  #tests = new Map();
  #opening;
  #defaultContext;

  /** @param {{name: string, metadata: object}} labels */
  constructor(server, settings, labels, isShared) {
    Object.assign(this, {server, settings, labels, isShared, browser: undefined, created: undefined});
  }

  /** Gives the browser. */
  async open(chromium, testInfo) {
    this.add(testInfo);
    this.#opening ??= this.#open(chromium);
    this.browser = await this.#opening;
    return this.browser;
  }

  /** Notes a test that uses the session, and gives the test the link to the session. */
  add(testInfo) {
    this.#tests.set(testInfo, this.#tests.get(testInfo) ?? {at: Date.now(), linked: false});
    this.#link();
  }

  #link() {
    if (!this.created) return;
    for (const [testInfo, known] of this.#tests) {
      if (known.linked) continue;
      known.linked = true;
      const at = Math.max(0, known.at - Date.parse(this.created.createdAt));
      testInfo.annotations.push({type: 'berth', description: this.url + (this.isShared ? `#t=${at}` : '')});
    }
  }

  get url() {
    return `${this.settings.url}/ui/session/${this.created.sessionId}`;
  }

  async #open(chromium) {
    const deadline = Date.now() + START_MILLIS;
    this.created = await this.#create(deadline);
    this.#link();
    try {
      await this.#running(deadline);
      const browser = await this.#connected(chromium);
      this.#defaultContext = browser.contexts()[0];
      browser.on('context', context => context.once('page', () => this.#closeBlank()));
      return browser;
    } catch (e) {
      await this.#delete();
      throw e;
    }
  }

  async #connected(chromium) {
    const url = this.created.connectUrl;
    try {
      return await chromium.connectOverCDP(url, {timeout: CONNECT_MILLIS});
    } catch (e) {
      const {origin} = new URL(url);
      throw new BerthError(`Berth made the session ${this.url}, but ${origin} takes no WebSocket of it: ${firstLine(e.message)}. Check the proxy in between.`);
    }
  }

  /** Tests open pages of their own: pictures of the blank one, with which a session begins, help nobody. A session keeps its last page. */
  #closeBlank() {
    const blank = this.#defaultContext?.pages().find(page => page.url() === 'about:blank');
    blank?.close().catch(() => {});
  }

  async #create(deadline) {
    const body = {...this.labels, options: {recording: this.settings.recording, ...this.settings.options}};
    const headers = {'Idempotency-Key': `playwright-${Date.now()}-${Math.random().toString(36).slice(2)}`};
    for (let tried = 0; ; tried++) {
      try {
        return await this.server.ask('POST', '/api/sessions?wait=running', body, deadline - Date.now(), headers);
      } catch (e) {
        // A server that is away is tried once more, a full one until the time is over.
        const again = e.retryable && (e.code !== 'unreachable' || tried === 0);
        const pause = e.retryAfterMillis || 1_000;
        if (!again || Date.now() + pause >= deadline) throw e;
        await sleep(pause);
      }
    }
  }

  /** Waits for a session that has waited for a place for so long that the server answered. */
  async #running(deadline) {
    for (let session = this.created; session.status !== 'running'; ) {
      if (session.status !== 'creating') {
        throw new BerthError(`Berth at ${this.settings.url} did not start the session: ${session.endReason ?? session.status}; see ${this.url}`);
      }
      if (Date.now() > deadline) {
        throw new BerthError(
          `Berth at ${this.settings.url} had no free place for ${START_MILLIS / 1000} s: run fewer workers, or raise BERTH_SESSIONS_MAX`,
        );
      }
      await sleep(500);
      session = await this.server.ask('GET', `/api/sessions/${this.created.sessionId}`);
    }
  }

  /** Tells the outcome, then ends the session. Gives, once the outcome is told, a promise of the end. Throws nothing. */
  async finish() {
    const browser = this.#opening && (await this.#opening.catch(() => undefined));
    if (!browser) return {ended: Promise.resolve()};
    await Promise.all([this.#report(), this.#close(browser)]);
    return {ended: this.#delete()};
  }

  async #report() {
    const outcomes = [...this.#tests.keys()].map(outcomeOf);
    const outcome = outcomes.find(each => each.outcomeReason !== undefined) ?? outcomes.find(each => each.outcome === 'passed') ?? outcomes[0];
    if (this.server.isAway) {
      untold('outcome: the server did not answer before');
      return;
    }
    try {
      await this.server.ask('PATCH', `/api/sessions/${this.created.sessionId}`, outcome);
    } catch (e) {
      this.server.isAway = e.code === 'unreachable'; // the next tests of the worker don't wait for it
      untold(`outcome: ${e.message}`);
    }
  }

  /** Closes the contexts that tests have left open, so that Playwright takes their traces. */
  async #close(browser) {
    const contexts = browser.contexts().filter(context => context !== this.#defaultContext);
    await Promise.all(contexts.map(context => context.close())).catch(() => {});
    await browser.close().catch(() => {});
  }

  async #delete() {
    const millis = this.server.isAway ? REPORT_MILLIS : END_MILLIS;
    await this.server
      .ask('DELETE', `/api/sessions/${this.created.sessionId}`, undefined, millis)
      .catch(e => untold(`end of a session: ${e.message}`));
  }
}

const sleep = millis => new Promise(resolve => setTimeout(resolve, millis));

/** How a test ended, as the API names it: a test that should fail, and does, has passed. */
function outcomeOf({status, expectedStatus, errors}) {
  if (status === expectedStatus) return {outcome: status === 'skipped' ? 'skipped' : 'passed'};
  if (status === 'passed') return {outcome: 'failed', outcomeReason: 'Expected to fail, but passed'};
  return {outcome: status, outcomeReason: messageOf(errors) || status};
}

const messageOf = errors =>
  cut((errors ?? []).map(error => plain(error?.message ?? error?.value ?? '')).filter(Boolean).join('\n\n'));

/** Without the colours of terminals, and other control characters. */
const plain = text => String(text).replace(/\x1b\[[0-9;?]*[ -/]*[@-~]/g, '').replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, '');
const cut = (text, max = MAX_TEXT) => (text.length > max ? text.slice(0, max) : text);
const firstLine = text => text.split('\n').find(line => line.trim()) ?? '';

/** Notes something that the server was not told, for the reporter's one warning at the end. */
function untold(what) {
  if (process.env.BERTH_UNTOLD) appendFileSync(process.env.BERTH_UNTOLD, firstLine(what) + '\n');
}

/** The sessions of a worker, and the browser that its tests see. */
class Sessions {
  /** For all tests of the worker, and for contexts that `beforeAll` creates. */
  #shared;
  #own;
  #ending = [];

  constructor(playwright, settings) {
    this.chromium = playwright.chromium;
    this.settings = settings;
    this.server = new Server(settings);
    this.browser = this.#facade();
  }

  begin(testInfo) {
    if (this.settings.sessionPer === 'test') {
      this.#own = new BrowserSession(this.server, this.settings, labelsOf(testInfo, this.settings), false);
    }
  }

  open() {
    return this.#now().open(this.chromium, base.info());
  }

  /** The session of the test that runs; in `beforeAll` and `afterAll` that of the worker. */
  #now() {
    return this.#own ?? (this.#shared ??= new BrowserSession(this.server, this.settings, sharedLabels(base.info(), this.settings), true));
  }

  async end(testInfo) {
    const own = this.#own;
    this.#own = undefined;
    if (own?.browser) {
      this.#ending.push((await own.finish()).ended);
    } else if (this.#shared?.browser) {
      this.#shared.add(testInfo); // a page of `beforeAll` may be what the test used
    }
  }

  async close() {
    if (this.#shared) this.#ending.push((await this.#shared.finish()).ended);
    await Promise.all(this.#ending);
  }

  describe() {
    const {created, url} = this.#now();
    return {sessionId: created.sessionId, url, connectUrl: created.connectUrl, liveUrl: created.liveUrl};
  }

  /** Playwright's browser lives as long as the worker: this one is, at each time, that of the test that runs. */
  #facade() {
    const isLater = name => ['newContext', 'newPage', 'newBrowserCDPSession', 'startTracing', 'stopTracing'].includes(name);
    const before = {
      _connection: {},
      browserType: () => this.chromium,
      close: async () => {},
      contexts: () => [],
      isConnected: () => true,
      version: () => '',
    };
    return new Proxy({}, {
      get: (_, name) => {
        const {browser} = this.#own ?? this.#shared ?? {};
        if (isLater(name)) return async (...args) => (await this.open())[name](...args);
        const value = (browser ?? before)[name];
        return typeof value === 'function' ? value.bind(browser ?? before) : value;
      },
    });
  }
}

function labelsOf(testInfo, settings) {
  const title = testInfo.titlePath.slice(1).join(' › ');
  return {name: cut(title, 2_000), metadata: metadataOf(testInfo, settings, {title, retry: String(testInfo.retry)})};
}

function sharedLabels(testInfo, settings) {
  const worker = `worker ${testInfo.workerIndex}`;
  return {
    name: [testInfo.project.name, worker].filter(Boolean).join(' › '),
    metadata: metadataOf(testInfo, settings, {title: worker, retry: '0'}),
  };
}

function metadataOf(testInfo, settings, more) {
  const file = relative(testInfo.config.rootDir, testInfo.file).split(sep).join('/');
  const labels = {run: process.env.BERTH_RUN, project: testInfo.project.name, file, ...more, ...ciLabels(), ...settings.metadata};
  return Object.fromEntries(
    Object.entries(labels).filter(([, value]) => value).map(([name, value]) => [name, cut(String(value), 2_000)]),
  );
}

export const test = base.extend({
  berth: [{}, {scope: 'worker', option: true, box: true}],

  _berthSessions: [async ({berth, browserName, playwright}, use, workerInfo) => {
    if (browserName !== 'chromium') {
      const project = workerInfo.project.name || 'this one';
      throw new Error(`Berth runs Chromium: set browserName: 'chromium' in use of the project "${project}", which asks for ${browserName}`);
    }
    const sessions = new Sessions(playwright, settingsOf(berth));
    await use(sessions);
    await sessions.close();
  }, {scope: 'worker', timeout: FIXTURE_MILLIS, box: true}],

  browser: [async ({_berthSessions}, use) => use(_berthSessions.browser), {scope: 'worker', box: true}],

  _berthTest: [async ({_berthSessions}, use, testInfo) => {
    _berthSessions.begin(testInfo);
    await use();
    await _berthSessions.end(testInfo);
  }, {auto: true, timeout: FIXTURE_MILLIS, box: true}],

  berthSession: [async ({_berthSessions, _berthTest}, use) => {
    await _berthSessions.open();
    await use(_berthSessions.describe());
  }, {timeout: FIXTURE_MILLIS, title: 'a session of Berth'}],

  // The session starts here, and not within the test's time.
  context: async ({berthSession, context}, use) => use(context),
});

/** Reports steps, errors and traces when a test has ended: a session takes them until 10 minutes after its end. */
export default class BerthReporter {
  #reports = [];
  #waiting = [];
  #running = 0;
  #failuresInRow = 0;
  #untold = [];
  #servers = new Map();
  /** By test, so that the last try counts. */
  #failures = new Map();
  #folder = mkdtempSync(join(tmpdir(), 'berth-'));

  constructor() {
    process.env.BERTH_UNTOLD = join(this.#folder, 'untold');
  }

  /** Playwright prints progress by its usual reporter, too. */
  printsToStdio() {
    return false;
  }

  onTestEnd(test, result) {
    const link = sessionOf(test, result);
    const {outcomeReason} = outcomeOf({...result, expectedStatus: test.expectedStatus});
    if (outcomeReason !== undefined) this.#failures.set(test, {reason: outcomeReason, link: link?.url});
    if (!link) return;
    this.#reports.push(this.#inTurn(() => this.#report(test, result, link)));
  }

  async onEnd() {
    const late = sleep(LAST_REPORTS_MILLIS).then(() => 'late');
    if ((await Promise.race([Promise.all(this.#reports), late])) === 'late') {
      this.#untold.push(`reports that took more than ${LAST_REPORTS_MILLIS / 1000} s`);
    }
    this.#print();
  }

  /** Runs when the workers are gone. */
  onExit() {
    const noted = this.#noted();
    const all = [...this.#untold, ...noted];
    if (all.length) console.warn(`\nBerth: ${all.length} ${all.length === 1 ? 'report' : 'reports'} did not reach the server; the first: ${all[0]}`);
    rmSync(this.#folder, {recursive: true, force: true});
  }

  #noted() {
    try {
      return readFileSync(process.env.BERTH_UNTOLD, 'utf8').split('\n').filter(Boolean);
    } catch {
      return [];
    }
  }

  /** A few reports are on their way at once. */
  async #inTurn(report) {
    if (this.#running >= REPORTS_AT_ONCE) await new Promise(resolve => this.#waiting.push(resolve));
    this.#running++;
    try {
      await report();
    } finally {
      this.#running--;
      this.#waiting.shift()?.();
    }
  }

  async #report(test, result, link) {
    const server = this.#serverOf(test);
    const {outcome, outcomeReason} = outcomeOf({...result, expectedStatus: test.expectedStatus});
    const path = `/api/sessions/${link.sessionId}`;
    const steps = stepsOf(test, result, link.isShared);
    for (let at = 0; at < steps.length; at += STEPS_AT_ONCE) {
      await this.#tell('steps', () => server.ask('POST', `${path}/steps`, {steps: steps.slice(at, at + STEPS_AT_ONCE)}));
    }
    if (outcomeReason !== undefined) {
      await this.#tell('outcome', async () => {
        const session = await server.ask('GET', path);
        const known = this.#failures.get(test);
        if (known?.link === link.url) known.link = `${link.page}#t=${Math.max(0, failedAt(result) - Date.parse(session.createdAt))}`;
        // A test may have failed after its session was over, or its worker was lost.
        if (!session.outcome || session.outcome === 'passed') await server.ask('PATCH', path, {outcome, outcomeReason});
      });
    }
    const trace = result.attachments.find(attachment => attachment.name === 'trace' && attachment.path);
    if (trace) {
      const name = link.isShared ? `trace-${test.id}-${result.retry}.zip` : 'trace.zip';
      await this.#tell('trace', () => keepTrace(server, `${path}/files/${name}`, trace.path));
    }
  }

  async #tell(what, work) {
    if (this.#failuresInRow >= MAX_FAILURES) {
      this.#untold.push(what);
      return;
    }
    for (let tried = 0; ; tried++) {
      try {
        await work();
        this.#failuresInRow = 0;
        return;
      } catch (e) {
        // Such as that a session is still ending.
        if (e.retryable && e.code !== 'unreachable' && tried < MAX_RETRIES) {
          await sleep(e.retryAfterMillis || 1_000);
          continue;
        }
        this.#failuresInRow++;
        this.#untold.push(`${what}: ${firstLine(plain(e.message))}`);
        return;
      }
    }
  }

  #serverOf(test) {
    const settings = settingsOf(test.parent.project()?.use.berth);
    const known = this.#servers.get(settings.url + settings.key) ?? new Server(settings);
    this.#servers.set(settings.url + settings.key, known);
    return known;
  }

  #print() {
    const lines = [...this.#failures]
      .filter(([test]) => ['unexpected', 'flaky'].includes(test.outcome()))
      .map(([test, {reason, link}]) => {
        const [, project, , ...titles] = test.titlePath();
        const name = plain(titles.join(' › ')) + (project ? ` [${plain(project)}]` : '');
        return `  ${test.outcome() === 'flaky' ? 'flaky' : 'failed'} ${name}: ${firstLine(reason)} ${link ?? '(no session)'}`;
      });
    if (lines.length) console.log(`\nBerth, run ${process.env.BERTH_RUN}:\n${lines.join('\n')}`);
  }
}

/** The session that a try of a test was linked to. A link with a moment is that of a session which other tests share. */
function sessionOf(test, result) {
  const url = (result.annotations ?? test.annotations).findLast(annotation => annotation.type === 'berth')?.description;
  const [, page, sessionId, moment] = /^(.*\/ui\/session\/([\w-]+))(#t=\d+)?$/.exec(url ?? '') ?? [];
  return sessionId && {url, page, sessionId, isShared: moment !== undefined};
}

const endOf = step => step.startTime.getTime() + Math.max(0, step.duration);

/** When the body of a test was over. The test's duration leaves out fixtures that have a time of their own. */
function bodyEnd(result) {
  const body = result.steps.filter(step => !/^After Hooks$|^Worker Cleanup$/.test(step.title));
  return Math.max(result.startTime.getTime(), ...body.map(endOf));
}

/** When a test failed: at the end of its deepest step that did. */
function failedAt(result) {
  let at = bodyEnd(result);
  for (let steps = result.steps; ; ) {
    const failed = steps.find(step => step.error);
    if (!failed) return at;
    at = endOf(failed);
    steps = failed.steps;
  }
}

const KINDS = {'test.step': 'step', expect: 'expect', hook: 'hook'};

/**
 * The steps of a test that a reader looks for: its own steps, assertions and hooks, and what failed. Calls to the page are among the
 * session's actions, and fixtures are of no interest.
 */
function stepsOf(test, result, isShared) {
  const all = [];
  const id = n => `${test.id}-${result.retry}-${n}`;
  const entry = (n, title, kind, startTime, duration, error, parentId) => ({
    stepId: id(n),
    title: cut(plain(title)) || kind,
    kind,
    startedAt: startTime.toISOString(),
    duration: Math.max(0, Math.round(duration)),
    ...(error === undefined ? {} : {error: error || 'failed'}),
    ...(parentId ? {parentId} : {}),
  });
  if (isShared) {
    const title = test.titlePath().slice(3).join(' › ');
    const duration = bodyEnd(result) - result.startTime.getTime();
    const {outcomeReason} = outcomeOf({...result, expectedStatus: test.expectedStatus});
    all.push(entry('test', title, 'test', result.startTime, duration, outcomeReason));
  }
  let n = 0;
  const visit = (steps, parentId) => {
    for (const step of steps) {
      const own = n++;
      if (isTold(step)) {
        const kind = KINDS[step.category] ?? 'step';
        const title = [step.title, step.subtitle].filter(Boolean).join(' ');
        all.push(entry(own, title, kind, step.startTime, step.duration, step.error && messageOf([step.error]), parentId));
        visit(step.steps, id(own));
      } else {
        visit(step.steps, parentId);
      }
    }
  };
  visit(result.steps, isShared ? id('test') : undefined);
  return all.slice(0, MAX_STEPS);
}

/** Playwright's groups of hooks are left out: their hooks stand for themselves. */
function isTold(step) {
  const isGroup = step.category === 'hook' && /^(Before|After) Hooks$|^Worker Cleanup$/.test(step.title);
  return !isGroup && (step.category in KINDS || (step.category === 'pw:api' && step.error !== undefined));
}

async function keepTrace(server, path, file) {
  const {size} = await stat(file);
  if (size > MAX_TRACE_BYTES) throw new Error(`${size} bytes are more than the ${MAX_TRACE_BYTES} of a trace`);
  await server.ask('PUT', path, await readFile(file), TRACE_MILLIS);
}
