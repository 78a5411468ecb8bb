// What the suites of WebDriver share: a site, a bare chromedriver of this machine beside Berth, and one line for each step that says how
// the two did. A step passes when its function returns; the exit code counts the steps that pass on the bare chromedriver alone.
import {Buffer} from 'node:buffer'
import {execFileSync, spawn} from 'node:child_process'
import fs from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import os from 'node:os'
import path from 'node:path'
import {KEY, URL_OF_BERTH} from './berth.mjs'

const ROOT = process.env.CHROMIUM_FOLDER ?? '/usr/lib/chromium'
export const HUB = URL_OF_BERTH.replace('//', `//selenium:${encodeURIComponent(KEY)}@`) + '/wd/hub'

const PAGES = {
  '/': `<title>site</title><h1 class=big>Hello</h1><a href=/two>two</a> <a id=blank target=_blank href=/two>new window</a>
    <form id=form onsubmit="said.textContent = 'sent ' + this.user.value; return false">
      <input id=name name=user placeholder=name aria-label="Your name"><button id=send>Send</button></form>
    <select id=pick><option value=1>one<option value=2>two</select><select id=many multiple><option>x<option>y<option>z</select>
    <input id=check type=checkbox><input id=off disabled><textarea id=area></textarea><input id=file type=file>
    <button id=go onclick="said.textContent = document.all.name.value">Go</button><p id=said style="height:1em"></p>
    <button id=alert onclick="alert('hi')">a</button><button id=confirm onclick="said.textContent = confirm('sure?')">c</button>
    <button id=prompt onclick="said.textContent = prompt('who?')">p</button>
    <button id=late onclick="setTimeout(() => said.innerHTML = '<i id=grown>late</i>', 300)">l</button>
    <button id=covered style="position:absolute;left:600px;top:10px">under</button>
    <div id=cover style="position:absolute;left:590px;top:0;width:120px;height:60px;background:red"></div>
    <div id=over style="width:50px;height:40px;color:rgb(1,2,3)" onmouseenter="said.textContent = 'over'" ondblclick="said.textContent = 'twice'"
      oncontextmenu="said.textContent = 'menu'; return false"><b>o</b><i>p</i></div>
    <div id=slider style="width:20px;height:20px;background:blue" onmousedown="onmousemove = e => moved = e.clientX; onmouseup = () => {
      onmousemove = null; said.textContent = 'moved ' + moved }"></div>
    <div id=scroll style="height:50px;width:100px;overflow:scroll"><p style="height:900px">tall</p></div>
    <div id=hidden style="display:none">hidden</div><iframe id=inner name=inner src=/frame></iframe><my-box></my-box>
    <script>customElements.define('my-box', class extends HTMLElement {
      connectedCallback() { this.attachShadow({mode: 'open'}).innerHTML = '<b id=inside>inside</b><b>more</b>' } })</script>`,
  '/two': '<title>two</title><p>second</p>',
  '/frame': '<title>frame</title><button onclick="this.textContent = \'clicked\'">in frame</button><iframe src=/two></iframe>',
  '/log': '<title>log</title><script>console.error("an error of mine")</script>',
  '/throws': '<title>throws</title><script>console.info("before"); setTimeout(() => { throw new TypeError("mine") })</script>',
  '/asks': '<title>asks</title><script>fetch("/data?of=asks").then(r => r.text()).then(t => document.title = t, e => document.title = e.name)</script>',
  '/data?of=asks': 'from the site',
  '/slow': '<title>slow</title><img src=/never>',
  '/passkey': `<title>passkey</title><script>
    const bytes = text => new TextEncoder().encode(text)
    const make = () => navigator.credentials.create({publicKey: {rp: {name: 'site'}, user: {id: bytes('ada'), name: 'ada', displayName: 'Ada'},
      challenge: bytes('challenge'), pubKeyCredParams: [{type: 'public-key', alg: -7}]}})
    const use = made => navigator.credentials.get({publicKey: {challenge: bytes('again'), allowCredentials: [{type: 'public-key', id: made.rawId}]}})
  </script>`
}

function answer(request, response) {
  if (request.url === '/never') return
  response.setHeader('content-type', 'text/html')
  if (request.url === '/secret') return answerSecret(request, response)
  if (request.url === '/headers') return response.end(`<title>${request.headers['x-mine'] ?? 'none'}</title>`)
  response.end(PAGES[request.url] ?? '')
}

/** A page for the user ada with the password lovelace. */
function answerSecret(request, response) {
  if (request.headers.authorization === `Basic ${Buffer.from('ada:lovelace').toString('base64')}`) return response.end('<title>secret</title>')
  response.writeHead(401, {'www-authenticate': 'Basic realm=site'}).end('<title>who?</title>')
}

const closers = []
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'side-by-side-'))
closers.push(() => fs.rmSync(folder, {recursive: true, force: true}))
process.on('exit', () => closers.forEach(close => close()))

async function listen(server) {
  await new Promise(listening => server.listen(0, '127.0.0.1', listening))
  closers.push(() => { server.closeAllConnections(); server.close() })
  return server.address().port
}

/** A port that was free a moment ago, so that nothing serves it. */
async function closedPort() {
  const server = http.createServer()
  await new Promise(listening => server.listen(0, '127.0.0.1', listening))
  const {port} = server.address()
  await new Promise(closed => server.close(closed))
  return port
}

function selfSigned() {
  const store = path.join(folder, 'store.p12')
  execFileSync('keytool', ['-genkeypair', '-keyalg', 'EC', '-alias', 'site', '-dname', 'CN=elsewhere', '-storetype', 'PKCS12',
    '-keystore', store, '-storepass', 'secret'], {stdio: 'ignore'})
  return {pfx: fs.readFileSync(store), passphrase: 'secret'}
}

/** Starts a chromedriver on a free port of the loopback interface; it is ended with this process, by its id. */
function startBare() {
  const driver = spawn(path.join(ROOT, 'chromedriver'), ['--port=0'], {stdio: ['ignore', 'pipe', 'ignore']})
  closers.push(() => driver.kill())
  return new Promise((started, failed) => {
    let said = ''
    driver.once('error', failed)
    driver.once('exit', code => failed(new Error(`the bare chromedriver ended with ${code}: ${said}`)))
    driver.stdout.on('data', data => {
      said += data
      const port = /started successfully on port (\d+)/.exec(said)?.[1]
      if (port) started(`http://127.0.0.1:${port}`)
    })
  })
}

export const skipped = () => !fs.existsSync(path.join(ROOT, 'chromedriver'))

/** The two servers as `{name, url, options}`, and the site as `{page, local, secure}`. */
export async function start() {
  const port = await listen(http.createServer(answer))
  const securePort = await listen(https.createServer(selfSigned(), answer))
  const binary = path.join(ROOT, 'chromium-headless-shell')
  return {
    site: {page: `http://127.0.0.1:${port}`, local: `http://localhost:${port}`, secure: `https://127.0.0.1:${securePort}/two`,
      closed: `http://127.0.0.1:${await closedPort()}/`},
    berth: {name: 'berth', url: HUB, options: {}},
    bare: {name: 'bare', url: await startBare(), options: {binary, args: ['--headless', '--no-sandbox']}}
  }
}

const short = e => `${e.name ?? e.constructor.name}: ${(e.message ?? String(e)).split('\n')[0].slice(0, 240)}`

async function attempt(side, step) {
  let timer
  const limit = new Promise((_, late) => { timer = setTimeout(() => late(new Error('no end after 45 s')), 45_000) })
  try {
    return {ok: true, value: JSON.stringify(await Promise.race([side.run(step), limit])) ?? ''}
  } catch (e) {
    await side.reset()
    return {ok: false, value: short(e)}
  } finally {
    clearTimeout(timer)
  }
}

/** Runs every step on both sides, prints a line for each, and answers how many only Berth fails. A side has `run(step)` and `reset()`. */
export async function compare(suite, steps, berth, bare) {
  let worse = 0
  let same = 0
  let native = 0
  for (const [name, step] of Object.entries(steps)) {
    if (process.env.ONLY && !name.includes(process.env.ONLY)) continue
    const mine = await attempt(berth, step)
    const theirs = await attempt(bare, step)
    const how = each => each.ok ? 'ok' : 'FAILED'
    const differs = mine.ok !== theirs.ok || mine.value !== theirs.value
    console.log(`${how(mine)}/${how(theirs)} ${suite}: ${name}${differs || !mine.ok ? `\n    berth ${mine.value}\n    bare  ${theirs.value}` : ''}`)
    if (theirs.ok) native++
    if (!mine.ok && theirs.ok) worse++
    if (!differs) same++
  }
  await berth.reset()
  await bare.reset()
  console.log(`${suite}: ${same} of ${Object.keys(steps).length} steps alike, ${native} pass natively, ${worse} that only Berth fails`)
  // A bare chromedriver that passes nothing is no measure, and a suite that compares with nothing has not passed.
  return native === 0 ? 1 : worse
}
