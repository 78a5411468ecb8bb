// Browserbase's own SDK, which finds Berth by BROWSERBASE_BASE_URL, and the clients that it gives its URLs to.
import http from 'node:http'
import Browserbase from '@browserbasehq/sdk'
import {chromium} from 'playwright-core'
import puppeteer from 'puppeteer-core'
import {check, checkThat, eventually, finish, KEY, rest, trial, URL_OF_BERTH} from './berth.mjs'

process.env.BROWSERBASE_BASE_URL = URL_OF_BERTH
const browserbase = new Browserbase({apiKey: KEY, maxRetries: 0})
const {sessions, contexts} = browserbase

const site = http.createServer((request, response) => {
  response.setHeader('content-type', 'text/html')
  if (request.url === '/login') response.setHeader('set-cookie', 'user=ada; max-age=3600')
  response.end(`<title>site</title><h1>${request.headers.cookie ?? 'nobody'}</h1><input type=file>
    <a download=note.txt href="data:text/plain,a note">note</a><script>console.warn('site: hello')</script>`)
})
await new Promise(listening => site.listen(0, '127.0.0.1', listening))
const page = `http://127.0.0.1:${site.address().port}`

async function withSession(params, work) {
  const session = await sessions.create(params)
  try {
    return await work(session)
  } finally {
    await sessions.update(session.id, {status: 'REQUEST_RELEASE'})
  }
}

async function withPuppeteer(session, work) {
  const browser = await puppeteer.connect({browserWSEndpoint: session.connectUrl, defaultViewport: null})
  try {
    return await work((await browser.pages())[0])
  } finally {
    await browser.disconnect()
  }
}

/** The class of the SDK's error, and its message. */
async function refused(call) {
  try {
    await call()
  } catch (e) {
    return `${e.constructor.name}: ${e.message}`
  }
  return 'no error'
}

await trial('browserbase: a session is created, driven by Puppeteer, and released', async () => {
  const id = await withSession({userMetadata: {suite: 'sdk', n: 1}, browserSettings: {viewport: {width: 900, height: 500}}}, async session => {
    check('status', [session.status, session.keepAlive, session.userMetadata], ['RUNNING', false, {suite: 'sdk', n: '1'}])
    checkThat('the URL has the host that was asked', session.connectUrl, session.connectUrl.startsWith(URL_OF_BERTH.replace('http', 'ws')))
    check('size', await withPuppeteer(session, async tab => {
      await tab.goto(page)
      return tab.evaluate('[innerWidth, innerHeight]')
    }), [900, 500])
    return session.id
  })
  check('state', (await sessions.retrieve(id)).status, 'COMPLETED')
  check('no URL', (await sessions.retrieve(id)).connectUrl, undefined)
})

await trial('browserbase: a session that stays is driven by Playwright, left, and found again', () =>
  withSession({keepAlive: true, api_timeout: 120}, async session => {
    for (const name of ['first', 'second']) {
      const found = await sessions.retrieve(session.id)
      check('keepAlive', found.keepAlive, true)
      const browser = await chromium.connectOverCDP(found.connectUrl)
      const tab = browser.contexts()[0].pages()[0]
      if (name === 'first') await tab.goto(page)
      check(name, await tab.title(), 'site')
      await browser.close()
    }
  }))

await trial('browserbase: sessions are listed by status and by metadata', () =>
  withSession({userMetadata: {job: 'a b'}}, async ({id}) => {
    const ids = async query => (await sessions.list(query)).map(each => each.id)
    checkThat('RUNNING', await ids({status: 'RUNNING'}), (await ids({status: 'RUNNING'})).includes(id))
    check('COMPLETED', (await ids({status: 'COMPLETED'})).includes(id), false)
    check('q', await ids({q: "user_metadata['job']:'a b'"}), [id])
    check('another q', await ids({q: "user_metadata['job']:'a'"}), [])
  }))

await trial('browserbase: live view and logs of a session', () => withSession({}, async session => {
  await withPuppeteer(session, tab => tab.goto(page))
  const live = await sessions.debug(session.id)
  check('pages', live.pages.map(each => [each.url, each.title]), [[`${page}/`, 'site']])
  check('the page answers', (await fetch(live.debuggerFullscreenUrl)).status, 200)
  await eventually(async () => {
    const logs = await sessions.logs.list(session.id)
    checkThat('request', logs, logs.some(each => each.method === 'Network.responseReceived' && each.request.params.request.url === `${page}/` && each.response.result.status === 200))
    checkThat('console', logs, logs.some(each => each.method === 'Runtime.consoleAPICalled' && JSON.parse(each.request.rawBody).args[0].value === 'site: hello'))
  })
}))

await trial('browserbase: a file is uploaded, used, and downloaded with what the session has downloaded', () => withSession({}, async session => {
  const {message} = await sessions.uploads.create(session.id, {file: new File(['content'], 'report.txt')})
  const path = message.match(/at (\/.*)$/)[1]
  await withPuppeteer(session, async tab => {
    await tab.goto(page)
    await (await tab.$('input')).uploadFile(path)
    check('name', await tab.$eval('input', input => input.files[0].name), 'report.txt')
    await tab.click('a')
  })
  await eventually(async () => {
    const zip = Buffer.from(await (await sessions.downloads.list(session.id)).arrayBuffer())
    checkThat('names', zip.length, ['report.txt', 'note.txt'].every(name => zip.includes(name)) && zip.subarray(0, 2).toString() === 'PK')
  })
}))

await trial('browserbase: a context keeps a login', async () => {
  const {id} = await contexts.create({})
  const visit = (persist, path) => withSession({browserSettings: {context: {id, persist}}}, async session => {
    check('contextId', session.contextId, id)
    return withPuppeteer(session, async tab => {
      await tab.goto(page + path)
      return tab.$eval('h1', h1 => h1.textContent)
    })
  })
  check('first', await visit(true, '/login'), 'nobody')
  await eventually(async () => check('second', await visit(false, '/'), 'user=ada'))
  check('id', (await contexts.retrieve(id)).id, id)
  await eventually(() => contexts.delete(id))
  checkThat('gone', await refused(() => contexts.retrieve(id)), (await refused(() => contexts.retrieve(id))).startsWith('NotFoundError: 404'))
})

await trial('browserbase: errors have the classes and the words that the SDK expects', async () => {
  const errors = [
    [() => new Browserbase({apiKey: 'wrong', maxRetries: 0}).sessions.list(), 'AuthenticationError: 401 the API key is unknown, was revoked, or has expired'],
    [() => sessions.retrieve('session-00000000-0000-0000-0000-000000000000'), 'NotFoundError: 404 you have no session with this id'],
    [() => sessions.create({api_timeout: 5}), 'BadRequestError: 400 timeout: must be a whole number from 60 to 21600'],
    [() => sessions.create({extensionId: 'e'}), 'BadRequestError: 400 extensionId: extensions of Berth have names: upload yours with PUT /api/extensions/:name, and create the session with POST /api/sessions and options.extensions'],
    [() => browserbase.extensions.retrieve('e'), 'NotFoundError: 404 extensions: Berth has none']
  ]
  for (const [call, expected] of errors) check('error', await refused(call), expected)
  for (const call of [() => sessions.create({proxies: true}), () => sessions.recording.retrieve('x'), () => sessions.replays.retrieve('x'), () => browserbase.projects.list(), () => contexts.update('x')]) {
    const error = await refused(call)
    checkThat('refusal', error, /^(BadRequest|NotFound)Error: 40[04] (proxies|recording|replays|projects|contexts)\b/.test(error))
  }
})

await trial('browserbase: options that Berth does not have are told in the log of the session', () =>
  withSession({region: 'eu-central-1', browserSettings: {solveCaptchas: true}}, async ({id}) => {
    const {steps} = await rest('GET', `/api/sessions/${id}/steps`)
    check('note', steps.map(step => step.title), ['Ignored, as Berth has no such option: region, browserSettings.solveCaptchas'])
  }))

site.close()
finish()
