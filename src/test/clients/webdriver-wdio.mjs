// WebdriverIO on Berth and on a bare chromedriver, the same steps side by side. It asks for BiDi by itself; WDIO_BIDI=1 leaves it that.
import assert from 'node:assert/strict'
import {Buffer} from 'node:buffer'
import {Key, remote} from 'webdriverio'
import {compare, skipped, start} from './side-by-side.mjs'

if (skipped()) { console.log('skipped: no chromedriver'); process.exit(0) }
const {site, berth, bare} = await start()
const {page} = site
const is = assert.deepEqual

function build(side, capabilities = {}, options = {}) {
  const {protocol, hostname, port, pathname, username, password} = new URL(side.url)
  const classic = process.env.WDIO_BIDI ? {} : {'wdio:enforceWebDriverClassic': true}
  return remote({
    protocol: protocol.slice(0, -1), hostname, port: Number(port), path: pathname, logLevel: 'silent', connectionRetryCount: 0,
    ...(username ? {user: username, key: decodeURIComponent(password)} : {}),
    capabilities: {browserName: 'chrome', ...classic, 'goog:chromeOptions': {...side.options, ...options}, ...capabilities}
  })
}

function sideOf(server) {
  let browser
  return {
    async run(step) {
      browser ??= await build(server)
      await browser.url(page)
      return step(browser, (...wanted) => build(server, ...wanted))
    },
    async reset() {
      await browser?.deleteSession().catch(() => {})
      browser = undefined
    }
  }
}

const own = (capabilities, options, work) => async (_, build) => {
  const b = await build(capabilities, options)
  try {
    return await work(b)
  } finally {
    await b.deleteSession().catch(() => {})
  }
}

const said = b => b.$('#said').getText()

/** The name of the error of a call that must fail. */
async function fails(call) {
  try {
    await call()
  } catch (e) {
    return e.name
  }
  throw new Error('no error')
}

const strategy = name => own({pageLoadStrategy: name}, {}, async b => {
  const started = Date.now()
  await b.setTimeout({pageLoad: 1500})
  try { await b.url(`${page}/slow`) } catch (e) { return [e.name, false] }
  return ['none', Date.now() - started < 1200]
})

const prompts = behaviour => own({unhandledPromptBehavior: behaviour}, {}, async b => {
  await b.url(page)
  await b.$('#confirm').click()
  let error = 'none'
  try { await b.getTitle() } catch (e) { error = e.name }
  if (behaviour === 'ignore') await b.dismissAlert()
  return [error, await said(b)]
})

const steps = {
  'url, title': async b => is([await b.getTitle(), await b.getUrl()], ['site', `${page}/`]),
  'back, forward, refresh': async b => {
    await b.url(`${page}/two`)
    await b.back(); is(await b.getTitle(), 'site')
    await b.forward(); is(await b.getTitle(), 'two')
    await b.refresh(); is(await b.getTitle(), 'two')
  },
  'source': async b => assert((await b.getPageSource()).includes('Hello')),
  'an address that nothing serves': b => fails(() => b.url(site.closed)),
  'find by CSS': async b => is(await b.$('h1').getText(), 'Hello'),
  'find by XPath': async b => is(await b.$('//button[text()="Go"]').getText(), 'Go'),
  'find by link text': async b => is(await b.$('=two').getText(), 'two'),
  'find by part of a link text': async b => is(await b.$('*=new').getText(), 'new window'),
  'find by text of a tag': async b => is(await b.$('button=Go').getText(), 'Go'),
  'find by accessible name': async b => b.$('aria/Your name').getTagName(),
  'find many and none': async b => [await b.$$('option').length, await b.$$('nothing').length],
  'find children': async b => [await b.$('#over').$('i').getText(), await b.$('#over').$$('*').length],
  'shadow root': async b => b.$('my-box').shadow$('#inside').getText(),
  'a selector that goes into shadow roots': async b => b.$('>>>#inside').getText(),
  'a wrong selector': b => fails(() => b.findElement('css selector', '[[')),
  'the active element': async b => { await b.$('#name').click(); return b.execute(element => element.id, await b.getActiveElement()) },
  'attributes and properties': async b => [await b.$('#name').getAttribute('placeholder'), await b.$('#name').getProperty('name'), await b.$('#name').getValue()],
  'CSS values': async b => (await b.$('#over').getCSSProperty('color')).value,
  'size': async b => b.$('#over').getSize(),
  'role and label': async b => [await b.$('#go').getComputedRole(), await b.$('#name').getComputedLabel()],
  'displayed, enabled, selected, existing': async b => [await b.$('#hidden').isDisplayed(), await b.$('#go').isClickable(), await b.$('#off').isEnabled(),
    await b.$('#check').isSelected(), await b.$('#none').isExisting()],
  'type and clear': async b => {
    await b.$('#area').setValue('two äöü 漢字')
    await b.$('#area').addValue(' more')
    is(await b.$('#area').getValue(), 'two äöü 漢字 more')
    await b.$('#area').clearValue()
    is(await b.$('#area').getValue(), '')
  },
  'keys with modifiers': async b => {
    await b.$('#name').setValue('abc')
    await b.keys([Key.Ctrl, 'a'])
    await b.keys('x')
    is(await b.$('#name').getValue(), 'x')
  },
  'submit by Enter': async b => { await b.$('#name').setValue('Ada'); await b.keys(Key.Enter); return said(b) },
  'select': async b => {
    await b.$('#pick').selectByVisibleText('two'); is(await b.$('#pick').getValue(), '2')
    await b.$('#pick').selectByIndex(0); is(await b.$('#pick').getValue(), '1')
    await b.$('#pick').selectByAttribute('value', '2'); is(await b.$('#pick').getValue(), '2')
  },
  'checkbox': async b => { await b.$('#check').click(); return b.$('#check').isSelected() },
  'click that another element takes': b => fails(() => b.$('#covered').click()),
  'hover': async b => { await b.$('#over').moveTo(); return said(b) },
  'double click': async b => { await b.$('#over').doubleClick(); return said(b) },
  'context click': async b => { await b.$('#over').click({button: 'right'}); return said(b) },
  'drag': async b => { await b.$('#slider').dragAndDrop({x: 5, y: 0}); return (await said(b)).startsWith('moved') },
  'wheel': async b => {
    await b.action('wheel').scroll({deltaX: 0, deltaY: 120, origin: await b.$('#scroll')}).perform()
    await b.waitUntil(() => b.execute(() => document.querySelector('#scroll').scrollTop > 0), {timeout: 5000})
  },
  'keyboard actions': async b => {
    await b.$('#name').click()
    await b.action('key').down(Key.Shift).down('a').up('a').up(Key.Shift).down('b').up('b').perform()
    return b.$('#name').getValue()
  },
  'script with values': b => b.execute((a, o) => [a + 1, o.c, null], 1, {c: 2}),
  'script with elements': async b => b.execute(element => element.textContent, await b.$('h1')),
  'asynchronous script': b => b.executeAsync((a, done) => setTimeout(() => done(a * 2), 20), 21),
  'script errors': b => fails(() => b.execute(() => { throw new Error('mine') })),
  'script time-out': own({}, {}, async b => { await b.setTimeout({script: 200}); return fails(() => b.executeAsync(() => {})) }),
  'page load time-out': own({}, {}, async b => { await b.setTimeout({pageLoad: 500}); return fails(() => b.url(`${page}/slow`)) }),
  'time-outs read': own({timeouts: {implicit: 10, pageLoad: 20_000, script: 3000}}, {}, b => b.getTimeouts()),
  'cookies': async b => {
    await b.setCookies([{name: 'user', value: 'ada'}, {name: 'other', value: '1'}])
    is((await b.getCookies(['user']))[0].value, 'ada')
    await b.deleteCookies('other')
    is((await b.getCookies()).length, 1)
    await b.deleteCookies()
    return b.getCookies()
  },
  'new window and tab': async b => {
    const first = await b.getWindowHandle()
    for (const type of ['tab', 'window']) {
      await b.newWindow(`${page}/two`, {type})
      is(await b.getTitle(), 'two')
      await b.closeWindow()
      await b.switchToWindow(first)
    }
    return (await b.getWindowHandles()).length
  },
  'window of a link': async b => {
    const first = await b.getWindowHandle()
    await b.$('#blank').click()
    await b.waitUntil(async () => (await b.getWindowHandles()).length === 2, {timeout: 5000})
    await b.switchWindow('two')
    is(await b.getTitle(), 'two')
    await b.closeWindow()
    await b.switchToWindow(first)
  },
  'window rect': async b => { await b.setWindowRect(0, 0, 700, 500); const {width, height} = await b.getWindowRect(); return [width, height] },
  'maximize, minimize, full screen': own({}, {}, async b => { await b.maximizeWindow(); await b.minimizeWindow(); await b.fullscreenWindow() }),
  'frames': async b => {
    await b.switchFrame(b.$('#inner'))
    await b.$('button').click()
    is(await b.$('button').getText(), 'clicked')
    await b.switchFrame(b.$('iframe'))
    is(await b.$('p').getText(), 'second')
    await b.switchToParentFrame()
    await b.switchFrame(null)
    return b.$('h1').getText()
  },
  'alert': async b => {
    await b.$('#alert').click()
    is(await b.getAlertText(), 'hi')
    await b.acceptAlert()
    return fails(() => b.getAlertText())
  },
  'confirm': async b => { await b.$('#confirm').click(); await b.dismissAlert(); return said(b) },
  'prompt': async b => { await b.$('#prompt').click(); await b.sendAlertText('me'); await b.acceptAlert(); return said(b) },
  'prompts: accept': prompts('accept'),
  'prompts: dismiss and notify': prompts('dismiss and notify'),
  'prompts: ignore': prompts('ignore'),
  'implicit wait': own({}, {}, async b => {
    await b.url(page)
    await b.setTimeout({implicit: 3000})
    await b.$('#late').click()
    return b.$('#grown').getText()
  }),
  'explicit wait': async b => { await b.$('#late').click(); await b.$('#grown').waitForExist({timeout: 5000}); return b.$('#grown').getText() },
  'explicit wait that ends': b => fails(() => b.$('#none').waitForDisplayed({timeout: 300})),
  'stale element': async b => {
    const h1 = await b.findElement('css selector', 'h1')
    await b.refresh()
    return fails(() => b.getElementText(Object.values(h1)[0]))
  },
  'picture of the page': async b => Buffer.from(await b.takeScreenshot(), 'base64').subarray(1, 4).toString(),
  'picture of an element': async b => {
    const bytes = Buffer.from(await b.takeElementScreenshot((await b.$('#over').getElement()).elementId), 'base64')
    return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)]
  },
  'print': async b => Buffer.from(await b.printPage(), 'base64').subarray(0, 4).toString(),
  'log of the browser': own({'goog:loggingPrefs': {browser: 'ALL'}}, {}, async b => {
    await b.url(`${page}/log`)
    return (await b.getLogs('browser')).filter(each => each.message.includes('an error of mine')).length
  }),
  'log of performance': own({'goog:loggingPrefs': {performance: 'ALL'}}, {}, async b => {
    await b.url(page)
    return (await b.getLogs('performance')).some(each => each.message.includes('Network.responseReceived'))
  }),
  'CDP command': async b => (await b.sendCommandAndGetResult('Runtime.evaluate', {expression: '6 * 7'})).result.value,
  'virtual authenticator': own({}, {}, async b => {
    const id = await b.addVirtualAuthenticator('ctap2', 'internal', false, true, true, true)
    await b.url(`${site.local}/passkey`)
    const used = await b.executeAsync(done => make().then(use).then(found => done(found.type), error => done(String(error))))
    const kept = (await b.getCredentials(id)).length
    await b.removeVirtualAuthenticator(id)
    return [used, kept]
  }),
  'page load strategy: none': strategy('none'),
  'page load strategy: eager': strategy('eager'),
  'page load strategy: normal': strategy('normal'),
  'mobile emulation': own({}, {mobileEmulation: {deviceMetrics: {width: 360, height: 640, pixelRatio: 3}, userAgent: 'Phone/1'}}, async b => {
    await b.url(page)
    return b.execute(() => [navigator.userAgent, devicePixelRatio, screen.width])
  }),
  'certificate that is not valid': own({}, {}, b => fails(() => b.url(site.secure))),
  'certificate that is not valid, accepted': own({acceptInsecureCerts: true}, {}, async b => { await b.url(site.secure); return b.getTitle() }),
  'two sessions at once': async (b, build) => {
    const two = await build()
    try {
      await Promise.all([b.url(page), two.url(`${page}/two`)])
      return [await b.getTitle(), await two.getTitle()]
    } finally {
      await two.deleteSession()
    }
  },
  'a command after the end': async (_, build) => { const b = await build(); await b.deleteSession(); return fails(() => b.getTitle()) },
  'reload of the session': own({}, {}, async b => { const before = b.sessionId; await b.reloadSession(); await b.url(page); return [before !== b.sessionId, await b.getTitle()] })
}

process.exit(await compare('WebdriverIO', steps, sideOf(berth), sideOf(bare)))
