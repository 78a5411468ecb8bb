// Berth with the official client of the Model Context Protocol: over HTTP, and over the standard streams of `berth.jar mcp`.
import {Client} from '@modelcontextprotocol/sdk/client/index.js'
import {StdioClientTransport} from '@modelcontextprotocol/sdk/client/stdio.js'
import {StreamableHTTPClientTransport} from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import fs from 'node:fs/promises'
import http from 'node:http'
import path from 'node:path'
import {check, checkThat, eventually, finish, KEY, rest, trial, URL_OF_BERTH} from './berth.mjs'

const JAR = process.env.BERTH_JAR ?? path.join(import.meta.dirname, '../../../target/berth.jar')
const PAGE = '<!doctype html><title>Ships</title><button onclick="this.textContent=\'Sailed ⛵\'">Sail</button>'

const server = http.createServer((request, response) => response.setHeader('content-type', 'text/html; charset=utf-8').end(PAGE))
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
const site = `http://127.0.0.1:${server.address().port}/`

const text = result => result.content.filter(each => each.type === 'text').map(each => each.text).join('\n')
const mine = async () => (await rest('GET', '/api/sessions?limit=100')).sessions.filter(each => each.metadata?.client === 'mcp')

async function drive(transport) {
  const client = new Client({name: 'trial', version: '1'})
  await client.connect(transport)
  try {
    const {tools} = await client.listTools()
    checkThat('tools', tools.map(each => each.name), ['navigate', 'click', 'snapshot', 'screenshot'].every(name => tools.some(each => each.name === name)))
    check('snapshot is read-only', tools.find(each => each.name === 'snapshot').annotations.readOnlyHint, true)
    const call = async (name, args = {}) => {
      const result = await client.callTool({name, arguments: args})
      checkThat(name, text(result), !result.isError)
      return result
    }
    const opened = text(await call('navigate', {url: site}))
    checkThat('the page', opened, opened.includes('Sail'))
    await call('click', {selector: 'role=button[name="Sail"]'})
    const seen = text(await call('snapshot'))
    checkThat('the snapshot', seen, seen.includes('Sailed ⛵'))
    const picture = (await call('screenshot')).content.find(each => each.type === 'image')
    check('the screenshot', Buffer.from(picture.data, 'base64').subarray(1, 4).toString(), 'PNG')
    const {resources} = await client.listResources()
    checkThat('resources', resources.map(each => each.uri), resources.some(each => each.uri === 'berth://session/console'))
    const wrong = await client.callTool({name: 'click', arguments: {selector: '#none', timeout: 100}})
    check('a click on nothing is an error', wrong.isError, true)
  } finally {
    await transport.terminateSession?.()
    await client.close()
  }
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

await trial('mcp: over HTTP, and its session ends with it', async () => {
  const before = await mine()
  await drive(new StreamableHTTPClientTransport(new URL('/mcp', URL_OF_BERTH), {requestInit: {headers: {authorization: `Bearer ${KEY}`}}}))
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
server.close()
finish()
