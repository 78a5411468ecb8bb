// Berth over REST, and what every trial needs: bounded waits, checks that say what they expected, one line per trial.
import {isDeepStrictEqual} from 'node:util'

export const URL_OF_BERTH = process.env.BERTH_URL ?? 'http://127.0.0.1:8080'
export const KEY = process.env.BERTH_KEY ?? ''
export const WAIT_MILLIS = 20_000

export async function rest(method, path, body) {
  const response = await fetch(URL_OF_BERTH + path, {
    method,
    headers: {authorization: `Bearer ${KEY}`, ...(body === undefined ? {} : {'content-type': 'application/json'})},
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(2 * WAIT_MILLIS)
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${path} ${JSON.stringify(body)?.slice(0, 200) ?? ''} answered ${response.status}: ${text.slice(0, 500)}`)
  return text ? JSON.parse(text) : {}
}

export class Session {
  static async create(body = {}) {
    const created = await rest('POST', '/api/sessions?wait=running', body)
    return Object.assign(new Session(created.sessionId), {connectUrl: created.connectUrl})
  }
  constructor(id) { this.id = id; this.path = `/api/sessions/${id}` }
  verb(name, body = {}) { return rest('POST', `${this.path}/${name}`, body) }
  state() { return rest('GET', this.path) }
  end() { return rest('DELETE', this.path) }
  async evaluate(expression) { return (await this.verb('evaluate', {expression})).result }
  /** Every entry of a list such as `network`. */
  async all(list, field) {
    if (list === 'artifacts') return (await rest('GET', `${this.path}/artifacts`)).artifacts
    const entries = []
    for (;;) {
      const page = await rest('GET', `${this.path}/${list}?limit=100&offset=${entries.length}`)
      entries.push(...page[field])
      if (page[field].length === 0 || entries.length >= page.total) return entries
    }
  }
}

let failures = 0
const only = process.env.ONLY

/** Runs one trial and prints its line; a failure does not stop the next one. */
export async function trial(name, work) {
  if (only && !name.includes(only)) return undefined
  const startedAt = performance.now()
  const millis = () => Math.round(performance.now() - startedAt)
  try {
    const result = await within(120_000, name, work())
    console.log(`ok ${name} ${millis()}`)
    return result
  } catch (e) {
    failures++
    console.log(`FAILED ${name} ${millis()}\n    ${plain(e).split('\n').slice(0, 4).join('\n    ')}`)
    return undefined
  }
}

/** An error's message without colours. */
const plain = e => (e.message ?? String(e)).replace(/\x1b\[\d+m/g, '')

// What a client throws outside of any trial is a failure too, and not the end of the others.
process.on('unhandledRejection', e => {
  failures++
  console.log(`FAILED outside of a trial\n    ${plain(e)}`)
})

/** @param more failures that no trial counted */
export const finish = (more = 0) => process.exit(Math.min(failures + more, 100))

export function check(what, got, expected) {
  if (!isDeepStrictEqual(got, expected)) throw new Error(`${what}: expected ${show(expected)}, got ${show(got)}`)
}

export function checkThat(what, got, holds) {
  if (!holds) throw new Error(`${what}: got ${show(got)}`)
}

const show = value => JSON.stringify(value)?.slice(0, 1500)

/** Repeats the check until it passes; when it never does, its last failure is what is thrown. */
export async function eventually(work, millis = WAIT_MILLIS) {
  const deadline = performance.now() + millis
  for (;;) {
    try {
      return await work()
    } catch (e) {
      if (performance.now() > deadline) throw e
      await new Promise(resolve => setTimeout(resolve, 200))
    }
  }
}

export function within(millis, what, promise) {
  let timer
  const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error(`${what}: nothing within ${millis} ms`)), millis) })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

/** What `got` lacks and what it has too much, as multisets. */
export function difference(expected, got) {
  const count = new Map()
  for (const each of expected) count.set(each, (count.get(each) ?? 0) + 1)
  for (const each of got) count.set(each, (count.get(each) ?? 0) - 1)
  const off = sign => [...count].filter(([, n]) => n * sign > 0).map(([each, n]) => (Math.abs(n) > 1 ? `${each} ×${Math.abs(n)}` : each))
  return {missing: off(1), unexpected: off(-1)}
}

const NOTHING = {missing: [], unexpected: []}

/** The trials of what Berth captured of a client's work: against what the site served, and what the client `did`. */
export async function captureTrials(client, session, site, did, lastUrl) {
  await trial(`${client}: every request is in /network`, () => eventually(async () => {
    const all = (await session.all('network', 'requests')).filter(r => /^http/.test(r.url))
    const requests = all.filter(r => r.status || !r.error)
    const unanswered = all.filter(r => !r.status && r.error && site.served.includes(r.url)).map(r => `${r.url} ${r.error}`)
    check('requests that the site answered and /network calls failed', unanswered, [])
    check(`requests of ${site.served.length}`, difference(site.served, requests.map(r => r.url)), NOTHING)
    checkThat('each has a status', requests.filter(r => !(r.status >= 200)).slice(0, 3), requests.every(r => r.status >= 200))
  }))
  await trial(`${client}: every line is in /console`, () => eventually(async () => {
    const lines = (await session.all('console', 'logs')).map(l => l.message).filter(m => m.startsWith('site: '))
    check(`lines of ${site.lines.length}`, difference(site.lines, lines), NOTHING)
  }))
  for (const [type, count] of Object.entries(did)) {
    await trial(`${client}: every ${type} is in /actions`, () => eventually(async () => {
      const actions = (await session.all('actions', 'actions')).filter(a => a.type === type)
      check(`${type}s`, actions.filter(a => a.source === 'cdp' && a.success).length, count)
      check(`${type}s that failed or have another source`, actions.filter(a => a.source !== 'cdp' || !a.success), [])
    }))
  }
  await trial(`${client}: navigations and currentUrl`, () => eventually(async () => {
    const state = await session.state()
    check('currentUrl', state.currentUrl, lastUrl)
    checkThat(`navigationCount of at least ${did.navigate}`, state.navigationCount, state.navigationCount >= did.navigate)
    const pages = Array.from({length: 100}, (_, i) => `${site.url}/page?n=${i + 1}`)
    check('pages among the navigations', difference(pages, state.navigations.map(n => n.url).filter(u => /page\?n=\d{1,3}$/.test(u) && !/n=9\d\d$/.test(u))), NOTHING)
  }))
}

/** The trials of files that the session's pages downloaded, as artifacts of it. */
export async function downloadTrials(client, session, bytes) {
  await trial(`${client}: downloads are artifacts`, () => eventually(async () => {
    const downloads = (await session.all('artifacts', 'artifacts')).filter(a => a.type === 'download')
    check('sizes of downloads', downloads.map(d => d.size).sort((a, b) => a - b), ['from a blob'.length, bytes])
    for (const {publicUrl, size} of downloads) {
      const body = await (await fetch(publicUrl, {signal: AbortSignal.timeout(WAIT_MILLIS)})).arrayBuffer()
      check('bytes behind publicUrl', body.byteLength, size)
    }
  }))
}
