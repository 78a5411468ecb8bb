// Puppeteer on Berth: drives a site by `connectUrl`, then asks over REST what was captured of it.
import puppeteer from 'puppeteer-core'
import {captureTrials, check, checkThat, downloadTrials, eventually, finish, KEY, rest, Session, trial, URL_OF_BERTH, WAIT_MILLIS, within} from './berth.mjs'
import {DOWNLOAD_BYTES, startSite} from './site.mjs'

const site = await startSite()
const connect = url => within(WAIT_MILLIS, 'connect', puppeteer.connect({browserWSEndpoint: url, defaultViewport: null}))
const timed = page => { page.setDefaultTimeout(WAIT_MILLIS); return page }
const textOf = (page, selector) => page.$eval(selector, e => e.textContent)
const did = {navigate: 0, click: 0, screenshot: 0}

const open = (page, path) => { did.navigate++; return page.goto(site.url + path) }
const click = (target, selector) => { did.click++; return selector ? target.click(selector) : target.click() }

const session = await Session.create()
const browser = await trial('puppeteer: connects', () => connect(session.connectUrl))
if (browser) {
  const page = timed((await browser.pages())[0] ?? await browser.newPage())
  await driveTrials(page)
  await captureTrials('puppeteer', session, site, did, `${site.url}/page?n=100`)
  await browser.disconnect()
}
await session.end()
await connectionTrials()
site.close()
finish()

async function driveTrials(page) {
  await trial('puppeteer: form', async () => {
    await open(page, '/form')
    await page.type('[name=text]', 'words, ünïcode 🚢')
    await click(page, '[name=check]')
    await click(page, '[name=radio][value=b]')
    await page.select('[name=one]', 'green')
    await page.select('[name=many]', 'x', 'z')
    await page.locator('[name=date]').fill('2026-02-03')
    await page.type('[name=area]', 'two\nlines')
    await page.type('#rich', 'rich')
    await page.locator('>>> #deep').fill('in depth')
    await Promise.all([page.waitForNavigation(), click(page, '#send')])
    check('submitted', JSON.parse(await textOf(page, '#arrived')), {text: 'words, ünïcode 🚢', check: 'yes', radio: 'b',
      one: 'green', many: 'x,z', date: '2026-02-03', area: 'two\r\nlines', rich: 'rich', shadow: 'in depth'})
    did.screenshot++
    checkThat('a picture', 0, (await page.screenshot()).length > 1000)
  })
  await trial('puppeteer: dialogs', async () => {
    await open(page, '/dialogs')
    for (const [id, result] of [['alert', 'alerted'], ['confirm', 'true'], ['prompt', 'Ada']]) {
      const accepted = new Promise((resolve, reject) => page.once('dialog', d => d.accept('Ada').then(resolve, reject)))
      await within(WAIT_MILLIS, id, Promise.all([accepted, click(page, `#${id}`)]))
      check(id, await textOf(page, '#out'), result)
    }
  })
  await trial('puppeteer: slow and moving elements', async () => {
    await open(page, '/slow')
    did.click += 2
    await page.locator('#moving').click()
    await page.locator('#late').click()
    check('clicked', await textOf(page, '#out'), 'moving late ')
  })
  await trial('puppeteer: popups', async () => {
    await open(page, '/popups')
    for (const [selector, n] of Array(15).fill([['#open', 901], ['#blank', 902], ['#sized', 903]]).flat()) {
      const opened = page.browser().waitForTarget(t => t.url() === `${site.url}/page?n=${n}`, {timeout: WAIT_MILLIS})
      await click(page, selector)
      const popup = timed(await (await opened).page())
      await popup.waitForFunction(() => document.readyState === 'complete')
      check('popup', await textOf(popup, 'h1'), `Page ${n}`)
      await popup.close()
    }
  })
  await trial('puppeteer: frames', async () => {
    await open(page, '/frames')
    for (const kind of ['same', 'cross']) {
      const frame = await page.waitForFrame(f => f.url().endsWith(`kind=${kind}`))
      const button = await frame.waitForSelector('#inside')
      await click(button)
      await frame.waitForFunction(() => document.querySelector('#out').textContent === 'done')
    }
  })
  await trial('puppeteer: workers', async () => {
    await open(page, '/workers')
    await page.waitForFunction(() => document.querySelector('#out').textContent.trim().split(' ').length === 3)
    check('workers', (await textOf(page, '#out')).trim().split(' ').sort(), ['dedicated', 'service', 'shared'])
  })
  await trial('puppeteer: redirect', async () => {
    await open(page, '/redirect?to=/page?n=904')
    check('landed', page.url(), `${site.url}/page?n=904`)
  })
  await trial('puppeteer: downloads', async () => {
    await open(page, '/downloads')
    await click(page, '#file')
    await click(page, '#blob')
  })
  await downloadTrials('puppeteer', session, DOWNLOAD_BYTES)
  await trial('puppeteer: 100 pages', async () => {
    for (let n = 1; n <= 100; n++) {
      await open(page, `/page?n=${n}`)
      check('heading', await textOf(page, 'h1'), `Page ${n}`)
    }
  })
}

async function connectionTrials() {
  await trial('puppeteer: two clients at once', () => withSession(async session => {
    const [one, two] = await Promise.all([connect(session.connectUrl), connect(session.connectUrl)])
    const pages = await Promise.all([one.newPage(), two.newPage()])
    await Promise.all(pages.map((p, i) => timed(p).goto(`${site.url}/page?n=${i + 1}`)))
    check('titles', await Promise.all(pages.map(p => textOf(p, 'h1'))), ['Page 1', 'Page 2'])
    const seen = await two.waitForTarget(t => t.url().endsWith('n=1'), {timeout: WAIT_MILLIS})
    check('one page of the other client', await textOf(await seen.page(), 'h1'), 'Page 1')
    await one.disconnect()
    check('the other goes on', await textOf(pages[1], 'h1'), 'Page 2')
    await two.disconnect()
  }))
  await trial('puppeteer: reconnects with its pages intact', () => withSession(async session => {
    const first = await connect(session.connectUrl)
    const page = timed(await first.newPage())
    await page.goto(`${site.url}/form`)
    await page.type('[name=text]', 'kept')
    await first.disconnect()
    await new Promise(resolve => setTimeout(resolve, 1000))
    const second = await connect(session.connectUrl)
    const again = (await second.pages()).find(p => p.url() === `${site.url}/form`)
    checkThat('the page', (await second.pages()).map(p => p.url()), again)
    check('what was typed', await again.$eval('[name=text]', e => e.value), 'kept')
    await second.disconnect()
  }))
  await trial('puppeteer: DELETE closes the connection', () => withSession(async session => {
    const browser = await connect(session.connectUrl)
    const closed = new Promise(resolve => browser.once('disconnected', resolve))
    await Promise.all([within(5000, 'disconnected', closed), session.end()])
  }))
  await trial('puppeteer: browser.close() ends the session', () => withSession(async session => {
    const browser = await connect(session.connectUrl)
    await within(WAIT_MILLIS, 'close', browser.close())
    await eventually(async () => check('endReason', (await session.state()).endReason, 'client'))
  }))
  await trial('puppeteer: a wrong token and an ended session are refused', async () => {
    const session = await Session.create()
    const wrong = new URL(session.connectUrl)
    wrong.searchParams.set('token', 'wrong')
    await refused('a wrong token', wrong.href)
    await session.end()
    await refused('an ended session', session.connectUrl)
  })
  await trial('puppeteer: /connect makes a session and ends it', async () => {
    const ids = async () => (await rest('GET', '/api/sessions?limit=100')).sessions.map(s => s.sessionId)
    const before = await ids()
    const browser = await connect(`${URL_OF_BERTH.replace(/^http/, 'ws')}/connect?token=${KEY}`)
    const page = timed(await browser.newPage())
    await page.goto(`${site.url}/page?n=1`)
    const made = (await ids()).filter(id => !before.includes(id))
    check('sessions made', made.length, 1)
    await browser.disconnect()
    // The default grace of 30 s passes before it ends.
    await eventually(async () => check('status', (await new Session(made[0]).state()).status, 'completed'), 45_000)
  })
}

async function refused(what, url) {
  const outcome = await connect(url).then(() => 'connected', () => 'refused')
  check(what, outcome, 'refused')
}

async function withSession(work) {
  const session = await Session.create()
  try {
    await work(session)
  } finally {
    await session.end()
  }
}
