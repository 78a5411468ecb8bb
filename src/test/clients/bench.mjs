// For the benchmark: verbs by REST against puppeteer-core, and the flow of BrowserArena against a Chrome launched by hand. Prints lines
// of a row's name and the milliseconds of both sides, taken in turns; ClientRows of the benchmark makes rows of them.
import {spawn} from 'node:child_process'
import {chown, mkdir, rm} from 'node:fs/promises'
import {createServer} from 'node:http'
import {join} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import {chromium} from 'playwright-core'
import puppeteer from 'puppeteer-core'

const {BERTH_URL, BERTH_KEY, BENCH_CHROME, BENCH_FOLDER} = process.env
const FLAGS = JSON.parse(process.env.BENCH_FLAGS)
const VERB_TIMES = 21, FLOW_TIMES = 15, STORM_TIMES = 5, AT_ONCE = 10, FIRST_UID = 63_500
const LINES = [...Array(40).keys()].map(i => `<p style="color: hsl(${i * 9} 80% 40%)">Line ${i} of a page with some text</p>`).join('')
const PAGE = `<!doctype html><title>Bench</title><button id=button>A button</button><input id=field>${LINES}`

const site = createServer((request, response) => response.setHeader('Content-Type', 'text/html').end(PAGE))
await new Promise(ready => site.listen(0, '127.0.0.1', ready))
const url = `http://127.0.0.1:${site.address().port}/`

async function api(method, path, body) {
  const answer = await fetch(BERTH_URL + path, {method, headers: {'Authorization': `Bearer ${BERTH_KEY}`, 'Content-Type': 'application/json'},
    body: body && JSON.stringify(body)})
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}

/** Pauses of random length between: nothing is to fall in with a page's frames, and a client in a loop finds all caches warm. */
const pause = () => sleep(50 + Math.random() * 200)

async function millis(work) {
  await pause()
  const begun = process.hrtime.bigint()
  await work()
  return Number(process.hrtime.bigint() - begun) / 1e6
}

/** Each twice to warm up, then A B, B A, A B, … */
async function compare(name, times, berth, reference) {
  for (let i = -2; i < times; i++) {
    const both = i % 2 ? [await millis(reference), await millis(berth)].reverse() : [await millis(berth), await millis(reference)]
    if (i >= 0) console.log(`${name} ${both.join(' ')}`)
  }
}

async function verbs() {
  const session = await api('POST', '/api/sessions?wait=running', {initialPrompt: url})
  const verb = (name, body) => () => api('POST', `/api/sessions/${session.sessionId}/${name}`, body)
  const browser = await puppeteer.connect({browserWSEndpoint: BENCH_CHROME})
  const page = (await browser.pages())[0]
  await page.goto(url)
  await verb('click', {selector: '#button'})()
  await compare('click', VERB_TIMES, verb('click', {selector: '#button'}), () => page.click('#button'))
  await compare('fill', VERB_TIMES, verb('fill', {selector: '#field', value: 'text'}), () => page.locator('#field').fill('text'))
  await compare('screenshot', VERB_TIMES, verb('screenshot', {format: 'png'}), () => page.screenshot({type: 'png'}))
  await compare('evaluate', VERB_TIMES, verb('evaluate', {expression: '1+1'}), () => page.evaluate('1+1'))
  await browser.disconnect()
  await api('DELETE', `/api/sessions/${session.sessionId}`)
}

async function visit(endpoint) {
  const browser = await chromium.connectOverCDP(endpoint)
  await browser.contexts()[0].pages()[0].goto(url)
}

async function berthFlow() {
  const session = await api('POST', '/api/sessions?wait=running', {})
  await visit(session.connectUrl)
  await api('DELETE', `/api/sessions/${session.sessionId}`)
}

let launched = 0

async function handFlow() {
  const number = launched++
  const profile = join(BENCH_FOLDER, `flow-${number}`), uid = FIRST_UID + number
  await mkdir(profile)
  const asUser = process.getuid() ? [] : ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '--no-new-privs']
  if (asUser.length) await chown(profile, uid, uid)
  const [program, ...flags] = [...asUser, ...FLAGS, `--user-data-dir=${profile}`, 'about:blank']
  const chrome = spawn(program, flags, {detached: true, stdio: ['ignore', 'ignore', 'pipe'], env: {PATH: process.env.PATH, HOME: profile}})
  const gone = new Promise(done => chrome.once('exit', done))
  const endpoint = await new Promise((found, failed) => {
    let said = ''
    chrome.stderr.on('data', text => {
      said += text
      const listening = /DevTools listening on (\S+)\n/.exec(said)
      if (listening) found(listening[1])
    })
    chrome.once('exit', () => failed(new Error('Chrome ended: ' + said)))
  })
  try {
    await visit(endpoint)
  } finally {
    process.kill(-chrome.pid, 'SIGKILL')
    await gone
    await rm(profile, {recursive: true, maxRetries: 5})
  }
}

const storm = flow => () => Promise.all([...Array(AT_ONCE)].map(flow))

await verbs()
await compare('flow', FLOW_TIMES, berthFlow, handFlow)
await compare('flows', STORM_TIMES, storm(berthFlow), storm(handFlow))
process.exit(0)
