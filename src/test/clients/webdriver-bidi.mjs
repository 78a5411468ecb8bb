// selenium-webdriver's WebDriver BiDi on Berth and on a bare chromedriver, the same steps side by side; then what Berth's REST tells of a
// session of BiDi. After each step, Berth lists no page of chromedriver's own.
import assert from 'node:assert/strict'
import {Buffer} from 'node:buffer'
import {Builder, By} from 'selenium-webdriver'
import {AddInterceptParameters} from 'selenium-webdriver/bidi/addInterceptParameters.js'
import browserOf from 'selenium-webdriver/bidi/browser.js'
import contextOf from 'selenium-webdriver/bidi/browsingContext.js'
import contextInspectorOf from 'selenium-webdriver/bidi/browsingContextInspector.js'
import {ContinueRequestParameters} from 'selenium-webdriver/bidi/continueRequestParameters.js'
import {CookieFilter} from 'selenium-webdriver/bidi/cookieFilter.js'
import {CreateContextParameters} from 'selenium-webdriver/bidi/createContextParameters.js'
import inputOf from 'selenium-webdriver/bidi/input.js'
import {InterceptPhase} from 'selenium-webdriver/bidi/interceptPhase.js'
import logInspectorOf from 'selenium-webdriver/bidi/logInspector.js'
import {Network} from 'selenium-webdriver/bidi/network.js'
import {BytesValue, Header} from 'selenium-webdriver/bidi/networkTypes.js'
import {PartialCookie} from 'selenium-webdriver/bidi/partialCookie.js'
import {BrowsingContextPartitionDescriptor} from 'selenium-webdriver/bidi/partitionDescriptor.js'
import {ChannelValue, LocalValue} from 'selenium-webdriver/bidi/protocolValue.js'
import {ProvideResponseParameters} from 'selenium-webdriver/bidi/provideResponseParameters.js'
import scriptManagerOf from 'selenium-webdriver/bidi/scriptManager.js'
import storageOf from 'selenium-webdriver/bidi/storage.js'
import {check, checkThat, eventually, finish, rest, trial} from './berth.mjs'
import {compare, skipped, start} from './side-by-side.mjs'

if (skipped()) { console.log('skipped: no chromedriver'); process.exit(0) }
const {site, berth, bare} = await start()
const {page} = site
const is = assert.deepEqual
const {Locator} = contextOf

function build(side, capabilities = {}) {
  const all = {browserName: 'chrome', webSocketUrl: true, 'goog:chromeOptions': {...side.options}, ...capabilities}
  return new Builder().disableEnvironmentOverrides().usingServer(side.url).withCapabilities(all).build()
}

const berthId = async d => (await d.getCapabilities()).get('berth:sessionId')

/** The session's pages; a bare chromedriver has none that REST tells. */
async function seesNoMapper(d) {
  const id = await berthId(d)
  if (!id) return
  const {pages} = await rest('GET', `/api/sessions/${id}/pages`)
  assert(pages.every(each => !/mapper/i.test(each.title + each.url)), `a page of chromedriver's: ${JSON.stringify(pages)}`)
}

function sideOf(server) {
  let driver
  return {
    async run(step) {
      driver ??= await build(server)
      await driver.get(page)
      const result = await step(driver, () => build(server))
      await seesNoMapper(driver)
      return result
    },
    async reset() {
      await driver?.quit().catch(() => {})
      driver = undefined
    }
  }
}

/** A step in a session of its own, as the client keeps its handlers and intercepts. */
const own = work => async (_, build) => {
  const d = await build()
  try {
    const result = await work(d)
    await seesNoMapper(d)
    return result
  } finally {
    await d.quit().catch(() => {})
  }
}

/** The values that callbacks get, in their order; a wait for what never comes fails. */
function heard() {
  const values = []
  return {
    values,
    hear: value => { values.push(value) },
    until: holds => eventually(() => {
      const found = values.find(holds)
      assert(found !== undefined, `not among ${JSON.stringify(values).slice(0, 300)}`)
      return found
    }, 8000)
  }
}

/** Sends a command that the client has no method for, and gives its result. */
async function ask(d, method, params = {}) {
  const {type, error, message, result} = await (await d.getBidi()).send({method, params})
  if (type === 'error') throw new Error(`${error}: ${message}`)
  return result
}

/** The standard's code of the error of a command that must fail. */
async function errorOf(d, method, params) {
  const {type, error} = await (await d.getBidi()).send({method, params})
  is(type, 'error')
  return error
}

const here = async d => contextOf(d, {browsingContextId: await d.getWindowHandle()})
const title = d => d.executeScript('return document.title')
const evaluate = async (d, expression) => {
  const scripts = await scriptManagerOf(await d.getWindowHandle(), d)
  return scripts.evaluateFunctionInBrowsingContext(await d.getWindowHandle(), expression, true)
}
const bytes = value => new BytesValue(BytesValue.Type.STRING, value)
const png = base64 => {
  const picture = Buffer.from(base64, 'base64')
  is(picture.subarray(1, 4).toString(), 'PNG')
  return [picture.readUInt32BE(16), picture.readUInt32BE(20)]
}

/** What the page's request for its data becomes, when `handle` has it. */
const intercepted = handle => own(async d => {
  const network = await Network(d)
  const intercept = await network.addIntercept(new AddInterceptParameters(InterceptPhase.BEFORE_REQUEST_SENT).urlStringPattern(`${page}/data?of=asks`))
  const failures = heard()
  await network.beforeRequestSent(event => {
    if (event?.request.url.includes('/data?')) handle(network, event.request.request).catch(failures.hear)
  })
  await (await here(d)).navigate(`${page}/asks`, 'complete')
  const found = await eventually(async () => {
    const now = await title(d)
    assert.notEqual(now, 'asks')
    return now
  }, 8000)
  await network.removeIntercept(intercept)
  is(failures.values, [])
  return found
})

const steps = {
  'the status, and a command that is none': async d => [(await (await d.getBidi()).status).result.ready, await errorOf(d, 'no.such', {})],
  'console lines': own(async d => {
    const logs = await logInspectorOf(d)
    const lines = heard()
    await logs.onConsoleEntry(lines.hear)
    await (await here(d)).navigate(page, 'complete')
    await evaluate(d, 'console.log("a", 1, {b: [true]}); console.warn("w"); console.error("e"); console.debug("d"); console.assert(false, "f")')
    await lines.until(each => each.text.includes('f'))
    return lines.values.map(each => [each.level, each.method, each.text, each.args.length])
  }),
  'JavaScript errors': own(async d => {
    const logs = await logInspectorOf(d)
    const errors = heard()
    await logs.onJavascriptException(errors.hear)
    await d.get(`${page}/throws`)
    const {level, type, text, stackTrace} = await errors.until(() => true)
    return [level, type, text, stackTrace !== undefined]
  }),
  'handlers of the driver for both': own(async d => {
    const lines = heard()
    const errors = heard()
    await d.script().addConsoleMessageHandler(lines.hear)
    await d.script().addJavaScriptErrorHandler(errors.hear)
    await d.get(`${page}/throws`)
    return [(await lines.until(() => true)).text, (await errors.until(() => true)).text]
  }),
  'handler of changes of the DOM': own(async d => {
    const changes = heard()
    await d.script().addDomMutationHandler(({attribute_name, current_value}) => changes.hear([attribute_name, current_value]))
    await d.get(page)
    await d.executeScript('document.querySelector("#over").setAttribute("lang", "fr")')
    return changes.until(each => each[0] === 'lang')
  }),
  'network events': own(async d => {
    const network = await Network(d)
    const sent = heard()
    const answered = heard()
    await network.beforeRequestSent(each => sent.hear(each?.request.url.replace(page, '')))
    await network.responseCompleted(each => { if (each?.response) answered.hear([each.request.url.replace(page, ''), each.response.status]) })
    await d.get(`${page}/asks`)
    await sent.until(each => each === '/data?of=asks')
    await answered.until(([url]) => url === '/data?of=asks')
    return [sent.values.includes('/asks'), Object.fromEntries(answered.values.filter(([url]) => !url.includes('favicon')))]
  }),
  'a request that fails': own(async d => {
    const network = await Network(d)
    const failed = heard()
    await network.fetchError(each => { if (each?.errorText) failed.hear(each.errorText) })
    await evaluate(d, `fetch("${site.closed}", {mode: "no-cors"}).catch(e => e.name)`)
    return failed.until(() => true)
  }),
  'interception: go on': intercepted((network, request) => network.continueRequest(new ContinueRequestParameters(request))),
  'interception: fail': intercepted((network, request) => network.failRequest(request)),
  'interception: answer': intercepted((network, request) => network.provideResponse(new ProvideResponseParameters(request).statusCode(200)
    .headers([new Header('content-type', bytes('text/plain'))]).body(bytes('from the client äöü')))),
  'interception: another address and method': intercepted((network, request) =>
    network.continueRequest(new ContinueRequestParameters(request).url(`${page}/two`).method('POST'))),
  'interception: headers': own(async d => {
    const network = await Network(d)
    await network.addIntercept(new AddInterceptParameters(InterceptPhase.BEFORE_REQUEST_SENT))
    await network.beforeRequestSent(event => { if (event) void network.continueRequest(new ContinueRequestParameters(event.request.request)
      .headers([new Header('x-mine', bytes('yes'))])) })
    await (await here(d)).navigate(`${page}/headers`, 'complete')
    return title(d)
  }),
  'a password': own(async d => {
    await d.network().addAuthenticationHandler('ada', 'lovelace', '/secret')
    await (await here(d)).navigate(`${page}/secret`, 'complete')
    return title(d)
  }),
  'a password that is refused': own(async d => {
    const network = await Network(d)
    await network.addIntercept(new AddInterceptParameters(InterceptPhase.AUTH_REQUIRED))
    await network.authRequired(event => network.cancelAuth(event.request.request))
    await (await here(d)).navigate(`${page}/secret`, 'complete')
    return title(d)
  }),
  'no cache': own(async d => {
    await (await Network(d)).setCacheBehavior('bypass')
    await d.get(page)
    return title(d)
  }),
  'navigate, reload, back and forward': async d => {
    const context = await here(d)
    const found = [(await context.navigate(`${page}/two`, 'complete')).url.replace(page, ''), await title(d)]
    await context.reload(undefined, 'complete')
    await context.back(); await eventually(async () => is(await title(d), 'site'))
    await context.forward(); await eventually(async () => is(await title(d), 'two'))
    return found
  },
  'an address that nothing serves': async d => errorOf(d, 'browsingContext.navigate', {context: await d.getWindowHandle(), url: site.closed, wait: 'complete'}),
  'an address that is none': async d => errorOf(d, 'browsingContext.navigate', {context: await d.getWindowHandle(), url: 'nowhere'}),
  'the tree of contexts': async d => {
    const tree = await (await here(d)).getTree()
    is((await (await here(d)).getTopLevelContexts()).length, (await d.getAllWindowHandles()).length)
    return [tree.url, tree.children.map(each => each.url), tree.children[0].children.map(each => each.url)].flat().map(each => each.replace(page, ''))
  },
  'tabs and windows': async d => {
    const counts = []
    for (const type of ['tab', 'window']) {
      const context = await contextOf(d, {type})
      await context.navigate(`${page}/two`, 'complete')
      await seesNoMapper(d)
      counts.push((await d.getAllWindowHandles()).length)
      await context.close()
    }
    return [...counts, (await d.getAllWindowHandles()).length]
  },
  'a tab made from another and activated': async d => {
    const first = await d.getWindowHandle()
    const context = await contextOf(d, {type: 'tab', createParameters: new CreateContextParameters().referenceContext(first).background(true)})
    await context.activate()
    await (await here(d)).activate()
    await context.close()
    return (await d.getAllWindowHandles()).length
  },
  'events of contexts': own(async d => {
    const inspector = await contextInspectorOf(d)
    const made = heard()
    await inspector.onBrowsingContextCreated(each => { if (each.id) made.hear(each.id) })
    const loaded = heard()
    await inspector.onBrowsingContextLoaded(each => { if (each.url) loaded.hear(each.url) })
    await d.get(page)
    await loaded.until(each => each === `${page}/`)
    await (await d.findElement(By.css('#blank'))).click()
    await loaded.until(each => each === `${page}/two`)
    const handles = await d.getAllWindowHandles()
    return handles.every(each => made.values.includes(each)) && handles.length
  }),
  'pictures': own(async d => {
    await d.get(page)
    const context = await here(d)
    const [width, height] = png(await context.captureScreenshot())
    is([width, height], await d.executeScript('return [innerWidth * devicePixelRatio, innerHeight * devicePixelRatio]'))
    const over = await d.findElement(By.css('#over'))
    return [png(await context.captureBoxScreenshot(5, 5, 30, 20)), png(await context.captureElementScreenshot(await over.getId()))]
  }),
  'print': async d => Buffer.from((await (await here(d)).printPage({orientation: 'landscape'})).data, 'base64').subarray(0, 4).toString(),
  'find nodes': async d => {
    const context = await here(d)
    const counts = []
    for (const locator of [Locator.css('option'), Locator.xpath('//b'), Locator.innerText('Go')]) counts.push((await context.locateNodes(locator)).length)
    return [...counts, await (await context.locateElement(Locator.css('h1'))).getText()]
  },
  'viewport': own(async d => {
    await d.get(page)
    await (await here(d)).setViewport(640, 480, 2)
    return d.executeScript('return [innerWidth, innerHeight, devicePixelRatio]')
  }),
  'prompts': own(async d => {
    const inspector = await contextInspectorOf(d)
    const asked = heard()
    await inspector.onUserPromptOpened(each => { if (each.type) asked.hear([each.type, each.message]) })
    await d.get(page)
    await ask(d, 'script.evaluate', {expression: 'setTimeout(() => document.querySelector("#prompt").click())',
      target: {context: await d.getWindowHandle()}, awaitPromise: false})
    const found = await asked.until(([, message]) => message === 'who?')
    await (await here(d)).handleUserPrompt(true, 'me')
    return [found, await (await d.findElement(By.css('#said'))).getText()]
  }),
  'evaluate': async d => {
    const values = await evaluate(d, '[1, -0, NaN, 10n, "äöü 🧡", null, undefined, new Date(0), /a/g, new Map([[1, {b: 2}]]), new Set([3]), document.body].map(x => x)')
    const thrown = await evaluate(d, 'Promise.reject(new RangeError("mine"))')
    return [values.result.value.map(({type, value}) => [type, ['node', 'map'].includes(type) ? '' : value]), thrown.resultType, thrown.exceptionDetails.text]
  },
  'functions and sandboxes': async d => {
    const context = await d.getWindowHandle()
    const scripts = await scriptManagerOf(context, d)
    const {result} = await scripts.callFunctionInBrowsingContext(context, '(a, b) => a.length + b', true, [
      LocalValue.createArrayValue([LocalValue.createNumberValue(7), LocalValue.createNullValue()]), LocalValue.createNumberValue(40)])
    await scripts.evaluateFunctionInBrowsingContext(context, 'self.mine = 5', true, null, 'box')
    const inside = await scripts.evaluateFunctionInBrowsingContext(context, 'typeof mine', true, null, 'box')
    const outside = await scripts.evaluateFunctionInBrowsingContext(context, 'typeof mine', true)
    return [result.value, inside.result.value, outside.result.value]
  },
  'realms': own(async d => {
    const context = await d.getWindowHandle()
    const scripts = await scriptManagerOf(undefined, d)
    const made = heard()
    await scripts.onRealmCreated(each => { if (each?.realmType) made.hear(each.realmType) })
    await d.get(page)
    await made.until(each => each === 'window')
    const [{realmId}] = await scripts.getRealmsInBrowsingContext(context)
    return [(await scripts.evaluateFunctionInRealm(realmId, 'document.title', true)).result.value,
      (await scripts.getAllRealms()).map(each => each.realmType)]
  }),
  'preload scripts and channels': own(async d => {
    const scripts = await scriptManagerOf(undefined, d)
    const messages = heard()
    await scripts.onMessage(each => { if (each) messages.hear([each.channel, each.data.value]) })
    const id = await scripts.addPreloadScript('tell => { self.early = document.readyState; tell(location.pathname + "🧡") }',
      [LocalValue.createChannelValue(new ChannelValue('mine'))])
    await d.get(page)
    for (const path of ['/', '/frame', '/two']) await messages.until(([, value]) => value === `${path}🧡`)
    const early = await d.executeScript('return self.early')
    await scripts.removePreloadScript(id)
    await d.get(`${page}/two`)
    return [early, await d.executeScript('return typeof self.early')]
  }),
  'pinned script': own(async d => {
    const id = await d.script().pin('() => { self.pinned = 6 }')
    await d.get(page)
    const {result} = await d.script().execute('a => pinned * a', 7)
    await d.script().unpin(id)
    return result.value
  }),
  'handles': async d => {
    const context = await d.getWindowHandle()
    const {result: {handle}} = await ask(d, 'script.evaluate', {expression: '({a: 1})', target: {context}, awaitPromise: true, resultOwnership: 'root'})
    const call = {functionDeclaration: 'o => o.a', target: {context}, awaitPromise: true, arguments: [{handle}]}
    const {result} = await ask(d, 'script.callFunction', call)
    await (await scriptManagerOf(context, d)).disownBrowsingContextScript(context, [handle])
    return [result.value, await errorOf(d, 'script.callFunction', call)]
  },
  'user contexts': own(async d => {
    await d.get(page)
    const browser = await browserOf(d)
    const user = await browser.createUserContext()
    assert((await browser.getUserContexts()).includes(user))
    const context = await contextOf(d, {type: 'tab', createParameters: new CreateContextParameters().userContext(user)})
    await context.navigate(page, 'complete')
    await d.manage().addCookie({name: 'mine', value: '1'})
    const theirs = await ask(d, 'script.evaluate', {expression: 'document.cookie', target: {context: context.id}, awaitPromise: true})
    await seesNoMapper(d)
    await browser.removeUserContext(user)
    return [theirs.result.value, (await browser.getUserContexts()).length, (await d.getAllWindowHandles()).length]
  }),
  'windows of the browser': async d => (await (await browserOf(d)).getClientWindows()).length,
  'cookies': async d => {
    const storage = await storageOf(d)
    const partition = new BrowsingContextPartitionDescriptor(await d.getWindowHandle())
    await storage.setCookie(new PartialCookie('user', bytes('ada'), '127.0.0.1').path('/').httpOnly(true).sameSite('lax').expiry(4_000_000_000), partition)
    await storage.setCookie(new PartialCookie('other', bytes('1'), '127.0.0.1'), partition)
    const {cookies} = await storage.getCookies(new CookieFilter().name('user'), partition)
    const classic = await d.manage().getCookie('user')
    await storage.deleteCookies(new CookieFilter().name('user'), partition)
    const left = (await d.manage().getCookies()).map(each => each.name)
    await storage.deleteCookies(undefined, partition)
    return [cookies.map(each => [each.name, each.value.value, each.httpOnly, each.sameSite]), classic.value, left, await d.manage().getCookies()]
  },
  'keys and pointers': async d => {
    const context = await d.getWindowHandle()
    const input = await inputOf(d)
    const click = async css => ({type: 'pointer', id: 'mouse', actions: [{type: 'pointerMove', x: 0, y: 0, origin: await d.findElement(By.css(css))},
      {type: 'pointerDown', button: 0}, {type: 'pointerUp', button: 0}]})
    await input.perform(context, [await click('#name')])
    await input.perform(context, [{type: 'key', id: 'keys', actions: [...'Adä🧡'].flatMap(value => [{type: 'keyDown', value}, {type: 'keyUp', value}])}])
    await input.perform(context, [await click('#go')])
    await input.release(context)
    return (await d.findElement(By.css('#said'))).getText()
  },
  'classic commands and BiDi by turns': async d => {
    await evaluate(d, 'document.title = "by BiDi"')
    const first = await d.getTitle()
    await d.executeScript('document.title = "classic"')
    return [first, (await evaluate(d, 'document.title')).result.value]
  },
  'large messages in both directions': async d => {
    const context = await d.getWindowHandle()
    const length = (await evaluate(d, `"${'ä🧡'.repeat(200_000)}".length`)).result.value
    const {result} = await ask(d, 'script.evaluate', {expression: '"ü漢🧡".repeat(300000)', target: {context}, awaitPromise: true})
    return [length, result.value.length, result.value === 'ü漢🧡'.repeat(300_000)]
  },
  'many commands at once': async d => {
    const values = await Promise.all(Array.from({length: 200}, (_, i) => evaluate(d, `Promise.resolve(${i})`)))
    return values.every(({result}, i) => result.value === i)
  },
  'CDP beside BiDi': async d => {
    const connection = await d.createCDPConnection('page')
    try {
      const {result} = await connection.send('Runtime.evaluate', {expression: '6 * 7'})
      return [result.result.value, (await evaluate(d, '6 * 8')).result.value]
    } finally {
      d._cdpWsConnection.close()
    }
  },
  'CDP by BiDi': async d => (await ask(d, 'goog:cdp.sendCommand', {method: 'Browser.getVersion', params: {}})).result.protocolVersion,
  'nothing is told after the end of a subscription': own(async d => {
    const bidi = await d.getBidi()
    const lines = heard()
    bidi.on('log.entryAdded', each => lines.hear(each.text))
    await bidi.subscribe('log.entryAdded')
    await evaluate(d, 'console.log("first")')
    await lines.until(each => each === 'first')
    await bidi.unsubscribe('log.entryAdded')
    await evaluate(d, 'console.log("second")')
    return lines.values
  }),
  'quit ends the connection': async (_, build) => {
    const d = await build()
    const bidi = await d.getBidi()
    await bidi.waitForConnection()
    const closed = new Promise(heardOf => bidi.socket.once('close', () => heardOf('closed')))
    await d.quit()
    return closed
  },
  'the last context closed by BiDi ends the session': async (_, build) => {
    const d = await build()
    await (await here(d)).close()
    return eventually(async () => {
      try { await d.getTitle() } catch (e) { return e.constructor.name }
      throw new Error('the session goes on')
    }, 8000)
  }
}

const worse = await compare('selenium-webdriver BiDi', steps, sideOf(berth), sideOf(bare))

async function entries(id, list, field) {
  return (await rest('GET', `/api/sessions/${id}/${list}?limit=100`))[field]
}

await trial('webdriver-bidi: what BiDi does is in the logs of the session', async () => {
  const d = await build(berth)
  try {
    const id = await berthId(d)
    const context = await here(d)
    await context.navigate(page, 'complete')
    await evaluate(d, 'console.warn("a line of mine"), fetch("/data?of=asks").then(r => r.text())')
    await (await inputOf(d)).perform(context.id, [{type: 'pointer', id: 'mouse', actions: [
      {type: 'pointerMove', x: 0, y: 0, origin: await d.findElement(By.css('#go'))}, {type: 'pointerDown', button: 0}, {type: 'pointerUp', button: 0}]}])
    await context.navigate(`${page}/two`, 'complete')
    await eventually(async () => {
      const urls = (await entries(id, 'network', 'requests')).map(each => each.url)
      for (const path of ['/', '/data?of=asks', '/two']) check(`requests of ${path}`, urls.filter(each => each === page + path).length, path === '/two' ? 2 : 1)
      const lines = await entries(id, 'console', 'logs')
      check('lines', lines.filter(each => each.message === 'a line of mine').map(each => each.level), ['warn'])
      const actions = await entries(id, 'actions', 'actions')
      checkThat('a click', actions, actions.some(each => each.type === 'click' && each.success && JSON.stringify(each).includes('Go')))
      checkThat('no trace of the mapper', '', !/mapper/i.test(JSON.stringify([urls, lines, actions])))
    })
    const {pages} = await rest('GET', `/api/sessions/${id}/pages`)
    check('pages', pages.map(each => each.url), [`${page}/two`])
    check('currentUrl', (await rest('GET', `/api/sessions/${id}`)).currentUrl, `${page}/two`)
  } finally {
    await d.quit()
  }
})

finish(worse)
