// selenium-webdriver on Berth and on a bare chromedriver, the same steps side by side.
import assert from 'node:assert/strict'
import {Buffer} from 'node:buffer'
import {Builder, By, Key, Origin, logging, until} from 'selenium-webdriver'
import chrome from 'selenium-webdriver/chrome.js'
import {Select} from 'selenium-webdriver/lib/select.js'
import {VirtualAuthenticatorOptions} from 'selenium-webdriver/lib/virtual_authenticator.js'
import {compare, skipped, start} from './side-by-side.mjs'

if (skipped()) { console.log('skipped: no chromedriver'); process.exit(0) }
const {site, berth, bare} = await start()
const {page} = site

function build(side, capabilities = {}, options = {}) {
  const all = {browserName: 'chrome', 'goog:chromeOptions': {...side.options, ...options}, ...capabilities}
  return new Builder().disableEnvironmentOverrides().usingServer(side.url).withCapabilities(all).build()
}

function sideOf(server) {
  let driver
  return {
    async run(step) {
      driver ??= await build(server)
      await driver.get(page)
      return step(driver, (...wanted) => build(server, ...wanted))
    },
    async reset() {
      await driver?.quit().catch(() => {})
      driver = undefined
    }
  }
}

const one = (d, css) => d.findElement(By.css(css))
const said = async d => (await one(d, '#said')).getText()
const click = async (d, css) => (await one(d, css)).click()
const is = assert.deepEqual

/** The class of the error of a call that must fail. */
async function fails(call) {
  try {
    await call()
  } catch (e) {
    return e.constructor.name
  }
  throw new Error('no error')
}

/** A step in a session of its own. */
const own = (capabilities, options, work) => async (_, build) => {
  const d = await build(capabilities, options)
  try {
    return await work(d)
  } finally {
    await d.quit().catch(() => {})
  }
}

async function find(d, by, text) {
  is(await (await d.findElement(by)).getText(), text)
}

async function newWindow(d, kind) {
  const before = await d.getWindowHandle()
  await d.switchTo().newWindow(kind)
  await d.get(`${page}/two`)
  is(await d.getTitle(), 'two')
  is((await d.getAllWindowHandles()).length, 2)
  await d.close()
  await d.switchTo().window(before)
  is(await d.getTitle(), 'site')
}

const prompts = behaviour => own({unhandledPromptBehavior: behaviour}, {}, async d => {
  await d.get(page)
  await click(d, '#confirm')
  let error = 'none'
  try { await d.getTitle() } catch (e) { error = e.constructor.name }
  if (behaviour === 'ignore') await (await d.switchTo().alert()).dismiss()
  return [error, await said(d)]
})

const strategy = name => own({pageLoadStrategy: name}, {}, async d => {
  const started = Date.now()
  await d.manage().setTimeouts({pageLoad: 1500})
  let error = 'none'
  try { await d.get(`${page}/slow`) } catch (e) { error = e.constructor.name }
  return [error, Date.now() - started < 1200]
})

const png = async picture => {
  const bytes = Buffer.from(await picture, 'base64')
  is(bytes.subarray(1, 4).toString(), 'PNG')
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)]
}

const steps = {
  'get, title, url': async d => is([await d.getTitle(), await d.getCurrentUrl()], ['site', `${page}/`]),
  'back, forward, refresh': async d => {
    await d.get(`${page}/two`)
    await d.navigate().back(); is(await d.getTitle(), 'site')
    await d.navigate().forward(); is(await d.getTitle(), 'two')
    await d.navigate().refresh(); is(await d.getTitle(), 'two')
  },
  'source': async d => assert((await d.getPageSource()).includes('<h1 class="big">Hello')),
  'an address that nothing serves': async d => fails(() => d.get(site.closed)),
  'an address that is none': async d => fails(() => d.get('nowhere')),
  'data and about pages': async d => { await d.get('data:text/html,<title>mine</title>'); is(await d.getTitle(), 'mine'); await d.get('about:blank') },
  'find by id': d => find(d, By.id('go'), 'Go'),
  'find by name': async d => (await d.findElement(By.name('user'))).getTagName(),
  'find by class': d => find(d, By.className('big'), 'Hello'),
  'find by tag': d => find(d, By.tagName('h1'), 'Hello'),
  'find by CSS': d => find(d, By.css('#over > b'), 'o'),
  'find by XPath': d => find(d, By.xpath('//button[text()="Go"]'), 'Go'),
  'find by link text': d => find(d, By.linkText('two'), 'two'),
  'find by part of a link text': d => find(d, By.partialLinkText('new'), 'new window'),
  'find many and none': async d => [(await d.findElements(By.css('option'))).length, (await d.findElements(By.css('nothing'))).length],
  'find children': async d => {
    const over = await one(d, '#over')
    is(await (await over.findElement(By.css('i'))).getText(), 'p')
    return (await over.findElements(By.css('*'))).length
  },
  'a wrong selector': d => fails(() => d.findElement(By.css('[['))),
  'a wrong XPath': d => fails(() => d.findElement(By.xpath('//['))),
  'shadow root': async d => {
    const root = await (await one(d, 'my-box')).getShadowRoot()
    is(await (await root.findElement(By.css('#inside'))).getText(), 'inside')
    return (await root.findElements(By.css('b'))).length
  },
  'no shadow root': async d => { const h1 = await one(d, 'h1'); return fails(() => h1.getShadowRoot()) },
  'the active element': async d => { await click(d, '#name'); return (await d.switchTo().activeElement()).getAttribute('id') },
  'attributes and properties': async d => {
    const name = await one(d, '#name')
    await name.sendKeys('x')
    return [await name.getAttribute('value'), await name.getDomAttribute('value'), await name.getProperty('value'), await name.getAttribute('none')]
  },
  'CSS values': async d => (await one(d, '#over')).getCssValue('color'),
  'rect': async d => (({width, height}) => [width, height])(await (await one(d, '#over')).getRect()),
  'role and label': async d => [await (await one(d, '#go')).getAriaRole(), await (await one(d, '#name')).getAccessibleName()],
  'displayed, enabled, selected': async d => [await (await one(d, '#hidden')).isDisplayed(), await (await one(d, '#go')).isDisplayed(),
    await (await one(d, '#off')).isEnabled(), await (await one(d, '#check')).isSelected()],
  'type and clear': async d => {
    const area = await one(d, '#area')
    await area.sendKeys('two\nlines äöü 漢字 😀')
    is(await area.getProperty('value'), 'two\nlines äöü 漢字 😀')
    await area.clear()
    is(await area.getProperty('value'), '')
  },
  'keys with modifiers': async d => {
    const name = await one(d, '#name')
    await name.sendKeys('abc', Key.chord(Key.CONTROL, 'a'), Key.BACK_SPACE, Key.chord(Key.SHIFT, 'x'), 'y', Key.ARROW_LEFT, 'z')
    is(await name.getProperty('value'), 'Xzy')
  },
  'submit by Enter': async d => { await (await one(d, '#name')).sendKeys('Ada', Key.ENTER); return said(d) },
  'submit a form': async d => { await (await one(d, '#form')).submit(); return said(d) },
  'select': async d => {
    const pick = new Select(await one(d, '#pick'))
    await pick.selectByVisibleText('two')
    is(await (await pick.getFirstSelectedOption()).getText(), 'two')
    const many = new Select(await one(d, '#many'))
    await many.selectByIndex(0); await many.selectByVisibleText('z'); await many.deselectByIndex(0)
    return Promise.all((await many.getAllSelectedOptions()).map(each => each.getText()))
  },
  'checkbox': async d => { await click(d, '#check'); return (await one(d, '#check')).isSelected() },
  'click that another element takes': d => fails(() => click(d, '#covered')),
  'click on what is hidden': d => fails(() => click(d, '#hidden')),
  'type into what is disabled': async d => { const off = await one(d, '#off'); return fails(() => off.sendKeys('x')) },
  'file input with a path that is not there': async d => { const file = await one(d, '#file'); return fails(() => file.sendKeys('/no/such/file')) },
  'hover': async d => { await d.actions().move({origin: await one(d, '#over')}).perform(); return said(d) },
  'double click': async d => { await d.actions().doubleClick(await one(d, '#over')).perform(); return said(d) },
  'context click': async d => { await d.actions().contextClick(await one(d, '#over')).perform(); return said(d) },
  'drag': async d => {
    await d.actions().move({origin: await one(d, '#slider')}).press().move({origin: Origin.POINTER, x: 5, y: 0}).release().perform()
    return (await said(d)).startsWith('moved')
  },
  'wheel': async d => {
    await d.actions().scroll(0, 0, 0, 120, await one(d, '#scroll')).perform()
    await d.wait(async () => await d.executeScript('return document.querySelector("#scroll").scrollTop') > 0, 5000)
  },
  'keyboard actions': async d => {
    await d.actions().click(await one(d, '#name')).keyDown(Key.SHIFT).sendKeys('a').keyUp(Key.SHIFT).sendKeys('b').perform()
    await d.actions().clear()
    return (await one(d, '#name')).getProperty('value')
  },
  'script with values': d => d.executeScript('return [arguments[0] + 1, {a: null, b: [true, "x"]}, arguments[1].c]', 1, {c: 2}),
  'script with elements': async d => {
    const [h1, all] = await d.executeScript('return [arguments[0].parentNode.querySelector("h1"), [...document.querySelectorAll("b")]]', await one(d, '#go'))
    is(await h1.getText(), 'Hello')
    return all.length
  },
  'script with a promise': d => d.executeScript('return Promise.resolve(5)'),
  'asynchronous script': d => d.executeAsyncScript('const done = arguments[1]; setTimeout(() => done(arguments[0] * 2), 20)', 21),
  'script errors': async d => [await fails(() => d.executeScript('throw new Error("mine")')), await fails(() => d.executeScript('this is none')),
    await fails(() => d.executeScript('const a = {}; a.a = a; return a'))],
  'script time-out': async d => {
    await d.manage().setTimeouts({script: 200})
    const error = await fails(() => d.executeAsyncScript(''))
    await d.manage().setTimeouts({script: 30_000})
    return error
  },
  'page load time-out': own({}, {}, async d => {
    await d.manage().setTimeouts({pageLoad: 500})
    return fails(() => d.get(`${page}/slow`))
  }),
  'time-outs read': own({timeouts: {implicit: 10, pageLoad: 20_000, script: 3000}}, {}, d => d.manage().getTimeouts()),
  'cookies': async d => {
    await d.manage().addCookie({name: 'user', value: 'ada', path: '/', httpOnly: true, sameSite: 'Lax', expiry: 4_000_000_000})
    await d.manage().addCookie({name: 'other', value: '1'})
    const {value, httpOnly, sameSite} = await d.manage().getCookie('user')
    is([value, httpOnly, sameSite], ['ada', true, 'Lax'])
    await d.manage().deleteCookie('other')
    is((await d.manage().getCookies()).length, 1)
    await d.manage().deleteAllCookies()
    return d.manage().getCookies()
  },
  'a cookie of another site': d => fails(() => d.manage().addCookie({name: 'a', value: 'b', domain: 'example.com'})),
  'new tab': d => newWindow(d, 'tab'),
  'new window': d => newWindow(d, 'window'),
  'window of a link': async d => {
    const first = await d.getWindowHandle()
    await click(d, '#blank')
    await d.wait(async () => (await d.getAllWindowHandles()).length === 2, 5000)
    await d.switchTo().window((await d.getAllWindowHandles()).find(each => each !== first))
    await d.wait(until.titleIs('two'), 5000)
    await d.close()
    const closed = await fails(() => d.getTitle())
    await d.switchTo().window(first)
    return closed
  },
  'no such window': d => fails(() => d.switchTo().window('none')),
  'window rect': async d => {
    await d.manage().window().setRect({x: 0, y: 0, width: 700, height: 500})
    const {width, height} = await d.manage().window().getRect()
    return [width, height]
  },
  'maximize, minimize, full screen': own({}, {}, async d => {
    await d.manage().window().maximize()
    await d.manage().window().minimize()
    await d.manage().window().fullscreen()
    return (await d.manage().window().getRect()).width > 100
  }),
  'frames': async d => {
    await d.switchTo().frame(await one(d, '#inner'))
    await click(d, 'button')
    is(await (await one(d, 'button')).getText(), 'clicked')
    await d.switchTo().frame(0)
    is(await (await one(d, 'p')).getText(), 'second')
    await d.switchTo().parentFrame()
    is(await (await one(d, 'button')).getText(), 'clicked')
    await d.switchTo().defaultContent()
    await one(d, 'h1')
    return fails(() => d.switchTo().frame(7))
  },
  'alert': async d => {
    await click(d, '#alert')
    const alert = await d.wait(until.alertIsPresent(), 5000)
    is(await alert.getText(), 'hi')
    await alert.accept()
    return fails(() => d.switchTo().alert())
  },
  'confirm': async d => { await click(d, '#confirm'); await (await d.switchTo().alert()).dismiss(); return said(d) },
  'prompt': async d => {
    await click(d, '#prompt')
    const prompt = await d.switchTo().alert()
    await prompt.sendKeys('me')
    await prompt.accept()
    return said(d)
  },
  'prompts: accept': prompts('accept'),
  'prompts: dismiss': prompts('dismiss'),
  'prompts: accept and notify': prompts('accept and notify'),
  'prompts: ignore': prompts('ignore'),
  'implicit wait': async d => {
    await d.manage().setTimeouts({implicit: 3000})
    await click(d, '#late')
    const text = await (await one(d, '#grown')).getText()
    await d.manage().setTimeouts({implicit: 0})
    return text
  },
  'explicit wait': async d => { await click(d, '#late'); return (await d.wait(until.elementLocated(By.id('grown')), 5000)).getText() },
  'explicit wait that ends': d => fails(() => d.wait(until.titleIs('never'), 300)),
  'no such element': d => fails(() => one(d, '#none')),
  'stale element': async d => { const h1 = await one(d, 'h1'); await d.navigate().refresh(); return fails(() => h1.getText()) },
  'picture of the page': own({}, {}, async d => {
    await d.get(page)
    const [width, height] = await png(d.takeScreenshot())
    is([width, height], await d.executeScript('return [innerWidth * devicePixelRatio, innerHeight * devicePixelRatio]'))
  }),
  'picture of an element': async d => png((await one(d, '#over')).takeScreenshot()),
  'print': async d => Buffer.from(await d.printPage({orientation: 'landscape'}), 'base64').subarray(0, 4).toString(),
  'log of the browser': own({'goog:loggingPrefs': {browser: 'ALL'}}, {}, async d => {
    await d.get(`${page}/log`)
    const found = (await d.manage().logs().get(logging.Type.BROWSER)).filter(each => each.message.includes('an error of mine'))
    return [found.length, found[0].level.name]
  }),
  'log of performance': own({'goog:loggingPrefs': {performance: 'ALL'}}, {perfLoggingPrefs: {enableNetwork: true, enablePage: true}}, async d => {
    await d.get(page)
    const methods = (await d.manage().logs().get('performance')).map(each => JSON.parse(each.message).message.method)
    return ['Network.requestWillBeSent', 'Network.responseReceived', 'Page.loadEventFired'].map(each => methods.includes(each))
  }),
  'log types': async d => (await d.manage().logs().getAvailableLogTypes()).sort(),
  'CDP command': async d => {
    await d.sendDevToolsCommand('Emulation.setScriptExecutionDisabled', {value: false})
    return (await d.sendAndGetDevToolsCommand('Runtime.evaluate', {expression: '6 * 7'})).result.value
  },
  'CDP command that is none': d => fails(() => d.sendDevToolsCommand('No.such', {})),
  'network conditions': async d => {
    const wanted = {offline: false, latency: 5, download_throughput: 500_000, upload_throughput: 500_000}
    await d.setNetworkConditions(wanted)
    const {latency} = await d.getNetworkConditions()
    await d.deleteNetworkConditions()
    return latency
  },
  'permission': async d => { await d.setPermission('geolocation', 'granted'); return d.executeScript(
    'return navigator.permissions.query({name: "geolocation"}).then(found => found.state)') },
  'virtual authenticator': own({}, {}, async d => {
    const wanted = new VirtualAuthenticatorOptions()
    wanted.setProtocol('ctap2'); wanted.setTransport('internal'); wanted.setHasUserVerification(true); wanted.setIsUserVerified(true)
    await d.addVirtualAuthenticator(wanted)
    await d.get(`${site.local}/passkey`)
    const used = await d.executeAsyncScript('make().then(use).then(found => arguments[0](found.type), error => arguments[0](String(error)))')
    const kept = (await d.getCredentials()).length
    await d.removeAllCredentials()
    is((await d.getCredentials()).length, 0)
    await d.removeVirtualAuthenticator()
    return [used, kept]
  }),
  'page load strategy: none': strategy('none'),
  'page load strategy: eager': strategy('eager'),
  'page load strategy: normal': strategy('normal'),
  'mobile emulation: metrics': own({}, {mobileEmulation: {deviceMetrics: {width: 360, height: 640, pixelRatio: 3}, userAgent: 'Phone/1'}}, async d => {
    await d.get(page)
    return d.executeScript('return [navigator.userAgent, devicePixelRatio, "ontouchstart" in window, screen.width]')
  }),
  'mobile emulation: device': own({}, {mobileEmulation: {deviceName: 'Pixel 7'}}, async d => {
    await d.get(page)
    return d.executeScript('return [navigator.userAgent.includes("Mobile"), devicePixelRatio, screen.width]')
  }),
  'certificate that is not valid': own({}, {}, d => fails(() => d.get(site.secure))),
  'certificate that is not valid, accepted': own({acceptInsecureCerts: true}, {}, async d => { await d.get(site.secure); return d.getTitle() }),
  'two sessions at once': async (d, build) => {
    const two = await build()
    try {
      await Promise.all([d.get(page), two.get(`${page}/two`)])
      await two.manage().addCookie({name: 'theirs', value: '1'})
      return [await d.getTitle(), await two.getTitle(), (await d.manage().getCookies()).length]
    } finally {
      await two.quit()
    }
  },
  'quit twice, and a command after': async (_, build) => {
    const d = await build()
    await d.quit()
    return [await fails(() => d.quit()), await fails(() => d.getTitle())]
  },
  'closing the last window ends the session': async (_, build) => {
    const d = await build()
    is(await d.close(), [])
    return fails(() => d.getTitle())
  },
  'capabilities': own({}, {}, async d => {
    const found = await d.getCapabilities()
    return [found.get('browserName'), found.get('platformName'), found.get('acceptInsecureCerts'), found.get('pageLoadStrategy'),
      found.get('unhandledPromptBehavior'), found.get('setWindowRect'), found.get('strictFileInteractability'),
      found.get('webauthn:virtualAuthenticators')]
  })
}

process.exit(await compare('selenium-webdriver', steps, sideOf(berth), sideOf(bare)))
