// selenium-webdriver as it comes, with no other change than the URL: over /wd/hub, with the key as the password of the URL.
import http from 'node:http'
import {Builder, By, Key, logging, until} from 'selenium-webdriver'
import chrome from 'selenium-webdriver/chrome.js'
import {check, checkThat, eventually, finish, KEY, rest, trial, URL_OF_BERTH} from './berth.mjs'

const HUB = URL_OF_BERTH.replace('//', `//selenium:${encodeURIComponent(KEY)}@`) + '/wd/hub'

const PAGES = {
  '/': `<title>site</title><h1 class=big>Hello</h1><a href=/two>two</a><a id=blank target=_blank href=/two>new</a>
    <input id=name placeholder=name><select id=pick><option>one<option>two</select><input id=check type=checkbox>
    <button id=go onclick="said.textContent = document.all.name.value">Go</button><p id=said></p>
    <button id=alert onclick="alert('hi')">a</button><button id=confirm onclick="said.textContent = confirm('sure?')">c</button>
    <button id=prompt onclick="said.textContent = prompt('who?')">p</button>
    <button id=late onclick="setTimeout(() => said.textContent = 'late', 300)">l</button>
    <div id=over style="width:50px;height:50px" onmouseenter="said.textContent = 'over'" ondblclick="said.textContent = 'twice'">o</div>
    <div id=hidden style="display:none">hidden</div><iframe src=/frame></iframe><my-box></my-box>
    <script>customElements.define('my-box', class extends HTMLElement {
      connectedCallback() { this.attachShadow({mode: 'open'}).innerHTML = '<b id=inside>inside</b>' } })</script>`,
  '/two': '<title>two</title><p>second</p>',
  '/frame': '<title>frame</title><button onclick="this.textContent = \'clicked\'">in frame</button>',
  '/log': '<title>log</title><script>console.error("an error of mine")</script>'
}
const site = http.createServer((request, response) => {
  response.setHeader('content-type', 'text/html')
  response.end(PAGES[request.url] ?? '')
})
await new Promise(listening => site.listen(0, '127.0.0.1', listening))
const page = `http://127.0.0.1:${site.address().port}`

function build(options = new chrome.Options(), more = {}) {
  return new Builder().usingServer(HUB).withCapabilities(more).forBrowser('chrome').setChromeOptions(options).build()
}

async function withDriver(work, options, more) {
  const driver = await build(options, more)
  try {
    return await work(driver)
  } finally {
    await driver.quit().catch(() => {})
  }
}

/** The class of the client's error, and its message. */
async function refused(call) {
  try {
    await call()
  } catch (e) {
    return `${e.constructor.name}: ${e.message}`
  }
  return 'no error'
}

const said = async driver => (await driver.findElement(By.id('said'))).getText()
const click = async (driver, id) => (await driver.findElement(By.id(id))).click()

await trial('webdriver: pages, history and source', () => withDriver(async driver => {
  await driver.get(page)
  check('title', await driver.getTitle(), 'site')
  await (await driver.findElement(By.linkText('two'))).click()
  await driver.wait(until.titleIs('two'), 5000)
  await driver.navigate().back()
  check('back', await driver.getTitle(), 'site')
  await driver.navigate().forward()
  check('forward', await driver.getCurrentUrl(), `${page}/two`)
  await driver.navigate().refresh()
  checkThat('source', '', (await driver.getPageSource()).includes('second'))
}))

await trial('webdriver: elements, forms and keys', () => withDriver(async driver => {
  await driver.get(page)
  const name = await driver.findElement(By.css('#name'))
  await name.sendKeys('Ada', Key.SPACE, 'L')
  await click(driver, 'go')
  check('typed', await said(driver), 'Ada L')
  await name.clear()
  check('cleared', await name.getAttribute('value'), '')
  check('property', await name.getProperty('placeholder'), 'name')
  await (await driver.findElement(By.xpath('//option[text()="two"]'))).click()
  check('selected', await (await driver.findElement(By.id('pick'))).getAttribute('value'), 'two')
  const box = await driver.findElement(By.id('check'))
  await box.click()
  check('checked', await box.isSelected(), true)
  check('displayed', await (await driver.findElement(By.id('hidden'))).isDisplayed(), false)
  check('css', await (await driver.findElement(By.className('big'))).getCssValue('display'), 'block')
  check('many', (await driver.findElements(By.css('button'))).length, 5)
  check('rect', (await (await driver.findElement(By.id('over'))).getRect()).width, 50)
  check('role', await (await driver.findElement(By.id('go'))).getAriaRole(), 'button')
  check('shadow', await (await (await (await driver.findElement(By.css('my-box'))).getShadowRoot()).findElement(By.css('#inside'))).getText(), 'inside')
  checkThat('none', '', (await refused(() => driver.findElement(By.id('none')))).startsWith('NoSuchElementError'))
  await click(driver, 'late')
  await driver.wait(async () => await said(driver) === 'late', 5000)
  await driver.manage().setTimeouts({implicit: 300})
  checkThat('implicit', '', (await refused(() => driver.findElement(By.id('none')))).startsWith('NoSuchElementError'))
}))

await trial('webdriver: mouse and keyboard actions', () => withDriver(async driver => {
  await driver.get(page)
  const over = await driver.findElement(By.id('over'))
  await driver.actions().move({origin: over}).perform()
  check('hover', await said(driver), 'over')
  await driver.actions().doubleClick(over).perform()
  check('double', await said(driver), 'twice')
  await driver.actions().click(await driver.findElement(By.id('name'))).keyDown(Key.SHIFT).sendKeys('a').keyUp(Key.SHIFT).sendKeys('b').perform()
  await click(driver, 'go')
  check('shift', await said(driver), 'Ab')
}))

await trial('webdriver: scripts', () => withDriver(async driver => {
  await driver.get(page)
  check('sync', await driver.executeScript('return [arguments[0] + 1, document.title]', 1), [2, 'site'])
  check('async', await driver.executeAsyncScript('setTimeout(() => arguments[0](7), 20)'), 7)
  check('element', await (await driver.executeScript('return document.querySelector("h1")')).getText(), 'Hello')
  checkThat('error', '', (await refused(() => driver.executeScript('throw new Error("mine")'))).startsWith('JavascriptError'))
  await driver.manage().setTimeouts({script: 200})
  checkThat('timeout', '', (await refused(() => driver.executeAsyncScript(''))).startsWith('ScriptTimeoutError'))
}))

await trial('webdriver: alerts', () => withDriver(async driver => {
  await driver.get(page)
  await click(driver, 'alert')
  await driver.wait(until.alertIsPresent(), 5000)
  check('text', await (await driver.switchTo().alert()).getText(), 'hi')
  await (await driver.switchTo().alert()).accept()
  await click(driver, 'confirm')
  await (await driver.switchTo().alert()).dismiss()
  check('confirm', await said(driver), 'false')
  await click(driver, 'prompt')
  const prompt = await driver.switchTo().alert()
  await prompt.sendKeys('me')
  await prompt.accept()
  check('prompt', await said(driver), 'me')
}))

await trial('webdriver: frames and windows', () => withDriver(async driver => {
  await driver.get(page)
  await driver.switchTo().frame(await driver.findElement(By.css('iframe')))
  const button = await driver.findElement(By.css('button'))
  await button.click()
  check('frame', await button.getText(), 'clicked')
  await driver.switchTo().defaultContent()
  const first = await driver.getWindowHandle()
  await click(driver, 'blank')
  await driver.wait(async () => (await driver.getAllWindowHandles()).length === 2, 5000)
  const second = (await driver.getAllWindowHandles()).find(each => each !== first)
  await driver.switchTo().window(second)
  await driver.wait(until.titleIs('two'), 5000)
  await driver.close()
  await driver.switchTo().window(first)
  check('first', await driver.getTitle(), 'site')
  await driver.switchTo().newWindow('tab')
  check('new', (await driver.getAllWindowHandles()).length, 2)
  await driver.manage().window().setRect({width: 600, height: 500})
  check('rect', (await driver.manage().window().getRect()).width, 600)
}))

await trial('webdriver: cookies, pictures and PDF', () => withDriver(async driver => {
  await driver.get(page)
  await driver.manage().addCookie({name: 'user', value: 'ada'})
  check('cookie', (await driver.manage().getCookie('user')).value, 'ada')
  check('cookies', (await driver.manage().getCookies()).length, 1)
  await driver.manage().deleteAllCookies()
  check('deleted', await driver.manage().getCookies(), [])
  checkThat('page', '', (await driver.takeScreenshot()).startsWith('iVBOR'))
  checkThat('element', '', (await (await driver.findElement(By.css('h1'))).takeScreenshot()).startsWith('iVBOR'))
  checkThat('pdf', '', (await driver.printPage({})).startsWith('JVBER'))
}))

await trial('webdriver: logs, CDP and mobile emulation', async () => {
  const prefs = new logging.Preferences()
  prefs.setLevel(logging.Type.BROWSER, logging.Level.ALL)
  const options = new chrome.Options().setMobileEmulation({deviceMetrics: {width: 360, height: 640, pixelRatio: 3}, userAgent: 'Phone/1'})
  options.setLoggingPrefs(prefs)
  await withDriver(async driver => {
    await driver.get(`${page}/log`)
    checkThat('log', '', (await driver.manage().logs().get('browser')).some(each => each.message.includes('an error of mine')))
    check('agent', await driver.executeScript('return navigator.userAgent'), 'Phone/1')
    check('ratio', await driver.executeScript('return devicePixelRatio'), 3)
    check('cdp', (await driver.sendAndGetDevToolsCommand('Runtime.evaluate', {expression: '6 * 7'})).result?.value, 42)
  }, options)
})

await trial('webdriver: the session is one of Berth, and quit ends it', async () => {
  const id = await withDriver(async driver => {
    const found = (await driver.getCapabilities()).get('berth:sessionId')
    await driver.get(page)
    const session = await rest('GET', `/api/sessions/${found}`)
    check('name', [session.name, session.metadata], ['checkout', {suite: 'selenium'}])
    check('url', session.currentUrl, `${page}/`)
    return found
  }, undefined, {'berth:options': {name: 'checkout', metadata: {suite: 'selenium'}}})
  check('over', (await rest('GET', `/api/sessions/${id}`)).status, 'completed')
  await eventually(async () => {
    const urls = (await rest('GET', `/api/sessions/${id}/network?limit=50`)).requests.map(each => each.url)
    checkThat('network log', urls, urls.includes(`${page}/`))
  })
})

await trial('webdriver: two at once', () => withDriver(one => withDriver(async two => {
  await Promise.all([one.get(page), two.get(`${page}/two`)])
  check('titles', await Promise.all([one.getTitle(), two.getTitle()]), ['site', 'two'])
})))

await trial('webdriver: hostile capabilities and a wrong key are refused by name', async () => {
  checkThat('binary', '', (await refused(() => build(new chrome.Options().setChromeBinaryPath('/bin/sh')))).includes('goog:chromeOptions.binary'))
  const profile = await refused(() => build(new chrome.Options().addArguments('--user-data-dir=/root')))
  checkThat('argument', profile, profile.includes('--user-data-dir is refused'))
  const stranger = await refused(() => new Builder().usingServer(`${URL_OF_BERTH}/wd/hub`).forBrowser('chrome').build())
  checkThat('no key', stranger, stranger.includes('needs an API key'))
  const firefox = await refused(() => new Builder().usingServer(HUB).forBrowser('firefox').build())
  checkThat('firefox', firefox, firefox.startsWith('SessionNotCreatedError') && firefox.includes('browserName'))
})

site.closeAllConnections()
site.close()
finish()
