// Berth with the official client of the Model Context Protocol: over HTTP, and over the standard streams of `berth.jar mcp`.
import {Client} from '@modelcontextprotocol/sdk/client/index.js'
import {StdioClientTransport} from '@modelcontextprotocol/sdk/client/stdio.js'
import {StreamableHTTPClientTransport} from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import {spawn} from 'node:child_process'
import fs from 'node:fs/promises'
import http from 'node:http'
import path from 'node:path'
import readline from 'node:readline'
import {check, checkThat, eventually, finish, KEY, rest, Session, trial, URL_OF_BERTH} from './berth.mjs'

const JAR = process.env.BERTH_JAR ?? path.join(import.meta.dirname, '../../../target/berth.jar')
const PAGES = {
  '/': '<!doctype html><title>Ships</title><button onclick="this.textContent=\'Sailed ⛵\'">Sail</button>',
  '/form': `<!doctype html><title>Form</title>
    <input id=name aria-label=Name onkeydown="keys.textContent += event.key"><input id=mail aria-label=Mail><input id=file type=file>
    <select id=port><option>Kiel</option><option>Oslo</option></select><output id=keys></output>
    <button id=ask onclick="document.title = prompt('Ship?')">Ask</button><button id=over onmouseover="this.textContent='Hovered'">Hover</button>
    <input id=speed type=range min=0 max=100 value=0 style="width:216px"><div style="height:3000px"></div><p id=end>End</p>
    <script>console.log('form ready'); document.onclick = e => document.body.dataset.at = e.clientX + ',' + e.clientY
      fetch('/echo', {method: 'POST', body: 'cargo'})</script>`
}

const server = http.createServer(async (request, response) => {
  if (request.url === '/echo') return response.setHeader('content-type', 'text/plain').end('echo ' + (await request.toArray()).join(''))
  response.setHeader('content-type', 'text/html; charset=utf-8').end(PAGES[request.url] ?? '')
})
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
const site = `http://127.0.0.1:${server.address().port}/`

const text = result => result.content.filter(each => each.type === 'text').map(each => each.text).join('\n')
const mine = async () => (await rest('GET', '/api/sessions?limit=100')).sessions.filter(each => each.metadata?.client === 'mcp')

async function connected(transport, work) {
  const client = new Client({name: 'trial', version: '1'})
  await client.connect(transport)
  try {
    await work(client, async (name, args = {}) => {
      const result = await client.callTool({name, arguments: args})
      checkThat(name, text(result), !result.isError)
      return result
    })
  } finally {
    await transport.terminateSession?.()
    await client.close()
  }
}

const drive = transport => connected(transport, async (client, call) => {
  const {tools} = await client.listTools()
  checkThat('tools', tools.map(each => each.name), ['navigate', 'click', 'snapshot', 'screenshot'].every(name => tools.some(each => each.name === name)))
  check('snapshot is read-only', tools.find(each => each.name === 'snapshot').annotations.readOnlyHint, true)
  const opened = text(await call('navigate', {url: site}))
  checkThat('the page', opened, opened.includes('Sail'))
  await call('click', {selector: 'role=button[name="Sail"]'})
  const seen = text(await call('snapshot'))
  checkThat('the snapshot', seen, seen.includes('Sailed ⛵'))
  const picture = (await call('screenshot')).content.find(each => each.type === 'image')
  check('the screenshot', Buffer.from(picture.data, 'base64').subarray(1, 4).toString(), 'PNG')
  const {resources} = await client.listResources()
  checkThat('resources', resources.map(each => each.uri), resources.some(each => each.uri === 'berth://session/console'))
  for (const {uri} of resources) {
    const [read] = (await client.readResource({uri})).contents
    checkThat(uri, read, (read.text ?? read.blob).length > 0)
  }
  const wrong = await client.callTool({name: 'click', arguments: {selector: '#none', timeout: 100}})
  check('a click on nothing is an error', wrong.isError, true)
})

/** Each tool at least once. */
async function everyTool(client, call) {
  const used = new Set()
  const has = async (name, args, ...words) => {
    used.add(name)
    const got = text(await call(name, args))
    words.forEach(word => checkThat(`${name} ${JSON.stringify(args)} has ${word}`, got, got.includes(word)))
    return got
  }
  const script = expression => has('evaluate', {expression}).then(got => JSON.parse(got.split('\n')[0]))
  await has('navigate', {url: site})
  await has('navigate', {url: site + 'form', waitUntil: 'networkidle'}, 'Name')
  await has('go_back', {}, 'Sail')
  await has('go_forward', {}, 'Mail')
  await has('reload', {})
  await has('wait_for', {selector: '#ask', state: 'visible'})
  await has('fill', {selector: 'label=Name', value: 'Ada'})
  await has('fill_form', {fields: [{selector: '#name', value: 'Grace'}, {selector: '#mail', value: 'g@b.c'}]}, '2 fields')
  check('the form', await script('[document.querySelector("#name").value, mail.value]'), ['Grace', 'g@b.c'])
  await has('type', {selector: '#name', text: 'xy'})
  await has('press', {selector: '#name', key: 'Enter'})
  check('the keys', await script('keys.textContent'), 'xyEnter')
  await has('select', {selector: '#port', values: ['Oslo']}, 'Oslo')
  await has('upload', {selector: '#file', files: [{name: 'a.txt', content: Buffer.from('hi').toString('base64')}]})
  check('the file', await script('file.files[0].text()'), 'hi')
  await has('dialogs', {accept: true, promptText: 'Vasa'})
  await has('click', {selector: '#ask'})
  check('the dialog', await script('document.title'), 'Vasa')
  await has('hover', {selector: '#over'}, 'Hovered')
  await has('drag', {selector: '#speed', position: {x: 8, y: 8}, by: {x: 100, y: 0}})
  checkThat('the slider', await script('speed.valueAsNumber'), Math.abs(await script('speed.valueAsNumber') - 50) < 10)
  await has('mouse', {x: 400, y: 300})
  check('the mouse', await script('document.body.dataset.at'), '400,300')
  await has('scroll', {selector: '#end'})
  await has('emulate', {viewport: {width: 500, height: 400}, colorScheme: 'dark', timezone: 'Asia/Tokyo'})
  check('emulation', await script('[innerWidth, innerHeight, matchMedia("(prefers-color-scheme: dark)").matches, Intl.DateTimeFormat().resolvedOptions().timeZone]'), [500, 400, true, 'Asia/Tokyo'])
  await has('emulate', {network: 'offline'})
  check('offline', await script('fetch("/").then(() => "there", () => "away")'), 'away')
  await has('emulate', {reset: true})
  const routeId = (await has('add_route', {url: '**/tide', action: 'mock', body: 'high'})).match(/route-\d+/)[0]
  check('a mocked request', await script('fetch("/tide").then(answer => answer.text())'), 'high')
  await has('remove_route', {routeId})
  check('the request itself', await script('fetch("/tide").then(answer => answer.text())') === 'high', false)
  await has('snapshot', {}, 'Hover')
  await has('content', {format: 'markdown'}, 'End')
  checkThat('screenshot', used.add('screenshot'), (await call('screenshot', {selector: '#over', format: 'jpeg'})).content[0].mimeType === 'image/jpeg')
  await has('pdf', {}, 'objectId')
  await has('console_messages', {}, 'form ready')
  const requests = await has('network_requests', {}, '/echo 200')
  await has('network_request', {number: parseInt(requests.split('\n').find(line => line.includes('/echo')))}, 'cargo', 'echo cargo')
  const opened = (await has('open_page', {url: site})).match(/"pageId":"(\w+)"/)[1]
  const first = (await has('list_pages', {}, '* ' + opened)).split('\n')[0].trim().split(' ')[0]
  await has('activate_page', {pageId: first})
  await has('list_pages', {}, '* ' + first)
  await has('close_page', {pageId: opened})
  const renewed = (await has('new_session', {width: 600, height: 300, locale: 'de-DE'})).match(/session-[\w-]+/)[0]
  check('the new session', await script('[innerWidth, navigator.language]'), [600, 'de-DE'])
  const other = await Session.create()
  await has('use_session', {sessionId: other.id})
  await has('navigate', {url: site})
  check('the session in use', (await other.state()).currentUrl, site)
  await other.end()
  check('the session before', (await new Session(renewed).state()).status, 'completed')
  await has('navigate', {url: site})
  const last = (await mine())[0].sessionId
  await has('end_session', {}, last)
  check('the session that a tool ended', (await new Session(last).state()).status, 'completed')
  const {tools} = await client.listTools()
  check('tools that were not tried', tools.map(each => each.name).filter(name => !used.has(name)), [])
}

async function progressAndCancel(client, call) {
  await call('navigate', {url: site})
  const told = []
  const slow = await client.callTool({name: 'wait_for', arguments: {selector: '#never', timeout: 7_000}}, undefined,
    {timeout: 5_000, resetTimeoutOnProgress: true, onprogress: progress => told.push(progress.progress)})
  check('a wait for nothing is an error', slow.isError, true)
  check('progress', told, [1, 2])
  const abort = new AbortController()
  const given = client.callTool({name: 'wait_for', arguments: {selector: '#never', timeout: 300_000}}, undefined, {signal: abort.signal})
    .then(() => 'a result', e => String(e))
  const session = new Session((await mine())[0].sessionId)
  abort.abort('enough')
  checkThat('the aborted call', await given, (await given).includes('enough'))
  await call('content', {format: 'text'})
  await eventually(async () => {
    const waits = (await session.all('actions', 'actions')).filter(each => each.type === 'wait-for')
    checkThat('the log', waits, waits.length === 1 || waits[1].error.includes('cancelled'))
  })
}

const stdio = env => new StdioClientTransport({command: 'java', args: ['-jar', JAR, 'mcp'], env: {PATH: process.env.PATH, ...env}, stderr: 'ignore'})

/** The processes that have this text in their command line or environment. */
async function processesWith(word) {
  const pids = (await fs.readdir('/proc')).filter(name => /^\d+$/.test(name) && name !== String(process.pid))
  const found = await Promise.all(pids.map(async pid => {
    const of = await Promise.all(['cmdline', 'environ'].map(file => fs.readFile(`/proc/${pid}/${file}`, 'latin1').catch(() => '')))
    return of.some(each => each.includes(word)) ? [pid] : []
  }))
  return found.flat()
}

const overHttp = () => new StreamableHTTPClientTransport(new URL('/mcp', URL_OF_BERTH), {requestInit: {headers: {authorization: `Bearer ${KEY}`}}})

await trial('mcp: each tool, over HTTP', () => connected(overHttp(), everyTool))
await trial('mcp: progress and cancellation, over HTTP', () => connected(overHttp(), progressAndCancel))
await trial('mcp: progress and cancellation, over stdio', () => connected(stdio({BERTH_URL: URL_OF_BERTH, BERTH_API_KEY: KEY}), progressAndCancel))
await trial('mcp: over HTTP, and its session ends with it', async () => {
  const before = await mine()
  await drive(overHttp())
  await eventually(async () => check('sessions', (await mine()).length, before.length))
})
await trial('mcp: over stdio to a running server, and its session ends with it', async () => {
  const before = await mine()
  await drive(stdio({BERTH_URL: URL_OF_BERTH, BERTH_API_KEY: KEY}))
  await eventually(async () => check('sessions', (await mine()).length, before.length))
})
await trial('mcp: over stdio with a server of its own, which leaves no process', async () => {
  const folder = await fs.mkdtemp('/tmp/berth-mcp-')
  try {
    await drive(stdio({BERTH_DATA_DIR: path.join(folder, 'data')}))
    await eventually(async () => check('processes', await processesWith(folder), []))
  } finally {
    await fs.rm(folder, {recursive: true, force: true})
  }
})

/** Does `end` to a process with a server of its own once it has answered `initialize`; and has a browser, if that is to be used. */
async function endOwnServer(folder, use, end) {
  const child = spawn('java', [`-Djava.io.tmpdir=${folder}`, '-jar', JAR, 'mcp'], {stdio: ['pipe', 'pipe', 'ignore'], env: {PATH: process.env.PATH}})
  const gone = new Promise(resolve => child.on('exit', resolve))
  const answers = readline.createInterface({input: child.stdout})[Symbol.asyncIterator]()
  const ask = async (id, method, params) => {
    child.stdin.write(JSON.stringify({jsonrpc: '2.0', id, method, params}) + '\n')
    return JSON.parse((await answers.next()).value).result
  }
  try {
    const {serverInfo} = await ask(1, 'initialize', {protocolVersion: '2025-06-18', capabilities: {}, clientInfo: {name: 'trial', version: '1'}})
    check('the server', serverInfo.name, 'berth')
    if (use) {
      const opened = text(await ask(2, 'tools/call', {name: 'navigate', arguments: {url: site}}))
      checkThat('the page', opened, opened.includes('Sail'))
    }
    end(child)
    await gone
  } finally {
    child.kill('SIGKILL')
  }
}

const ends = {'stdin closed': child => child.stdin.end(), SIGTERM: child => child.kill('SIGTERM'), SIGKILL: child => child.kill('SIGKILL')}
for (const [how, end] of Object.entries(ends)) {
  for (const use of [true, false]) {
    await trial(`mcp: ${how} ${use ? 'while it is used' : 'while it starts'} leaves no process and no file`, async () => {
      const folder = await fs.mkdtemp('/tmp/berth-mcp-')
      try {
        // Chrome runs as another user, which must get to its profile.
        await fs.chmod(folder, 0o711)
        await endOwnServer(folder, use, end)
        await eventually(async () => check('processes', await processesWith(folder), []))
        check('files', (await fs.readdir(folder)).filter(name => !name.startsWith('hsperfdata')), [])
      } finally {
        await fs.rm(folder, {recursive: true, force: true})
      }
    })
  }
}
server.close()
finish()
