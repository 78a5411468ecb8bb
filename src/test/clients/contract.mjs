// The contract that the server serves, by a linter and by generators: the clients that they make compile. Java needs Maven Central.
import {execFile} from 'node:child_process'
import fs from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {promisify} from 'node:util'
import openapiTypes, {astToString} from 'openapi-typescript'
import {check, finish, trial, URL_OF_BERTH} from './berth.mjs'
import {BUNDLED, complaints} from './compile.mjs'

const GENERATOR = 'org.openapitools:openapi-generator-cli:7.17.0'
const MAVEN = fileURLToPath(new URL('../../../mvnw', import.meta.url))
const REDOCLY = fileURLToPath(new URL('node_modules/.bin/redocly', import.meta.url))

/** The options that the page on clients names. */
const JAVA = ['--name-mappings', 'setHeaders=headersToSet']
const NATIVE = [...JAVA, '--library', 'native', '--schema-mappings', 'Proxies=Object']

const TYPES_PROGRAM = `
import type {components} from './types';
type Body = components['schemas']['CreateSession'];
const short: Body = {options: {recording: true}};
const long: Body = {options: {recording: {pointer: false}, proxy: [{server: 'none', domains: ['a.b']}]}};
// @ts-expect-error there is no such field
const wrong: Body = {options: {recordings: true}};
`
const FETCH_PROGRAM = `
import {Configuration, SessionsApi} from './fetch/index';
const sessions = new SessionsApi(new Configuration({basePath: 'http://127.0.0.1:8080', accessToken: 'k'}));
const id: string = (await sessions.createSession({createSession: {options: {recording: true, proxy: {server: 'none'}}}})).sessionId;
await sessions.createSession({createSession: {options: {recording: {pointer: false}, proxy: [{server: 'none'}]}}});
export {id};
`

const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'berth-contract-'))
const file = name => path.join(folder, name)
const contract = file('openapi.yaml')
await fs.writeFile(contract, await (await fetch(`${URL_OF_BERTH}/openapi.yaml`)).text())

/** Fails with the last lines that the program has written. */
async function run(program, ...args) {
  try {
    return (await promisify(execFile)(program, args, {cwd: folder, maxBuffer: 1 << 26, env: {...process.env, REDOCLY_TELEMETRY: 'off'}})).stdout
  } catch (e) {
    throw new Error(`${path.basename(program)} ${args[0]}: ${`${e.stdout}${e.stderr}`.trim().split('\n').slice(-30).join(' | ')}`)
  }
}

const maven = (...args) => run(MAVEN, '-q', '-B', ...args)
const generate = (name, generator, ...options) =>
  run('java', '-jar', file('generator.jar'), 'generate', '-i', contract, '-g', generator, '-o', file(name), ...options)

async function compiles(name, ...options) {
  await generate(name, 'java', ...options)
  await maven('-f', file(`${name}/pom.xml`), 'compile')
}

await trial('contract: redocly has nothing to say', async () => {
  const rules = ['tag-description', 'no-unused-components'].flatMap(rule => ['--skip-rule', rule])
  const {problems} = JSON.parse(await run(REDOCLY, 'lint', '--format=json', ...rules, contract))
  check('problems', problems.map(each => `${each.ruleId}: ${each.message}`), [])
})
await trial('contract: the types of openapi-typescript, made without options', async () => {
  await fs.writeFile(file('types.ts'), astToString(await openapiTypes(new URL(`file://${contract}`))))
  await fs.writeFile(file('types-program.ts'), TYPES_PROGRAM)
  check('complaints', complaints([file('types-program.ts')], BUNDLED), [])
})
await trial('contract: openapi-generator is there', () =>
  maven('dependency:copy', `-Dartifact=${GENERATOR}`, `-DoutputDirectory=${folder}`, '-Dmdep.stripVersion')
    .then(() => fs.rename(file('openapi-generator-cli.jar'), file('generator.jar'))))
await trial('contract: a client of openapi-generator in TypeScript', async () => {
  await generate('fetch', 'typescript-fetch')
  await fs.writeFile(file('fetch-program.ts'), FETCH_PROGRAM)
  check('complaints', complaints([file('fetch-program.ts')], BUNDLED), [])
})
await trial('contract: a client of openapi-generator in Java', () => compiles('java', ...JAVA))
await trial('contract: a client of openapi-generator in Java, on its own HTTP client', () => compiles('native', ...NATIVE))
await fs.rm(folder, {recursive: true})
finish()
