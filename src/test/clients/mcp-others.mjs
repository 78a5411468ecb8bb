// Other people's MCP servers that drive a browser over CDP, on a session of Berth: chrome-devtools-mcp and @playwright/mcp.
import {Client} from '@modelcontextprotocol/sdk/client/index.js'
import {StdioClientTransport} from '@modelcontextprotocol/sdk/client/stdio.js'
import {mkdtemp, rm} from 'node:fs/promises'
import http from 'node:http'
import os from 'node:os'
import path from 'node:path'
import {check, checkThat, eventually, finish, Session, trial} from './berth.mjs'

const server = http.createServer((request, response) => response.setHeader('content-type', 'text/html').end(`<!doctype html><title>Ships</title>
  <input aria-label=Name><button onclick="this.textContent='Sailed'; console.log('off she goes')">Sail</button>`))
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
const site = `http://127.0.0.1:${server.address().port}/`

const text = result => result.content.filter(each => each.type === 'text').map(each => each.text).join('\n')

/** The id of an element in a snapshot, which both servers tell in their own way. */
const element = (snapshot, pattern) => snapshot.match(pattern)?.[1] ?? checkThat(`${pattern} in the snapshot`, snapshot, false)

async function drive(program, args, work) {
  const session = await Session.create()
  const client = new Client({name: 'trial', version: '1'})
  // @playwright/mcp leaves files where it runs.
  const cwd = await mkdtemp(path.join(os.tmpdir(), 'mcp-others-'))
  try {
    await client.connect(new StdioClientTransport({command: process.execPath, stderr: 'ignore', cwd,
      args: [path.join(import.meta.dirname, 'node_modules', program), ...args(session.connectUrl)]}))
    await work(async (name, given = {}) => {
      const result = await client.callTool({name, arguments: given})
      checkThat(name, text(result), !result.isError)
      return result
    })
    check('the session is where the client is', (await session.state()).currentUrl, site)
    await eventually(async () => checkThat('the log has the console line', await session.all('console', 'logs'),
      (await session.all('console', 'logs')).some(line => line.message === 'off she goes')))
  } finally {
    await client.close()
    await session.end()
    await rm(cwd, {recursive: true})
  }
}

await trial('mcp-others: chrome-devtools-mcp', () => drive('chrome-devtools-mcp/build/src/bin/chrome-devtools-mcp.js',
  url => ['--wsEndpoint', url, '--no-usage-statistics'], async call => {
    const opened = text(await call('list_pages'))
    const pageId = Number(element(opened, /^(\d+): /m))
    const on = (name, args = {}) => call(name, {pageId, ...args})
    await on('navigate_page', {type: 'url', url: site})
    const seen = text(await on('take_snapshot'))
    await on('fill', {uid: element(seen, /uid=(\S+) textbox "Name"/), value: 'Ada'})
    await on('click', {uid: element(seen, /uid=(\S+) button "Sail"/)})
    const after = text(await on('take_snapshot'))
    checkThat('the page', after, after.includes('Sailed') && after.includes('Ada'))
    const script = text(await on('evaluate_script', {function: '() => document.title'}))
    checkThat('the script', script, script.includes('Ships'))
    const lines = text(await on('list_console_messages'))
    checkThat('the console', lines, lines.includes('off she goes'))
    const requests = text(await on('list_network_requests'))
    checkThat('the network', requests, requests.includes(site))
    checkThat('the picture', 'no image', (await on('take_screenshot')).content.some(each => each.type === 'image'))
  }))

await trial('mcp-others: @playwright/mcp', () => drive('@playwright/mcp/cli.js', url => ['--cdp-endpoint', url], async call => {
  const seen = text(await call('browser_navigate', {url: site})) + text(await call('browser_snapshot'))
  await call('browser_type', {element: 'Name', target: element(seen, /textbox "Name"[^\n]*\[ref=(\w+)\]/), text: 'Ada'})
  await call('browser_click', {element: 'Sail', target: element(seen, /button "Sail"[^\n]*\[ref=(\w+)\]/)})
  const after = text(await call('browser_snapshot'))
  checkThat('the page', after, after.includes('Sailed') && after.includes('Ada'))
  const script = text(await call('browser_evaluate', {function: '() => document.title'}))
  checkThat('the script', script, script.includes('Ships'))
  const lines = text(await call('browser_console_messages', {level: 'info'}))
  checkThat('the console', lines, lines.includes('off she goes'))
  checkThat('the picture', 'no image', (await call('browser_take_screenshot')).content.some(each => each.type === 'image'))
  const pages = text(await call('browser_tabs', {action: 'list'}))
  checkThat('the tabs', pages, pages.includes(site))
}))
server.close()
finish()
