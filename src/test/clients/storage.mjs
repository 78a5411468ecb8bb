// Playwright's storageState, from Playwright's own contexts into Berth's sessions and back. The contexts are in the Chrome of another session.
import {chromium} from 'playwright-core'
import {createServer} from 'node:http'
import {check, finish, rest, Session, trial, WAIT_MILLIS} from './berth.mjs'

const served = []
const site = createServer((request, response) => {
  served.push(request.url)
  const cookies = ['server=1; HttpOnly; Path=/; SameSite=Strict', 'lasting=2; Path=/; Max-Age=100000', 'none=3; Path=/; Secure; SameSite=None',
    'chips=4; Path=/; Secure; SameSite=None; Partitioned']
  response.writeHead(200, {'content-type': 'text/html', ...(request.url === '/login' ? {'set-cookie': cookies} : {})})
  response.end('<title>Site</title>')
}).listen(0, '127.0.0.1')
await new Promise(done => site.on('listening', done))
// Both are trustworthy, so that secure cookies can be set.
const one = `http://127.0.0.1:${site.address().port}`, two = `http://localhost:${site.address().port}`

/** Runs in a page. */
async function store() {
  localStorage.setItem('token', 's3cret')
  const opening = indexedDB.open('app', 7)
  opening.onupgradeneeded = () => {
    const own = opening.result.createObjectStore('own', {keyPath: ['a', 'b']})
    own.createIndex('by', 'a', {unique: false, multiEntry: true})
    opening.result.createObjectStore('kinds', {autoIncrement: true})
  }
  const db = await new Promise(done => { opening.onsuccess = () => done(opening.result) })
  const writing = db.transaction(['own', 'kinds'], 'readwrite')
  writing.objectStore('own').add({a: 1, b: 'x', deep: [{c: null, d: true}]})
  const kinds = writing.objectStore('kinds'), twice = {name: 'twice', list: [1]}
  twice.again = twice.list
  kinds.add({date: new Date(5), map: new Map([['k', new Set([1n])]]), nan: NaN, minus: -0, no: undefined, re: /x/g}, 'many')
  kinds.add([new Uint8Array([1, 2]), new Float64Array([0.5]), new BigInt64Array([5n]), new Uint8Array([9]).buffer], Infinity)
  kinds.add(twice, new Date(9))
  kinds.add('by bytes', new Uint8Array([7]))
  kinds.add('by list', ['a', [1, new Date(3)]])
  await new Promise(done => { writing.oncomplete = done })
  db.close()
}

/** Runs in a page: all that is there, as a text. */
async function read() {
  const db = await new Promise(done => { const o = indexedDB.open('app'); o.onsuccess = () => done(o.result) })
  const all = store => Promise.all(['getAllKeys', 'getAll'].map(how => new Promise(done => { const r = db.transaction(store).objectStore(store)[how](); r.onsuccess = () => done(r.result) })))
  const show = v => {
    if (typeof v === 'bigint') return v + 'n'
    if (typeof v !== 'object' || v === null) return Object.is(v, -0) ? '-0' : String(v) + typeof v
    if (v instanceof Date) return 'date ' + v.getTime()
    if (v instanceof RegExp) return String(v)
    if (v instanceof ArrayBuffer || ArrayBuffer.isView(v)) return v.constructor.name + [...(v instanceof ArrayBuffer ? new Uint8Array(v) : v)]
    if (v instanceof Map || v instanceof Set) return v.constructor.name + [...v].map(show)
    return v.constructor.name + Object.entries(v).map(([k, each]) => k + ':' + show(each))
  }
  const own = db.transaction('own').objectStore('own'), index = own.index('by')
  const kinds = db.transaction('kinds').objectStore('kinds')
  const schema = [db.version, own.keyPath, own.autoIncrement, index.keyPath, index.unique, index.multiEntry, kinds.autoIncrement, kinds.keyPath]
  const text = JSON.stringify([JSON.stringify(schema), show(await all('own')), show(await all('kinds')), {...localStorage}])
  db.close()
  return text
}

/** In an order of their own; when a cookie ends depends on when the trial set it. */
const sorted = state => ({
  cookies: state.cookies.map(c => ({...c, expires: c.expires > 0 ? 'later' : c.expires})).sort((a, b) => a.name < b.name ? -1 : 1),
  origins: [...state.origins].sort((a, b) => a.origin < b.origin ? -1 : 1)
})

const host = await Session.create()
const browser = await chromium.connectOverCDP(host.connectUrl, {timeout: WAIT_MILLIS})
const context = await browser.newContext()
const page = await context.newPage()
await page.goto(two + '/')
await page.evaluate(() => localStorage.setItem('elsewhere', '1'))
await page.goto(one + '/login')
await page.evaluate(store)
const shown = await page.evaluate(read)
const ofPlaywright = await context.storageState({indexedDB: true})
const body = {options: {storageState: ofPlaywright}}

await trial('storage: a session begins with what Playwright wrote', async () => {
  const session = await Session.create(body)
  await session.verb('navigate', {url: one + '/'})
  check('what its page finds', await session.evaluate(`(${read})()`), shown)
  check('read again', sorted(await rest('GET', `${session.path}/storage-state?indexedDB=true`)), sorted(ofPlaywright))
  await session.end()
})

await trial('storage: Playwright begins with what Berth wrote', async () => {
  const session = await Session.create()
  await session.verb('navigate', {url: two + '/'})
  await session.evaluate('localStorage.setItem("elsewhere", "1")')
  await session.verb('navigate', {url: one + '/login'})
  await session.evaluate(`(${store})()`)
  const ofBerth = await rest('GET', `${session.path}/storage-state?indexedDB=true`)
  check('as Playwright writes it', sorted(ofBerth), sorted(ofPlaywright))
  const other = await browser.newContext({storageState: ofBerth})
  const its = await other.newPage()
  await its.goto(one + '/')
  check('what its page finds', await its.evaluate(read), shown)
  check('its cookies', await its.evaluate(() => document.cookie), await page.evaluate(() => document.cookie))
  await other.close()
  await session.end()
})

await trial('storage: without databases, as Playwright without indexedDB', async () => {
  const session = await Session.create(body)
  check('the same', sorted(await rest('GET', `${session.path}/storage-state`)), sorted(await context.storageState()))
  await session.end()
})

await trial('storage: a session that runs while Playwright is connected', async () => {
  const session = await Session.create()
  const client = await chromium.connectOverCDP(session.connectUrl, {timeout: WAIT_MILLIS})
  const its = client.contexts()[0].pages()[0]
  const opened = []
  client.contexts()[0].on('page', each => opened.push(each.url()))
  await its.goto(one + '/')
  await rest('PUT', `${session.path}/storage-state`, ofPlaywright)
  await its.reload()
  check('what its page finds', await its.evaluate(read), shown)
  for (let i = 0; i < 3; i++) await rest('GET', `${session.path}/storage-state?indexedDB=true`)
  await its.evaluate(() => 1)
  check('pages that the client heard of', opened, [])
  await client.close()
  await session.end()
})

await trial('storage: of many origins', async () => {
  const origins = Array.from({length: 50}, (_, i) => ({origin: `https://${i}.example`, localStorage: [{name: 'n', value: String(i)}]}))
  const session = await Session.create({options: {storageState: {cookies: [], origins}}})
  const other = await browser.newContext({storageState: {cookies: [], origins}})
  const timed = async work => { const begun = performance.now(); return [await work(), (performance.now() - begun) / origins.length] }
  const [ofBerth, millis] = await timed(() => rest('GET', `${session.path}/storage-state`))
  const [, playwrights] = await timed(() => other.storageState())
  check('the same', sorted(ofBerth), sorted({cookies: [], origins}))
  console.log(`   ${millis.toFixed(1)} ms an origin; Playwright ${playwrights.toFixed(1)}`)
  await other.close()
  await session.end()
})

await browser.close()
await host.end()
site.close()
finish()
