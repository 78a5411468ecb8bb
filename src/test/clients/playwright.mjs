// Playwright on Berth: drives a site by `connectOverCDP`, then asks over REST what was captured of it.
import {chromium} from 'playwright-core'
import {captureTrials, check, checkThat, downloadTrials, eventually, finish, KEY, rest, Session, trial, URL_OF_BERTH, WAIT_MILLIS, within} from './berth.mjs'
import {DOWNLOAD_BYTES, startSite} from './site.mjs'

const site = await startSite()
const connect = url => chromium.connectOverCDP(url, {timeout: WAIT_MILLIS})
const timed = page => { page.setDefaultTimeout(WAIT_MILLIS); return page }
const did = {navigate: 0, click: 0, screenshot: 0}

const open = (page, path) => { did.navigate++; return page.goto(site.url + path) }
const click = (scope, selector) => { did.click++; return scope.locator(selector).click() }

const session = await Session.create()
const browser = await trial('playwright: connects', () => connect(session.connectUrl))
if (browser) {
  const context = browser.contexts()[0]
  const page = timed(context.pages()[0] ?? await context.newPage())
  await driveTrials(page)
  await captureTrials('playwright', session, site, did, `${site.url}/page?n=100`)
  await browser.close()
}
await session.end()
await connectionTrials()
site.close()
finish()

async function driveTrials(page) {
  await trial('playwright: form', async () => {
    await open(page, '/form')
    await page.locator('[name=text]').fill('words, ünïcode 🚢')
    did.click += 2
    await page.locator('[name=check]').check()
    await page.locator('[name=radio][value=b]').check()
    await page.locator('[name=one]').selectOption('green')
    await page.locator('[name=many]').selectOption(['x', 'z'])
    await page.locator('[name=date]').fill('2026-02-03')
    await page.locator('[name=area]').fill('two\nlines')
    await page.locator('#rich').pressSequentially('rich')
    await page.getByPlaceholder('in the shadow').fill('in depth')
    await click(page, '#send')
    check('submitted', JSON.parse(await page.locator('#arrived').textContent()), {text: 'words, ünïcode 🚢', check: 'yes', radio: 'b',
      one: 'green', many: 'x,z', date: '2026-02-03', area: 'two\r\nlines', rich: 'rich', shadow: 'in depth'})
    did.screenshot++
    checkThat('a picture', 0, (await page.screenshot()).length > 1000)
  })
  await trial('playwright: dialogs', async () => {
    await open(page, '/dialogs')
    for (const [id, result] of [['alert', 'alerted'], ['confirm', 'true'], ['prompt', 'Ada']]) {
      const accepted = new Promise((resolve, reject) => page.once('dialog', d => d.accept('Ada').then(resolve, reject)))
      await within(WAIT_MILLIS, id, Promise.all([accepted, click(page, `#${id}`)]))
      check(id, await page.locator('#out').textContent(), result)
    }
  })
  await trial('playwright: slow and moving elements', async () => {
    await open(page, '/slow')
    await click(page, '#moving')
    await click(page, '#late')
    check('clicked', await page.locator('#out').textContent(), 'moving late ')
  })
  await trial('playwright: popups', async () => {
    await open(page, '/popups')
    for (const [selector, n] of Array(15).fill([['#open', 901], ['#blank', 902], ['#sized', 903]]).flat()) {
      const opened = page.context().waitForEvent('page', {timeout: WAIT_MILLIS})
      await click(page, selector)
      const popup = timed(await opened)
      await popup.waitForLoadState()
      check('popup', await popup.locator('h1').textContent(), `Page ${n}`)
      await popup.close()
    }
  })
  await trial('playwright: frames', async () => {
    await open(page, '/frames')
    for (const kind of ['same', 'cross']) {
      const frame = page.frameLocator(`#${kind}`)
      await click(frame, '#inside')
      await frame.getByText('done').waitFor()
    }
  })
  await trial('playwright: workers', async () => {
    await open(page, '/workers')
    await page.waitForFunction(() => document.querySelector('#out').textContent.trim().split(' ').length === 3)
    check('workers', (await page.locator('#out').textContent()).trim().split(' ').sort(), ['dedicated', 'service', 'shared'])
  })
  await trial('playwright: redirect', async () => {
    await open(page, '/redirect?to=/page?n=904')
    check('landed', page.url(), `${site.url}/page?n=904`)
  })
  await trial('playwright: downloads', async () => {
    await open(page, '/downloads')
    for (const [selector, name] of [['#file', 'file.bin'], ['#blob', 'blob.txt']]) {
      const download = page.waitForEvent('download')
      await click(page, selector)
      check('name', (await download).suggestedFilename(), name)
    }
  })
  await downloadTrials('playwright', session, DOWNLOAD_BYTES)
  await trial('playwright: 100 pages', async () => {
    for (let n = 1; n <= 100; n++) {
      await open(page, `/page?n=${n}`)
      check('heading', await page.locator('h1').textContent(), `Page ${n}`)
    }
  })
}

async function connectionTrials() {
  await trial('playwright: two clients at once', () => withSession(async session => {
    const [one, two] = await Promise.all([connect(session.connectUrl), connect(session.connectUrl)])
    const pages = await Promise.all([one, two].map(b => b.contexts()[0].newPage()))
    await Promise.all(pages.map((p, i) => timed(p).goto(`${site.url}/page?n=${i + 1}`)))
    check('headings', await Promise.all(pages.map(p => p.locator('h1').textContent())), ['Page 1', 'Page 2'])
    const seen = await eventually(() => {
      const urls = two.contexts()[0].pages().map(p => p.url())
      checkThat('pages that the second client sees', urls, urls.some(u => u.endsWith('n=1')))
      return two.contexts()[0].pages().find(p => p.url().endsWith('n=1'))
    })
    check('one page of the other client', await seen.locator('h1').textContent(), 'Page 1')
    await one.close()
    check('the other goes on', await pages[1].locator('h1').textContent(), 'Page 2')
    await two.close()
  }))
  await trial('playwright: an own context is isolated', () => withSession(async session => {
    const browser = await connect(session.connectUrl)
    const own = await browser.newContext({viewport: {width: 500, height: 400}})
    const page = timed(await own.newPage())
    await page.goto(`${site.url}/page?n=5`)
    await own.addCookies([{name: 'own', value: '1', url: site.url}])
    check('width', await page.evaluate(() => innerWidth), 500)
    check('cookies elsewhere', await browser.contexts()[0].cookies(site.url), [])
    await eventually(async () => {
      const urls = (await session.all('network', 'requests')).map(r => r.url)
      checkThat('its request in /network', urls, urls.includes(`${site.url}/page?n=5`))
    })
    await browser.close()
  }))
  await trial('playwright: reconnects with its pages intact', () => withSession(async session => {
    const first = await connect(session.connectUrl)
    const page = timed(await first.contexts()[0].newPage())
    await page.goto(`${site.url}/form`)
    await page.locator('[name=text]').fill('kept')
    await first.close()
    await new Promise(resolve => setTimeout(resolve, 1000))
    const second = await connect(session.connectUrl)
    const pages = second.contexts()[0].pages()
    const again = pages.find(p => p.url() === `${site.url}/form`)
    checkThat('the page', pages.map(p => p.url()), again)
    check('what was typed', await again.locator('[name=text]').inputValue(), 'kept')
    await second.close()
  }))
  await trial('playwright: DELETE closes the connection', () => withSession(async session => {
    const browser = await connect(session.connectUrl)
    const closed = new Promise(resolve => browser.once('disconnected', resolve))
    await Promise.all([within(5000, 'disconnected', closed), session.end()])
  }))
  await trial('playwright: /connect makes a session and ends it', async () => {
    const ids = async () => (await rest('GET', '/api/sessions?limit=100')).sessions.map(s => s.sessionId)
    const before = await ids()
    const browser = await connect(`${URL_OF_BERTH.replace(/^http/, 'ws')}/connect?token=${KEY}`)
    await timed(await browser.contexts()[0].newPage()).goto(`${site.url}/page?n=1`)
    const made = (await ids()).filter(id => !before.includes(id))
    check('sessions made', made.length, 1)
    await browser.close()
    // The default grace of 30 s passes before it ends.
    await eventually(async () => check('status', (await new Session(made[0]).state()).status, 'completed'), 45_000)
  })
}

async function withSession(work) {
  const session = await Session.create()
  try {
    await work(session)
  } finally {
    await session.end()
  }
}
