// Snapshots beside Playwright's AI mode, on the same pages of third parties. Prints per page: the characters of both, how many refs,
// those that can't be used, what can be clicked and has no ref, and the median milliseconds of both (ours with those of REST and the
// action log).
//
// A ref can't be used where hovering over its element is refused within the time limit, and for a text field typing too. What can be
// clicked is asked of the page itself: native controls, roles, tabindex, contenteditable and pointer cursors that a mouse hits at the
// middle of their box.
import {chromium} from 'playwright-core'
import {finish, Session, trial, WAIT_MILLIS} from './berth.mjs'
import {startShelf} from './shelf.mjs'

const HOVER_MILLIS = 1_500
const MAX_TRIED = 200
const TIMES = 9
const PAGES = ['/todomvc-react/dist/index.html', '/todomvc/index.html', '/swagger-ui-dist/index.html', '/quill', '/tabulator', '/fullcalendar', '/flatpickr',
  '/ace-builds/editor.html', '/shoelace', '/select2', '/jquery-ui', '/bootstrap', '/tom-select', '/monaco', '/material', '/ag-grid', '/slick', '/dropzone',
  '/leaflet', '/handsontable']

/** In the page: marks what can be clicked, and answers how many there are. */
const MARK = `(() => {
  const natives = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]:not([tabindex="-1"]), [contenteditable=""], [contenteditable=true],'
    + ['button', 'link', 'menuitem', 'tab', 'checkbox', 'radio', 'switch', 'treeitem'].map(r => '[role=' + r + ']').join()
  const pointer = e => getComputedStyle(e).cursor === 'pointer' && e.parentElement && getComputedStyle(e.parentElement).cursor !== 'pointer'
  return [...document.querySelectorAll('*')].filter(e => {
    if (e === document.body || e === document.documentElement || !(e.matches(natives) || pointer(e)) || e.closest('label')) return false
    const b = e.getBoundingClientRect()
    const hit = b.width > 1 && b.height > 1 && document.elementFromPoint(b.x + b.width / 2, b.y + b.height / 2)
    return hit && (e === hit || e.contains(hit))
  }).map((e, i) => { e.setAttribute('data-clickable', i); return e.outerHTML.slice(0, 120) })
})()`

const shelf = await startShelf()
const sums = {ours: 0, theirs: 0, refs: 0, unusable: 0, missing: 0}
console.log('page ours AI-mode ratio refs unusable missing ms AI-ms')
for (const path of PAGES) await trial(path, () => measure(path))
console.log(`all ${sums.ours} ${sums.theirs} ${(sums.ours / sums.theirs).toFixed(2)} ${sums.refs} ${sums.unusable} ${sums.missing}`)
shelf.close()
finish()

/** The result, and the median of the milliseconds that it takes. */
async function timed(work) {
  const millis = []
  let result
  for (let i = 0; i < TIMES; i++) {
    const since = performance.now()
    result = await work()
    millis.push(performance.now() - since)
  }
  return [result, Math.round(millis.sort((a, b) => a - b)[TIMES >> 1])]
}

async function measure(path) {
  const session = await Session.create()
  const browser = await chromium.connectOverCDP(session.connectUrl, {timeout: WAIT_MILLIS})
  try {
    await session.verb('navigate', {url: shelf.url + path, waitUntil: 'networkidle', timeout: WAIT_MILLIS})
    const page = browser.contexts()[0].pages()[0]
    const [{snapshot}, ms] = await timed(() => session.verb('snapshot'))
    const [theirs, theirMs] = await timed(() => page.locator('body').ariaSnapshot({mode: 'ai'}))
    const refs = [...snapshot.matchAll(/\[ref=(\w+)\]/g)].map(m => m[1])
    const missing = await missed(session, refs)
    const unusable = await unusableOf(session, snapshot)
    Object.entries({ours: snapshot.length, theirs: theirs.length, refs: refs.length, unusable: unusable.length, missing: missing.length})
      .forEach(([key, n]) => { sums[key] += n })
    console.log(`${path} ${snapshot.length} ${theirs.length} ${(snapshot.length / theirs.length).toFixed(2)} ${refs.length} ${unusable.length} ${missing.length} ${ms} ${theirMs}`)
    unusable.slice(0, 3).forEach(why => console.log(`    unusable ${why}`))
    missing.slice(0, 3).forEach(html => console.log(`    missing ${html.replace(/\s+/g, ' ')}`))
  } finally {
    await browser.close()
    await session.end()
  }
}

/** What can be clicked, but is in the snapshot neither itself nor by something around it or in it. */
async function missed(session, refs) {
  const marked = await session.evaluate(MARK)
  const missing = []
  for (let i = 0; i < Math.min(marked.length, MAX_TRIED); i++) {
    const {snapshot} = await session.verb('snapshot', {selector: `[data-clickable="${i}"]`, timeout: WAIT_MILLIS})
    if (!snapshot.split('\n').some(line => /\[ref=/.test(line))) missing.push(marked[i])
  }
  return missing
}

async function unusableOf(session, snapshot) {
  const refLines = text => text.split('\n').filter(line => line.includes('[ref='))
  const unusable = []
  for (const [i, line] of refLines(snapshot).slice(0, MAX_TRIED).entries()) {
    const told = e => unusable.push(`${line.trim()} ${e.message.slice(0, 300)}`)
    await use(session, line)
      // A grid that shows a part of its rows may replace one as it is scrolled to: who reads anew gets the one that is there.
      .catch(async e => /left the document/.test(e.message) ? use(session, refLines((await session.verb('snapshot')).snapshot)[i] ?? line) : Promise.reject(e))
      .catch(told)
  }
  return unusable
}

async function use(session, line) {
  const at = {selector: /\[ref=(\w+)\]/.exec(line)[1], timeout: HOVER_MILLIS}
  await session.verb('hover', at).catch(e => / (text|search)box /.test(line) ? session.verb('press', {...at, key: 'Shift'}) : Promise.reject(e))
}
