// Berth with the official conformance suite of the Model Context Protocol: whole, at the newest revision with sessions and at the one without.
import {spawn} from 'node:child_process'
import fs from 'node:fs'
import http from 'node:http'
import os from 'node:os'
import path from 'node:path'
import {check, checkThat, finish, KEY, trial, URL_OF_BERTH} from './berth.mjs'

/**
 * The scenarios that apply. The others call tools, prompts and resources of the suite's own example server, or try what Berth does not
 * have: prompts, completion, subscriptions, tasks, questions to the client, arguments in headers.
 */
const APPLY = {
  '2025-11-25': ['server-initialize', 'server-session-lifecycle', 'logging-set-level', 'ping', 'tools-list', 'resources-list',
    'server-sse-multiple-streams', 'dns-rebinding-protection'],
  '2026-07-28': ['server-stateless', 'tools-list', 'resources-list', 'sep-2164-resource-not-found', 'server-sse-multiple-streams',
    'dns-rebinding-protection', 'caching', 'http-header-validation', 'input-required-result-unsupported-methods',
    'input-required-result-validate-input']
}
/** Checks of these scenarios that need what Berth does not have. */
const NEEDS_MORE = each => /^Not testable: server does not list the diagnostic tool/.test(each.errorMessage) || each.id === 'sep-2549-prompts-list-caching-hints'

// The suite imports globSync, which Node has from 22 on, and needs it for nothing here.
const RESOLVE = `export const resolve = (name, context, next) => name === 'fs' && context.parentURL?.includes('/conformance/')
  ? {url: 'data:text/javascript,' + encodeURIComponent("export * from 'node:fs'; export const globSync = () => []"), shortCircuit: true} : next(name, context)`
const HOOK = `import {register} from 'node:module'; register('data:text/javascript,' + encodeURIComponent(${JSON.stringify(RESOLVE)}))`
const OLD_NODE = fs.globSync ? [] : ['--import', 'data:text/javascript,' + encodeURIComponent(HOOK)]

/** The suite sends no key: this server adds it. */
const door = http.createServer((request, response) => {
  const passed = http.request(new URL(request.url, URL_OF_BERTH), {method: request.method, headers: {...request.headers, authorization: `Bearer ${KEY}`}},
    answer => { response.writeHead(answer.statusCode, answer.headers); answer.pipe(response) })
  passed.on('error', () => response.destroy())
  response.on('close', () => passed.destroy())
  request.pipe(passed)
})
await new Promise(resolve => door.listen(0, '127.0.0.1', resolve))
const url = `http://127.0.0.1:${door.address().port}/mcp`

/** Every check of the suite, with its scenario. */
async function checks(revision) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'berth-conformance-'))
  try {
    const suite = path.join(import.meta.dirname, 'node_modules/@modelcontextprotocol/conformance/dist/index.js')
    const child = spawn(process.execPath, [...OLD_NODE, suite, 'server', '--url', url, '--requirements', revision, '-o', folder], {stdio: ['ignore', 'ignore', 'pipe']})
    const told = (await child.stderr.toArray()).join('')
    const runs = fs.readdirSync(folder)
    checkThat('the suite ran', told.slice(-500), runs.length > 0)
    return runs.flatMap(run => JSON.parse(fs.readFileSync(path.join(folder, run, 'checks.json')))
      .map(each => ({...each, scenario: run.replace(/^server-/, '').replace(/-\d{4}-\d\d-\d\dT.*/, '')})))
  } finally {
    fs.rmSync(folder, {recursive: true})
  }
}

/** A call of a tool without a session of MCP. */
const call = async (name, args) => {
  const _meta = {'io.modelcontextprotocol/protocolVersion': '2026-07-28', 'io.modelcontextprotocol/clientCapabilities': {}}
  const headers = {'content-type': 'application/json', 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': name}
  const body = JSON.stringify({jsonrpc: '2.0', id: 1, method: 'tools/call', params: {name, arguments: args, _meta}})
  return (await (await fetch(url, {method: 'POST', headers, body})).json()).result.content[0].text
}

// The suite reads a resource, which is one of a session.
await call('list_pages', {})
for (const [revision, scenarios] of Object.entries(APPLY)) {
  await trial(`mcp-conformance: ${revision}`, async () => {
    const all = (await checks(revision)).filter(each => ['SUCCESS', 'WARNING', 'FAILURE'].includes(each.status))
    const apply = all.filter(each => scenarios.includes(each.scenario) && !NEEDS_MORE(each))
    const passed = apply.filter(each => each.status === 'SUCCESS')
    console.log(`   ${passed.length} of the ${apply.length} checks that apply pass; the suite has ${all.length}`)
    check('scenarios that did not run', scenarios.filter(name => !apply.some(each => each.scenario === name)), [])
    check('checks that fail', apply.filter(each => each.status === 'FAILURE').map(each => `${each.scenario} ${each.id}: ${each.errorMessage}`), [])
  })
}
await call('end_session', {})
door.close()
finish()
