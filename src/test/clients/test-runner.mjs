// Playwright Test on Berth: runs the project in test-runner/ twice, and asks over REST what Berth knows of it. The fixtures and the
// reporter are those that the server gives away. SHOTS keeps the runner's report.
import {spawn} from 'node:child_process'
import {cp, mkdtemp, readFile, rm, symlink, writeFile} from 'node:fs/promises'
import net from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {check, checkThat, finish, KEY, rest, Session, trial, URL_OF_BERTH} from './berth.mjs'

const here = fileURLToPath(new URL('.', import.meta.url))
const folder = await mkdtemp(join(tmpdir(), 'berth-test-runner-'))
await cp(join(here, 'test-runner'), folder, {recursive: true})
await symlink(join(here, 'node_modules'), join(folder, 'node_modules'))
await writeFile(join(folder, 'package.json'), '{"private": true}')
for (const name of ['berth-playwright.js', 'berth-playwright.d.ts']) {
  await writeFile(join(folder, name), Buffer.from(await (await fetch(`${URL_OF_BERTH}/sdk/${name}`)).arrayBuffer()))
}
const port = await new Promise(resolve => {
  const server = net.createServer().listen(0, '127.0.0.1', () => { const {port} = server.address(); server.close(() => resolve(port)) })
})

const RUN_MILLIS = 600_000

/** Runs the project; gives what it printed. */
function playwright(run, url, ...args) {
  const child = spawn('npx', ['playwright', 'test', ...args], {
    cwd: folder,
    env: {...process.env, BERTH_URL: url, BERTH_API_KEY: KEY, BERTH_RUN: run, SHOP_PORT: port, FORCE_COLOR: '0'},
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const late = setTimeout(() => child.kill(), RUN_MILLIS)
  return new Promise(resolve => {
    let text = ''
    child.stdout.on('data', data => { text += data })
    child.stderr.on('data', data => { text += data })
    child.on('close', code => { clearTimeout(late); resolve({text, code}) })
  })
}

const of = async run => (await rest('GET', `/api/sessions?includeTerminated=true&limit=100&metadata.run=${run}`)).sessions
const count = (sessions, outcome) => sessions.filter(session => session.outcome === outcome).length

for (const time of ['first', 'second']) {
  const run = `${time}-${Date.now()}`
  // Beside the trials, which may take two minutes each: this takes as long as its tests do.
  const {text} = await playwright(run, URL_OF_BERTH)
  await trial(`test-runner: the ${time} run`, async () => {
    checkThat('what Playwright says', text, /\b6 failed\b/.test(text) && /\b2 flaky\b/.test(text) && /\b16 passed\b/.test(text))
    const lines = text.split('\n').filter(line => /^ {2}(failed|flaky) .*\/ui\/session\/session-[\w-]+#t=\d+$/.test(line))
    check('lines that lead to the pages of failures', lines.length, 8)
    checkThat('no warning', text, !text.includes('did not reach the server'))
  })
  await trial(`test-runner: the sessions of the ${time} run`, async () => {
    const sessions = await of(run)
    check('tries of tests', sessions.length, 32)
    check('passed, failed, timed out', ['passed', 'failed', 'timedOut'].map(outcome => count(sessions, outcome)), [18, 10, 4])
    check('all have ended', sessions.filter(session => session.status !== 'completed').length, 0)
    const paid = sessions.filter(session => session.name === 'checkout › pays by card')
    check('retries of one test', paid.map(({metadata}) => `${metadata.project} ${metadata.retry}`).sort(),
      ['desktop 0', 'desktop 1', 'phone 0', 'phone 1'])
    for (const {sessionId, outcomeReason} of paid) {
      checkThat('reason', outcomeReason, outcomeReason.includes('Received: "Something went wrong"') && !outcomeReason.includes('\x1b'))
      const session = Object.assign(new Session(sessionId))
      const steps = (await rest('GET', `${session.path}/steps`)).steps
      check('steps', steps.map(step => [step.kind, step.error !== undefined]), [['step', true], ['expect', true]])
      const artifacts = await session.all('artifacts')
      check('artifacts', artifacts.map(a => a.fileName ?? a.type).sort(), ['recording', 'trace.zip'])
      const trace = await fetch(artifacts.find(a => a.fileName === 'trace.zip').publicUrl)
      check('any page may read the trace', trace.headers.get('access-control-allow-origin'), '*')
      check('it is a ZIP', Buffer.from(await trace.arrayBuffer()).subarray(0, 2).toString(), 'PK')
    }
  })
}
await trial('test-runner: the report links to the sessions', async () => {
  const report = await readFile(join(folder, 'playwright-report/index.html'), 'utf8')
  checkThat('a report', report.length, report.length > 100_000)
  if (process.env.SHOTS) await cp(join(folder, 'playwright-report'), join(process.env.SHOTS, 'playwright-report'), {recursive: true})
})
await trial('test-runner: one session for each worker', async () => {
  const run = `worker-${Date.now()}`
  await writeFile(join(folder, 'worker.config.ts'), `import config from './playwright.config'
    export default {...config, use: {...config.use, berth: {sessionPer: 'worker'}}, workers: 1, reporter: [['./berth-playwright.js']]}`)
  const {code, text} = await playwright(run, URL_OF_BERTH, '-c', 'worker.config.ts', '--project', 'desktop', '-g', 'searches|shows the cart')
  check(text, code, 0)
  const [session, ...more] = await of(run)
  check('more sessions', more.length, 0)
  const {steps} = await rest('GET', `/api/sessions/${session.sessionId}/steps`)
  check('tests', steps.filter(step => step.kind === 'test').map(step => step.title), ['catalogue › searches', 'checkout › shows the cart'])
})
await trial('test-runner: a server that is away', async () => {
  const {code, text} = await playwright('away', 'http://127.0.0.1:9', '--project', 'desktop', '-g', 'searches', '--retries', '0')
  check('exit code', code, 1)
  checkThat('what it says', text, text.includes('Berth at http://127.0.0.1:9 did not answer'))
})
await trial('test-runner: connectOptions are refused', async () => {
  const url = `${URL_OF_BERTH.replace(/^http/, 'ws')}/connect?metadata.run=refused&token=${KEY}`
  await writeFile(join(folder, 'own.config.ts'), `export default {testMatch: 'own.spec.ts', use: {connectOptions: {wsEndpoint: '${url}'}}}`)
  await writeFile(join(folder, 'own.spec.ts'), `import {test} from '@playwright/test'; test('own', async ({page}) => {})`)
  const {text} = await playwright('refused', URL_OF_BERTH, '-c', 'own.config.ts')
  checkThat('what it says', text, text.includes('connectOverCDP with this URL'))
  check('sessions', (await of('refused')).length, 0)
})
await rm(folder, {recursive: true, force: true})
finish()
