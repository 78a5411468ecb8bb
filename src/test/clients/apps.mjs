// The REST verbs, without any CDP client, on real applications from npm: each does a job and is asked what came of it.
import fs from 'node:fs/promises'
import path from 'node:path'
import {check, checkThat, eventually, finish, rest, Session, trial, WAIT_MILLIS} from './berth.mjs'
import {startShelf} from './shelf.mjs'

const shelf = await startShelf()
const classes = {input: '.new-todo', list: '.todo-list', clear: '.clear-completed'}
const ids = {input: '#new-todo', list: '#todo-list', clear: '#clear-completed'}
const TODO_APPS = {
  'react (todomvc-react)': ['/todomvc-react/dist/index.html', {...classes, newestFirst: true}],
  ...Object.fromEntries(['angularjs', 'backbone', 'emberjs', 'knockoutjs', 'mithril', 'react', 'vanillajs', 'vue']
    .map(name => [name, [`/todomvc/examples/${name}/index.html`, ids]]))
}

for (const [name, [url, at]] of Object.entries(TODO_APPS)) await app(`todomvc ${name}`, url, page => todos(page, at))
await app('swagger-ui', '/swagger-ui-dist/index.html', swagger)
await app('quill', '/quill', quill)
await app('tabulator', '/tabulator', tabulator)
await app('fullcalendar', '/fullcalendar', fullcalendar)
await app('flatpickr', '/flatpickr', flatpickr)
await app('ace', '/ace-builds/editor.html', ace)
await app('shoelace', '/shoelace', shoelace)
shelf.close()
finish()

/** A session on the application, with the verbs as functions; a picture is taken however the job went. */
async function app(name, url, job) {
  await trial(`apps: ${name}`, async () => {
    const session = await Session.create({initialPrompt: shelf.url + url})
    try {
      await job(verbsOf(session))
    } finally {
      await keepPicture(session, name).catch(e => console.log(`    no picture: ${e.message}`))
      await session.end()
    }
  })
}

function verbsOf(session) {
  const on = (verb, selector, more = {}) => session.verb(verb, {selector, timeout: WAIT_MILLIS, ...more})
  return {
    session,
    click: (selector, more) => on('click', selector, more),
    hover: selector => on('hover', selector),
    type: (selector, text) => on('type', selector, {text}),
    fill: (selector, value) => on('fill', selector, {value}),
    select: (selector, ...values) => on('select', selector, {values}),
    scroll: selector => on('scroll', selector),
    press: key => session.verb('press', {key}),
    waitFor: (selector, state = 'visible') => on('wait-for', selector, {state}),
    evaluate: expression => session.evaluate(expression),
    text: async () => (await session.verb('content', {format: 'text'})).content,
    /** The ref that the snapshot gives to the first element whose line matches. */
    ref: async pattern => {
      const {snapshot} = await session.verb('snapshot')
      const line = snapshot.split('\n').find(l => pattern.test(l) && /\[ref=\w+\]/.test(l))
      checkThat(`a line with a ref for ${pattern} in the snapshot`, snapshot, line)
      return `ref=${/\[ref=(\w+)\]/.exec(line)[1]}`
    },
    is: (what, expression, expected) => eventually(async () => check(what, await session.evaluate(expression), expected))
  }
}

async function keepPicture(session, name) {
  const {publicUrl, objectId} = await session.verb('screenshot', {format: 'png'})
  checkThat('objectId', objectId, objectId)
  const picture = Buffer.from(await (await fetch(publicUrl, {signal: AbortSignal.timeout(WAIT_MILLIS)})).arrayBuffer())
  check('PNG signature', picture.subarray(1, 4).toString(), 'PNG')
  if (process.env.SHOTS) await fs.writeFile(path.join(process.env.SHOTS, `${name.replace(/\W+/g, '-')}.png`), picture)
}

async function todos(page, at) {
  const shown = `[...document.querySelectorAll('${at.list} li')].filter(e => e.offsetHeight).map(e => e.querySelector('label').textContent.trim())${at.newestFirst ? '.reverse()' : ''}`
  const first = `${at.list} li:nth-of-type(${at.newestFirst ? 3 : 1})`
  await page.waitFor(at.input)
  await page.type(at.input, 'buy rope')
  await page.press('Enter')
  await page.fill(at.input, 'mend sails')
  await page.press('Enter')
  await page.click(await page.ref(/textbox/))
  await page.type(at.input, 'weigh anchor')
  await page.press('Enter')
  await page.is('added', shown, ['buy rope', 'mend sails', 'weigh anchor'])
  await page.click(`${at.list} li:nth-of-type(2) .toggle`)
  await page.click(`${first} label`, {clickCount: 2})
  const editor = `${first} input:not([type=checkbox])`
  await page.waitFor(editor)
  await page.fill(editor, 'buy strong rope')
  await page.press('Enter')
  await page.is('edited', shown, ['buy strong rope', 'mend sails', 'weigh anchor'])
  await page.click(await page.ref(/"Active"/))
  await page.is('active', shown, ['buy strong rope', 'weigh anchor'])
  await page.click('text=Completed')
  await page.is('completed', shown, ['mend sails'])
  await page.click(`xpath=//a[normalize-space()='All']`)
  await page.is('all', `${shown}.length`, 3)
  await page.click(at.clear)
  await page.is('cleared', shown, ['buy strong rope', 'weigh anchor'])
  const text = await page.text()
  checkThat('content', text, text.includes('buy strong rope') && !text.includes('mend sails'))
}

async function swagger(page) {
  await page.click('#operations-ships-listShips .opblock-summary-control')
  await page.click('.try-out__btn')
  await page.fill('input[placeholder=limit]', '7')
  await page.click('.execute')
  await page.scroll('.live-responses-table')
  await page.waitFor('.live-responses-table')
  await eventually(async () => {
    const text = await page.text()
    checkThat('the answer in content', text.slice(0, 800), text.includes('answered') && text.includes('limit=7'))
  })
  const {objectId} = await page.session.verb('pdf')
  const artifacts = await page.session.all('artifacts', 'artifacts')
  checkThat('the PDF among the artifacts', artifacts, artifacts.some(a => a.objectId === objectId && a.type === 'pdf' && a.size > 1000))
}

async function quill(page) {
  const html = `quill.root.innerHTML`
  await page.click('.ql-editor')
  await page.click('.ql-bold')
  await page.type('.ql-editor', 'bold')
  await page.press('Control+b')
  await page.type('.ql-editor', ' plain')
  await page.press('Enter')
  await page.click('.ql-list[value=bullet]')
  await page.type('.ql-editor', 'item')
  await page.is('formatted', `${html}.replace(/<span class="ql-ui".*?<.span>/g, '').replace('&nbsp;', ' ')`,
    '<p><strong>bold</strong> plain</p><ol><li data-list="bullet">item</li></ol>')
  await page.click('.ql-image')
  const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
  await page.session.verb('upload', {selector: 'input.ql-image', files: [{name: 'dot.png', content: png}]})
  await page.waitFor('.ql-editor img', 'attached')
  await rest('PUT', `${page.session.path}/cookies`, {cookies: [{name: 'port', value: 'Genoa', url: shelf.url}]})
  check('cookie in the page', await page.evaluate('document.cookie'), 'port=Genoa')
  check('cookie', (await rest('GET', `${page.session.path}/cookies`)).cookies.find(c => c.name === 'port')?.value, 'Genoa')
}

async function tabulator(page) {
  const first = field => `document.querySelector('.tabulator-row .tabulator-cell[tabulator-field=${field}]').textContent`
  await page.waitFor('.tabulator-row')
  await page.click('.tabulator-col[tabulator-field=tons] .tabulator-col-title')
  await page.is('ascending', first('tons'), '0')
  await page.click('.tabulator-col[tabulator-field=tons] .tabulator-col-title')
  await page.is('descending', first('tons'), '499')
  await page.type('.tabulator-header-filter input', 'ship 42')
  await page.is('filtered', 'table.getDataCount("active")', 11)
  await page.click('.tabulator-row:first-child .tabulator-cell[tabulator-field=name]')
  await page.fill('.tabulator-cell input', 'ship 42 renamed')
  await page.press('Enter')
  await page.is('edited', first('name'), 'ship 42 renamed')
  await page.hover('.tabulator-row:nth-child(3)')
  check('hovered', await page.evaluate(`document.querySelector('.tabulator-row:nth-child(3)').matches(':hover')`), true)
}

async function fullcalendar(page) {
  await page.click('.fc-next-button')
  await page.is('next month', `document.querySelector('.fc-toolbar-title').textContent`, 'March 2026')
  await page.click('[data-date="2026-03-18"]')
  await page.is('picked', `calendar.getEvents().map(e => e.title + ' ' + e.startStr)`, ['Voyage 2026-03-18'])
  await page.click('text=Voyage')
  await page.click('.fc-timeGridWeek-button')
  await page.waitFor('.fc-daygrid-day[data-date="2026-03-31"]', 'detached')
}

async function flatpickr(page) {
  await page.click('#date')
  await page.waitFor('.flatpickr-calendar.open')
  await page.select('.flatpickr-monthDropdown-months', '5')
  await page.click('[aria-label="June 17, 2026"]')
  await page.is('picked', `document.querySelector('#date').value`, '2026-06-17')
  await page.waitFor('.flatpickr-calendar', 'hidden')
}

async function ace(page) {
  await page.click('.ace_content')
  await page.press('Control+a')
  await page.press('Delete')
  const typed = 'const knots = 12\nlet name = sail\n// fair wind'
  await page.type('.ace_text-input', typed)
  await page.is('typed', 'editor.getValue()', typed)
  for (const key of ['Control+z', 'Control+y']) await page.press(key)
  await page.is('done again', 'editor.getValue()', typed)
  await page.waitFor('.ace_keyword')
}

async function shoelace(page) {
  await page.fill('.input__control', 'Ada')
  await page.click('sl-select')
  await page.click('sl-option[value=two]')
  await page.click('sl-checkbox')
  await page.is('chosen', `[document.querySelector('sl-input').value, document.querySelector('sl-select').value, document.querySelector('sl-checkbox').checked]`,
    ['Ada', 'two', true])
  await page.click('#open')
  await page.waitFor('.dialog__panel')
  await page.click('#yes')
  await page.waitFor('.dialog__panel', 'hidden')
}
