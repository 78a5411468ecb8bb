// Programs that were written for Browserless: Puppeteer and Playwright on its sockets, its HTTP API by fetch and by a published client, and
// the calls of changedetection.io, Karakeep, Crawl4AI, n8n and LangChain, as their sources have them.
//
// With OF_BROWSERLESS=1 and BERTH_URL and BERTH_KEY of a Browserless, it tries that instead, without the trials that are Berth's alone.
import {browserlessAgent} from '@graphai/browserless_agent'
import {chromium} from 'playwright-core'
import puppeteer from 'puppeteer-core'
import {check, checkThat, eventually, finish, KEY, rest, trial, URL_OF_BERTH, WAIT_MILLIS} from './berth.mjs'
import {closeSite, page, paper, picture, proxyServer, served} from './browserless-site.mjs'

const SOCKETS = URL_OF_BERTH.replace('http', 'ws')
const OF_BERTH = !process.env.OF_BROWSERLESS
/** A trial of what Berth alone does. */
const ours = (name, work) => OF_BERTH ? trial(name, work) : undefined

const socket = (path, query = '') => `${SOCKETS}${path}?token=${KEY}${query}`
const launch = options => `&launch=${encodeURIComponent(JSON.stringify(options))}`

async function withPuppeteer(url, work) {
  const browser = await puppeteer.connect({browserWSEndpoint: url, defaultViewport: null})
  try {
    return await work((await browser.pages())[0], browser)
  } finally {
    await browser.close()
  }
}

async function withPlaywright(url, work, options = {}) {
  const browser = await chromium.connectOverCDP(url, options)
  try {
    return await work(browser)
  } finally {
    await browser.close()
  }
}

/** The answer of the HTTP API: status, headers, bytes, and the bytes as text. */
async function ask(path, body, {method = 'POST', key = KEY, headers = {}} = {}) {
  const response = await fetch(`${URL_OF_BERTH}${path}${path.includes('?') ? '&' : '?'}${key ? `token=${key}` : ''}`, {
    method,
    headers: {...(body === undefined ? {} : {'content-type': 'application/json'}), ...headers},
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(2 * WAIT_MILLIS)
  })
  const bytes = Buffer.from(await response.arrayBuffer())
  return {status: response.status, headers: response.headers, bytes, text: bytes.toString()}
}

async function answered(path, body, options) {
  const answer = await ask(path, body, options)
  if (answer.status !== 200) throw new Error(`${path} ${JSON.stringify(body)} answered ${answer.status}: ${answer.text}`)
  return answer
}

const content = async (body, query = '') => (await answered(`/content${query}`, body)).text
const echo = async (body, query) => {
  const text = await content({url: `${page}/echo`, ...body}, query)
  return {...JSON.parse(text.match(/<pre>(.*)<\/pre>/)[1]), shown: text.match(/<p>(.*)<\/p>/)[1]}
}

// Sockets

const size = tab => tab.evaluate('[innerWidth, innerHeight]')

await trial('browserless: Puppeteer on /, with the parameters of a launch', () => withPuppeteer(
  socket('/', `${launch({headless: true, stealth: true, args: ['--window-size=900,500', '--user-agent=Mine/1']})}&blockAds=false&timeout=60000`),
  async tab => {
    await tab.goto(page)
    check('title', await tab.title(), 'site')
    check('size', await size(tab), [900, 500])
    check('agent', await tab.evaluate('navigator.userAgent'), 'Mine/1')
  }))

await trial('browserless: switches in the query, and stealth without a value', () =>
  withPuppeteer(socket('/', '&stealth&--window-size=800,600&--disable-web-security=true'), async tab => check('size', await size(tab), [800, 600])))

await trial('browserless: a launch in base64', () => withPuppeteer(
  socket('/', `&launch=${encodeURIComponent(btoa(JSON.stringify({args: ['--window-size=640,480']})))}`),
  async tab => check('size', await size(tab), [640, 480])))

await trial('browserless: Playwright on /chromium', () => withPlaywright(socket('/chromium'), async browser => {
  const [context] = browser.contexts()
  check('pages', context.pages().length, 1)
  const tab = await context.newPage()
  await tab.goto(page)
  check('title', await tab.title(), 'site')
}))

await trial('browserless: Puppeteer by the header Authorization', async () => {
  for (const authorization of [`Bearer ${KEY}`, `Basic ${btoa(`:${KEY}`)}`]) {
    const browser = await puppeteer.connect({browserWSEndpoint: `${SOCKETS}/`, headers: {authorization}})
    checkThat('version', await browser.version(), /Chrome\//.test(await browser.version()))
    await browser.close()
  }
})

await trial('browserless: timeout ends the session', async () => {
  const startedAt = performance.now()
  const browser = await puppeteer.connect({browserWSEndpoint: socket('/', '&timeout=3000')})
  if (browser.connected) await new Promise(gone => browser.once('disconnected', gone))
  const millis = performance.now() - startedAt
  checkThat('milliseconds', millis, millis > 2_000 && millis < 10_000)
})

const listed = async id => JSON.parse((await answered(`/sessions?trackingId=${id}`, undefined, {method: 'GET'})).text)

await trial('browserless: a session is listed by its trackingId, and gone with its client', async () => {
  const id = `job-${Date.now()}`
  await withPuppeteer(socket('/', `&trackingId=${id}`), async () => {
    const [session] = await listed(id)
    check('trackingId', session.trackingId, id)
    checkThat('times', session, session.startedOn > 1e12 && session.timeAliveMs >= 0)
  })
  await eventually(async () => check('after close()', await listed(id), []))
})

await trial('browserless: a proxy of the query', () => withPuppeteer(socket('/', `&--proxy-server=${proxyServer}`), async tab => {
  await tab.goto('http://site.test/')
  check('heading', await tab.$eval('h1', h1 => h1.textContent), 'by proxy: site.test')
}))

await trial('browserless: refused sockets', async () => {
  const refusal = async url => {
    try {
      await (await puppeteer.connect({browserWSEndpoint: url})).close()
    } catch (e) {
      return e.message
    }
    return 'no error'
  }
  check('no key', await refusal(`${SOCKETS}/`), 'Unexpected server response: 401')
  check('wrong key', await refusal(`${SOCKETS}/chromium?token=wrong`), 'Unexpected server response: 401')
  check('launch', await refusal(socket('/', '&launch=%7B')), 'Unexpected server response: 400')
  check('timeout', await refusal(socket('/', '&timeout=soon')), 'Unexpected server response: 400')
})

await ours('browserless: /chrome is the same Chrome', () => withPuppeteer(socket('/chrome', '&--lang=de'), async tab =>
  check('language', await tab.evaluate('navigator.language'), 'de')))

await ours("browserless: Playwright's own protocol is refused with what to use", async () => {
  for (const path of ['/chromium/playwright', '/playwright/chromium', '/firefox/playwright']) {
    const error = await chromium.connect(socket(path), {timeout: WAIT_MILLIS}).then(() => 'no error', e => e.message)
    checkThat(path, error, /connectOverCDP/.test(error))
  }
})

await ours('browserless: parameters that Berth does not have are told in the log of the session', async () => {
  const id = `told-${Date.now()}`
  await withPuppeteer(socket('/', `&stealth&--no-sandbox&trackingId=${id}`), async () => {
    const [{sessionId}] = (await rest('GET', `/api/sessions?metadata.trackingId=${id}`)).sessions
    await eventually(async () => {
      const [note] = (await rest('GET', `/api/sessions/${sessionId}/steps`)).steps.map(step => step.title)
      checkThat('note', note, /^Ignored/.test(note) && /stealth/.test(note) && /--no-sandbox/.test(note))
    })
  })
})

// Programs that connect

await trial('browserless: as changedetection.io fetches with Playwright', () => withPlaywright(socket('/', '&stealth=1&--disable-web-security=true'), async browser => {
  const context = await browser.newContext({
    acceptDownloads: false, bypassCSP: true, ignoreHTTPSErrors: true, serviceWorkers: 'allow', userAgent: 'Watcher/1', extraHTTPHeaders: {'x-test': 'watch'}
  })
  const tab = await context.newPage()
  const response = await tab.goto(`${page}/echo`, {waitUntil: 'commit'})
  check('status', response.status(), 200)
  checkThat('header', await tab.content(), /"header":"watch"/.test(await tab.content()))
  await tab.goto(`${page}/tall`)
  await tab.requestGC()
  const {width} = tab.viewportSize()
  await tab.setViewportSize({width, height: 3060})
  check('picture', picture(await tab.screenshot({type: 'jpeg', quality: 72})), ['jpeg', width, 3060])
  await tab.close()
  await context.close()
}, {timeout: 60_000}))

await trial('browserless: as changedetection.io fetches with Puppeteer', () => withPuppeteer(socket('/', '&--window-size=1000,700'), async (_, browser) => {
  const tab = await browser.newPage()
  await tab.setViewport({width: 1000, height: 700})
  await tab.setUserAgent({userAgent: 'Watcher/2'})
  await tab.setBypassCSP(true)
  await tab.setExtraHTTPHeaders({'x-test': 'watch'})
  await tab.setCacheEnabled(true)
  const cdp = await tab.createCDPSession()
  await cdp.send('Network.enable')
  check('status', (await tab.goto(`${page}/echo`, {timeout: 0})).status(), 200)
  await cdp.send('Page.stopLoading')
  await cdp.send('Runtime.terminateExecution')
  checkThat('header and agent', await tab.content(), /"header":"watch","agent":"Watcher\/2"/.test(await tab.content()))
  check('picture', picture(Buffer.from(await tab.screenshot({type: 'jpeg', quality: 72}))), ['jpeg', 1000, 700])
  await tab.close()
}))

await ours('browserless: as Karakeep crawls, by BROWSER_WEB_URL', () => withPlaywright(`${URL_OF_BERTH}/connect/${KEY}`, async browser => {
  const context = await browser.newContext({viewport: {width: 1440, height: 900}, userAgent: 'Keeper/1'})
  const tab = await context.newPage()
  await tab.route('**/*', route => route.request().resourceType() === 'media' ? route.abort('aborted') : route.continue())
  const response = await tab.goto(`${page}/parts`, {timeout: 30_000, waitUntil: 'domcontentloaded'})
  await tab.waitForLoadState('networkidle', {timeout: 5_000})
  check('page', [response.status(), tab.url(), await tab.title()], [200, `${page}/parts`, 'script ran'])
  check('picture', picture(await tab.screenshot({type: 'jpeg', fullPage: false, quality: 80})), ['jpeg', 1440, 900])
  await context.close()
}, {slowMo: 100, timeout: 5_000}))

await trial('browserless: as Crawl4AI crawls by cdp_url', () => withPlaywright(socket('/'), async browser => {
  const tab = await browser.contexts()[0].newPage()
  await tab.setViewportSize({width: 1080, height: 600})
  check('status', (await tab.goto(`${page}/late`, {waitUntil: 'domcontentloaded', timeout: 60_000})).status(), 200)
  await tab.waitForSelector('#done', {state: 'attached'})
  checkThat('content', await tab.content(), /id="done"/.test(await tab.content()))
}))

// HTTP

await trial('browserless: /content of a URL and of HTML', async () => {
  for (const path of ['/content', '/chromium/content']) {
    const {text, headers} = await answered(path, {url: `${page}/`})
    checkThat('text', text, /<title>site<\/title>.*Hello <b>wörld<\/b>/.test(text))
    check('type', headers.get('content-type').toLowerCase(), 'text/html; charset=utf-8')
    check('headers', ['code', 'status', 'url'].map(name => headers.get(`x-response-${name}`)), ['200', 'OK', `${page}/`])
  }
  check('html', (await content({html: '<h1>x</h1><script>document.title = "ran"</script>'})).trim().match(/<title>.*<h1>x<\/h1>/)?.[0], '<title>ran</title></head><body><h1>x</h1>')
  const gone = await answered('/content', {url: `${page}/nothing`})
  check('a page with an error', [gone.headers.get('x-response-code'), gone.headers.get('x-response-status')], ['404', 'Not Found'])
  check('a redirect', (await answered('/content', {url: `${page}/redirect`})).headers.get('x-response-url'), `${page}/`)
})

await trial('browserless: /screenshot, its types and sizes', async () => {
  const shot = async (options, more = {}) => picture((await answered('/screenshot', {url: `${page}/tall`, viewport: {width: 500, height: 300}, options, ...more})).bytes)
  check('default', await shot(undefined), ['png', 500, 300])
  check('jpeg', await shot({type: 'jpeg', quality: 50}), ['jpeg', 500, 300])
  check('webp', await shot({type: 'webp'}), ['webp'])
  check('fullPage', await shot({fullPage: true}), ['png', 500, 3060])
  check('clip', await shot({clip: {x: 10, y: 20, width: 100, height: 50}}), ['png', 100, 50])
  check('omitBackground', await shot({omitBackground: true, captureBeyondViewport: true, encoding: 'binary'}), ['png', 500, 300])
  check('selector', await shot({}, {selector: '#box'}), ['png', 120, 60])
  check('scrollPage', await shot({}, {scrollPage: true}), ['png', 500, 300])
  check('deviceScaleFactor', await shot({}, {viewport: {width: 500, height: 300, deviceScaleFactor: 2}}), ['png', 1000, 600])
  const {text} = await answered('/screenshot', {html: '<h1>x', options: {encoding: 'base64'}})
  check('base64', picture(Buffer.from(text, 'base64'))[0], 'png')
})

await trial('browserless: /pdf, its sizes', async () => {
  const print = async (options, more = {}) => paper((await answered('/pdf', {url: `${page}/tall`, options, ...more})).bytes).slice(0, 3)
  check('default', (await print(undefined)).slice(1), [612, 792])
  check('A4', (await print({format: 'A4', printBackground: true})).slice(1), [596, 842])
  check('landscape', (await print({format: 'a4', landscape: true})).slice(1), [842, 596])
  check('lengths', (await print({width: '10cm', height: 400})).slice(1), [284, 300])
  check('pageRanges', (await print({pageRanges: '1-2'}))[0], 2)
  check('margins and header', (await print({format: 'Letter', margin: {top: '1in', left: '20px'}, displayHeaderFooter: true, headerTemplate: '<i>h</i>', footerTemplate: '<i>f</i>'})).slice(1), [612, 792])
})

await trial('browserless: /scrape, its elements and waits', async () => {
  const {text, headers} = await answered('/scrape', {url: `${page}/late`, elements: [{selector: 'h1'}, {selector: '#done', timeout: 5_000}]})
  check('type', headers.get('content-type').toLowerCase(), 'application/json; charset=utf-8')
  const {data} = JSON.parse(text)
  check('selectors', data.map(each => each.selector), ['h1', '#done'])
  const [{attributes, html, text: shown, ...box}] = data[1].results
  check('element', [attributes, html, shown], [[{name: 'id', value: 'done'}], 'done', 'done'])
  check('box', Object.keys(box).sort(), ['height', 'left', 'top', 'width'])
  check('more than one', JSON.parse((await answered('/scrape', {url: page, elements: [{selector: 'p'}]})).text).data[0].results.map(each => each.text), ['one', 'two'])
  const none = {url: page, elements: [{selector: '#never', timeout: 500}]}
  checkThat('none', (await ask('/scrape', none)).status, [408, 422, 504].includes((await ask('/scrape', none)).status))
  check('none, at best', JSON.parse((await answered('/scrape', {...none, bestAttempt: true})).text).data[0].results, [])
})

await trial('browserless: a request waits for what its body names', async () => {
  const waits = [
    {waitForTimeout: 900}, {waitForSelector: {selector: '#done'}}, {waitForSelector: {selector: '#done', visible: true, timeout: 5_000}},
    {waitForFunction: {fn: '() => window.ready'}}, {waitForFunction: {fn: 'function ready() { return window.ready }', polling: 100, timeout: 5_000}},
    {waitForFunction: {fn: 'async () => { await new Promise(later => setTimeout(later, 900)) }'}}, {waitForFunction: {fn: 'window.ready === true'}},
    {waitForEvent: {event: 'arrived', timeout: 5_000}}, {gotoOptions: {waitUntil: 'networkidle0'}, waitForSelector: {selector: '#done'}}
  ]
  for (const each of waits) checkThat(JSON.stringify(each), each, /<i id="done">/.test(await content({url: `${page}/late`, ...each})))
  checkThat('hidden', '#never', /late/.test(await content({url: `${page}/late`, waitForSelector: {selector: '#never', hidden: true}})))
  checkThat('waitUntil', 'domcontentloaded', /waits/.test(await content({url: `${page}/waits`, gotoOptions: {waitUntil: 'domcontentloaded'}})))
  checkThat('waitUntil', 'a list', /site/.test(await content({url: page, gotoOptions: {waitUntil: ['load', 'networkidle2'], timeout: 10_000}})))
})

await trial('browserless: bestAttempt answers with what there is', async () => {
  const vain = [
    {url: `${page}/waits`, gotoOptions: {timeout: 1_000}}, {url: page, waitForSelector: {selector: '#never', timeout: 500}},
    {url: page, waitForFunction: {fn: '() => false', timeout: 500}}, {url: page, waitForEvent: {event: 'never', timeout: 500}}
  ]
  for (const each of vain) {
    const strict = await ask('/content', each)
    checkThat(`without: ${JSON.stringify(each)}`, strict.status, strict.status >= 400 && /text\/plain/.test(strict.headers.get('content-type')))
    const {text} = await answered('/content', {...each, bestAttempt: true})
    checkThat(`with: ${JSON.stringify(each)}`, text, /<h1/.test(text))
  }
})

await trial('browserless: who asks, and with what', async () => {
  check('cookie by URL', (await echo({cookies: [{name: 'a', value: 'b', url: page}]})).cookie, 'a=b')
  check('cookie by domain', (await echo({cookies: [{name: 'a', value: 'c', domain: '127.0.0.1', path: '/', httpOnly: true, sameSite: 'Lax'}]})).cookie, 'a=c')
  check('header', (await echo({setExtraHTTPHeaders: {'x-test': 'yes'}})).header, 'yes')
  check('userAgent', (await echo({userAgent: {userAgent: 'Mine/2'}})).agent, 'Mine/2')
  check('viewport', (await echo({viewport: {width: 333, height: 222, deviceScaleFactor: 2}})).shown, '333,222,2,false')
  checkThat('emulateMediaType', 'print', (await echo({emulateMediaType: 'print'})).shown.endsWith('true'))
  check('authenticate', (await answered('/content', {url: `${page}/login`, authenticate: {username: 'ada', password: 'secret'}})).headers.get('x-response-code'), '200')
  check('--user-agent', (await echo({}, '?--user-agent=Mine/3')).agent, 'Mine/3')
  check('launch', (await echo({}, `?launch=${encodeURIComponent(JSON.stringify({defaultViewport: {width: 700, height: 400}}))}`)).shown, '700,400,1,false')
})

await trial('browserless: requests are refused and answered', async () => {
  const parts = async body => {
    served.length = 0
    const text = await content({url: `${page}/parts`, ...body})
    return [served.filter(path => path.startsWith('/part.')).sort(), text]
  }
  check('all', (await parts({}))[0], ['/part.css', '/part.js', '/part.png'])
  check('types', (await parts({rejectResourceTypes: ['image', 'stylesheet']}))[0], ['/part.js'])
  check('patterns', (await parts({rejectRequestPattern: ['.*\\.(css|png)']}))[0], ['/part.js'])
  for (const body of ['document.title = "mine"', btoa('document.title = "mine"')]) {
    const [paths, text] = await parts({requestInterceptors: [{pattern: '.*part\\.js', response: {status: 200, contentType: 'text/javascript', body}}]})
    check('answered', [paths, text.match(/<title>(.*)<\/title>/)[1]], [['/part.css', '/part.png'], 'mine'])
  }
})

await trial('browserless: scripts and styles are added', async () => {
  const text = await content({
    url: page, addScriptTag: [{content: 'document.title = getComputedStyle(document.querySelector("h1")).color'}, {url: `${page}/part.js`}], addStyleTag: [{content: 'h1 { color: rgb(1, 2, 3) }'}, {url: `${page}/part.css`}]
  })
  check('title', text.match(/<title>(.*)<\/title>/)[1], 'script ran')
  for (const tag of [/<style[^>]*>h1 { color: rgb\(1, 2, 3\) }/, /<link[^>]*part\.css/, /<script[^>]*>document.title = getComputed/, /<script[^>]*src="[^"]*part\.js"/]) checkThat(String(tag), text, tag.test(text))
})

await trial('browserless: errors are texts with a status', async () => {
  const errors = [
    [400, '/content', {}, /url/], [400, '/content', {url: 5}, /url/], [400, '/screenshot', {url: page, options: {path: '/tmp/x.png'}}, /path/],
    [400, '/screenshot', {url: page, options: {type: 'gif'}}, /type/], [400, '/pdf', {url: page, options: {format: 'B9'}}, /format/], [400, '/scrape', {url: page}, /elements/],
    [400, '/content', {url: page, cookies: [{name: 'a'}]}, /value/], [400, '/content', {url: page, gotoOptions: {waitUntil: 'never'}}, /waitUntil/],
    [400, '/content?timeout=soon', {url: page}, /timeout/], [400, '/content?launch=%7B', {url: page}, /launch/i]
  ]
  for (const [status, path, body, about] of errors) {
    const answer = await ask(path, body)
    check(`${path} ${JSON.stringify(body)}`, [answer.status, answer.headers.get('content-type').toLowerCase()], [status, 'text/plain; charset=utf-8'])
    checkThat('text', answer.text, about.test(answer.text))
  }
  check('no key', (await ask('/content', {url: page}, {key: ''})).status, 401)
  check('wrong key', (await ask('/pressure', undefined, {method: 'GET', key: 'wrong'})).status, 401)
  for (const authorization of [`Bearer ${KEY}`, `Basic ${btoa(`:${KEY}`)}`]) await answered('/content', {html: '<p>x'}, {key: '', headers: {authorization}})
  const late = await ask('/content?timeout=2000', {url: `${page}/never`})
  checkThat('timeout', late.status, [408, 504].includes(late.status))
  const unknown = await ask('/content', {url: 'http://nothing.invalid/'})
  checkThat('a host that is not there', [unknown.status, unknown.text], unknown.status >= 400 && /ERR_NAME_NOT_RESOLVED|could not be (resolved|found)/i.test(unknown.text))
})

await trial('browserless: /pressure', async () => {
  const {pressure} = JSON.parse((await answered('/pressure', undefined, {method: 'GET'})).text)
  check('types', ['date', 'isAvailable', 'maxConcurrent', 'maxQueued', 'queued', 'running', 'message', 'reason'].map(name => typeof pressure[name]),
    ['number', 'boolean', 'number', 'number', 'number', 'number', 'string', 'string'])
  const text = await answered('/pressure', undefined, {method: 'GET', headers: {accept: 'text/plain'}})
  check('text', text.headers.get('content-type').toLowerCase(), 'text/plain; charset=utf-8')
})

await ours('browserless: endpoints that Berth does not have say what to use', async () => {
  for (const path of ['/function', '/download', '/performance', '/unblock', '/chromium/bql', '/chrome/function']) {
    const {status, text} = await ask(path, {url: page})
    checkThat(path, [status, text], status === 404 && text.length > 20 && !text.startsWith('{') && !text.startsWith('<'))
  }
})

await ours('browserless: fields that Berth does not have are told in the log of the session', async () => {
  const id = `fields-${Date.now()}`
  await answered(`/content?trackingId=${id}&slowMo=5`, {url: page, blockAds: true, gotoOptions: {referer: 'http://other.example/'}})
  await eventually(async () => {
    const [{sessionId}] = (await rest('GET', `/api/sessions?includeTerminated=true&metadata.trackingId=${id}`)).sessions
    const [note] = (await rest('GET', `/api/sessions/${sessionId}/steps`)).steps.map(step => step.title)
    checkThat('note', note, ['slowMo', 'blockAds'].every(name => note.includes(name)))
  })
})

// Programs that ask by HTTP

await trial('browserless: as LangChain loads a page', async () => {
  const {data} = JSON.parse((await answered('/scrape', {url: page, elements: [{selector: 'body'}]})).text)
  check('text', data[0].results[0].text.split(/\n+/), ['Hello wörld', 'one', 'two'])
})

await ours("browserless: as n8n's node asks, with ads blocked in the body", async () => {
  const headers = {accept: 'application/json,text/html,application/xhtml+xml,application/xml,text/*;q=0.9, image/*;q=0.8, */*;q=0.7'}
  const common = {url: `${page}/late`, gotoOptions: {waitUntil: 'networkidle2'}, waitForSelector: {selector: '#done'}, waitForTimeout: 100, bestAttempt: true, blockAds: true}
  check('screenshot', picture((await answered('/chromium/screenshot', {...common, options: {type: 'jpeg', quality: 70, fullPage: true}}, {headers})).bytes)[0], 'jpeg')
  check('pdf', paper((await answered('/chromium/pdf', {...common, options: {format: 'A4', scale: 0.5}}, {headers})).bytes).slice(1, 3), [596, 842])
  checkThat('content', 'HTML', (await answered('/chromium/content', common, {headers})).text.includes('<i id="done">'))
  check('scrape', JSON.parse((await answered('/chromium/scrape', {...common, elements: [{selector: '#done'}]}, {headers})).text).data[0].results.length, 1)
})

await trial("browserless: GraphAI's agent, whose host is Browserless's cloud, asks here instead", async () => {
  const own = globalThis.fetch
  globalThis.fetch = (url, options) => own(String(url).replace('https://production-sfo.browserless.io', URL_OF_BERTH), options)
  try {
    const agent = (inputs, params = {}) => browserlessAgent.agent({namedInputs: inputs, params: {apiKey: KEY, ...params}})
    check('text', (await agent({url: page, text_content: true})).text.split(/\n+/), ['Hello wörld', 'one', 'two'])
    checkThat('HTML', 'title', (await agent({url: page})).text.includes('<title>site</title>'))
    check('error', (await agent({url: page}, {apiKey: 'wrong', supressError: true})).onError.status, 401)
  } finally {
    globalThis.fetch = own
  }
})

closeSite()
finish()
