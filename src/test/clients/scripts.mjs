// Scripts of Berth: does jobs by REST verbs, asks for each session's log as a program in each format, runs the programs unchanged, and
// compares what the site heard. Playwright's Java runs where PLAYWRIGHT_JAVA has a class path of it, and PLAYWRIGHT_DRIVER a folder with
// `node` and `package` of the same version; its Python where python3 has it, and is compiled only, elsewhere.
import {execFile} from 'node:child_process'
import fs from 'node:fs/promises'
import http from 'node:http'
import os from 'node:os'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {promisify} from 'node:util'
import {chromium} from 'playwright-core'
import puppeteer from 'puppeteer-core'
import {check, finish, KEY, Session, trial, URL_OF_BERTH} from './berth.mjs'

const PAGES = {
  '/form': () => page('Form', `<form method=post action=/submit><input id=text name=text> <label>E-mail <input name=mail type=email></label>
    <input id=check name=check type=checkbox value=yes> <input name=radio type=radio value=a> <input name=radio type=radio value=b>
    <input name=date type=date> <textarea name=area></textarea><button>Send</button></form>`),
  '/login': () => page('Log in', `<form method=post action=/account><input name=user placeholder=User> <input id=password name=password
    type=password><button>Log in</button></form>`),
  '/account': (url, request) => page('Account', `<button onclick="tell('out: ${request.headers.cookie ?? ''}')">Sign out</button>`),
  '/tabs': () => page('Tabs', `<a id=blank target=_blank rel=noopener href=/tab>Another tab</a> <button id=here onclick="tell('here')">Here</button>`),
  '/tab': () => page('Tab', `<input id=name><button id=tell onclick="tell($('#name').value)">Tell</button>`),
  '/opener': () => page('Opener', `<button onclick="window.open('/colours', 'c', 'width=300,height=200')">Choose a colour</button>
    <button id=use disabled>Use</button>`, `onmessage = e => { $('#use').disabled = false; $('#use').onclick = () => tell('uses ' + e.data) }`),
  '/colours': () => page('Colours', `<button onclick="opener.postMessage('red')">Red</button>
    <button onclick="opener.postMessage('green'); tell('chosen')">Green</button>`),
  '/frames': url => page('Frames', `<p>Outside</p><iframe title=inside width=400 height=200 src="${url.searchParams.get('of') === 'same' ? ''
    : `http://localhost:${url.port}`}/inside"></iframe>`),
  '/inside': () => page('Inside', `<input id=inner><button id=send onclick="tell($('#inner').value)">Send</button>`),
  '/dialogs': () => page('Dialogs', `<button id=alert onclick="alert('seen'); tell('alerted')">Alert</button>
    <button id=confirm onclick="tell('confirm ' + confirm('sure?'))">Confirm</button>
    <button id=prompt onclick="tell('prompt ' + prompt('name?'))">Prompt</button>`),
  '/upload': () => page('Upload', `<form method=post action=/submit enctype=multipart/form-data><input id=file name=file type=file>
    <button id=send>Send</button></form>`, `$('#file').onchange = e => tell('has ' + e.target.files[0].name)`),
  '/downloads': () => page('Downloads', `<a id=file href=/file.bin>File</a> <button id=after onclick="tell('after')">After</button>`),
  '/selects': () => page('Selects', `<select id=one><option>red<option>green<option>blue</select>
    <select id=many multiple><option>x<option>y<option>z</select>
    <label>By its label <select id=labels><option value=1>The first<option value=2>The second</select></label>`,
    `for (const each of document.querySelectorAll('select')) each.onchange = () => tell(each.id + ' ' + [...each.selectedOptions].map(o => o.value))`),
  '/spa': () => page('Shop', `<main></main>`, `
    let cart = 0
    const go = path => { history.pushState({}, '', path); setTimeout(show, 200) }
    const link = (path, text) => \`<a href="\${path}" onclick="event.preventDefault(); go('\${path}')">\${text}</a> \`
    const show = () => {
      const at = location.pathname
      $('main').innerHTML = at === '/spa' ? link('/spa/products', 'Products')
        : at === '/spa/products' ? '<h2>All</h2>' + link('/spa/products/17', 'Kettle') + link('/spa/products/18', 'Lamp')
        : '<h2>' + at + '</h2><button id=buy>Buy</button><p>' + cart + ' in the cart</p>'
      if ($('#buy')) $('#buy').onclick = () => { cart++; tell('bought ' + at + ' ' + cart); setTimeout(show, 100) }
    }
    onpopstate = show; show()`),
  '/slow': () => page('Slow', `<p id=spinner>Loading</p>`, `
    setTimeout(() => document.body.insertAdjacentHTML('beforeend', '<button id=late onclick="tell(\\'late\\'); begin()">Late</button>'), 900)
    const begin = () => setTimeout(() => { $('#spinner').remove()
      document.body.insertAdjacentHTML('beforeend', '<button id=done onclick="tell(\\'done\\')">Done</button>') }, 900)`),
  '/editor': () => page('Editor', `<div id=rich contenteditable style="border: 1px solid; min-height: 3em"></div>
    <button id=tell onclick="tell($('#rich').innerText.trim() + ' ' + Boolean($('#rich b')))">Tell</button>`),
  '/shadow': () => page('Shadow', `<x-outer><span onclick="tell('slotted')">Slotted <b>text</b></span></x-outer>`, `
    customElements.define('x-inner', class extends HTMLElement { connectedCallback() {
      this.attachShadow({mode: 'open'}).innerHTML = '<input placeholder="in the shadow"><button id=inner>Inner</button>'
      this.shadowRoot.querySelector('#inner').onclick = () => tell('inner ' + this.shadowRoot.querySelector('input').value) } })
    customElements.define('x-outer', class extends HTMLElement { connectedCallback() {
      this.attachShadow({mode: 'open'}).innerHTML = '<p>Outer text</p><x-inner></x-inner><slot></slot><p style="height: 300px" onclick="tell(1)">Last</p>' } })`),
  '/keys': () => page('Keys', `<input id=palette hidden><p id=help hidden>Help</p>`, `
    onkeydown = e => {
      if (e.ctrlKey && e.key === 'k') { e.preventDefault(); $('#palette').hidden = false; $('#palette').focus(); tell('palette') }
      else if (e.key === 'Enter') { tell('enter ' + $('#palette').value); $('#palette').hidden = true }
      else if (['ArrowDown', 'Escape', '?'].includes(e.key)) tell(e.key)
    }`),
  '/drag': () => page('Drag', `<style>.list { display: inline-block; width: 200px; min-height: 200px; border: 1px solid; margin: 1em }</style>
    <div id=todo class=list><p id=card draggable=true>Card</p></div><div id=done class=list></div>`, `
    $('#card').ondragstart = e => e.dataTransfer.setData('text/plain', 'card')
    $('#done').ondragover = e => e.preventDefault()
    $('#done').ondrop = e => { e.preventDefault(); $('#done').append($('#' + e.dataTransfer.getData('text/plain'))); tell('dropped') }`),
  '/slider': () => page('Slider', `<div style="position: relative; height: 30px"><div id=knob style="position: absolute; left: 0; width: 30px;
    height: 30px; background: blue"></div></div><button id=tell onclick="tell($('#knob').style.left)">Tell</button>`, `
    let from
    $('#knob').onpointerdown = e => { from = e.clientX; $('#knob').setPointerCapture(e.pointerId) }
    $('#knob').onpointermove = e => { if (from !== undefined) $('#knob').style.left = Math.round((e.clientX - from) / 10) * 10 + 'px' }
    $('#knob').onpointerup = () => { from = undefined }`),
  '/mouse': () => page('Mouse', `<style>#menu:not(:hover) button { display: none } #place { width: 100px; height: 50px; background: grey }</style>
    <div id=menu>Menu <button onclick="tell('under')">Under the menu</button></div>
    <p id=twice>Twice</p><p id=context>Context</p><button id=held>Held</button><div id=place></div>`, `
    $('#twice').ondblclick = () => tell('twice')
    $('#context').oncontextmenu = e => { e.preventDefault(); tell('context') }
    $('#held').onclick = e => tell('held ' + e.shiftKey)
    $('#place').onclick = e => tell('place ' + e.offsetX + ' ' + e.offsetY)
    document.onclick = e => { if (e.clientX === 300) tell('at 300') }`),
  '/table': () => page('Table', `<table>${['Bob', 'Ann', 'Cid'].map(name => `<tr><td>${name}<td><button onclick="tell('edit ${name}')">Edit</button>
    <button onclick="tell('delete ${name}')">Delete</button>`).join('')}</table><b data-testid=total onclick="tell('total')">3</b>`),
  '/wizard': () => wizard(1),
  '/search': () => page('Search', `<input id=query><ul></ul><p id=found></p>`, `
    let waiting
    $('#query').oninput = () => { clearTimeout(waiting); waiting = setTimeout(() => {
      $('ul').innerHTML = ['kettle', 'kelp', 'keel'].filter(each => each.startsWith($('#query').value)).map(each => '<li>' + each).join('')
      for (const each of document.querySelectorAll('li')) each.onclick = () => { $('#found').textContent = 'Found ' + each.textContent; tell(each.textContent) }
    }, 400) }`),
  '/late': () => page('Late', `<button id=go>Go</button>`, `$('#go').onclick = () => { tell('went'); setTimeout(() => { location = '/arrival/'
    + Math.random().toString(36).slice(2).padEnd(12, '0') }, 1200) }`),
  '/endless': () => page('Endless', `<ul>${[...Array(20).keys()].map(i => `<li style="height: 100px">Item ${i + 1}`).join('')}</ul><p id=end>More</p>`, `
    new IntersectionObserver(([seen]) => { if (seen.isIntersecting && document.querySelectorAll('li').length === 20) setTimeout(() => {
      for (let i = 21; i <= 40; i++) $('ul').insertAdjacentHTML('beforeend', '<li style="height: 100px">Item ' + i)
      for (const each of document.querySelectorAll('li')) each.onclick = () => tell(each.textContent) }, 300) }).observe($('#end'))`),
  '/page': url => page(`Page ${url.searchParams.get('n')}`, `<a href="/page?n=${Number(url.searchParams.get('n')) + 1}">Next page</a>`,
    `tell('page ${url.searchParams.get('n')}')`)
}

const run = promisify(execFile)
const here = path.dirname(fileURLToPath(import.meta.url))
const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'berth-scripts-'))
const site = await startSite()
const socket = `${URL_OF_BERTH.replace('http', 'ws')}/connect?token=${KEY}`
const only = process.env.FORMATS?.split(',')

await fs.mkdir(path.join(folder, 'node_modules'))
for (const name of ['playwright', 'puppeteer']) {
  const core = await fs.realpath(path.join(here, 'node_modules', `${name}-core`))
  await fs.symlink(core, path.join(folder, 'node_modules', name))
}
await fs.writeFile(path.join(folder, 'ship.txt'), 'a ship')

const hasPython = await run('python3', ['-c', 'import playwright']).then(() => true, () => false)
const FORMATS = {
  'playwright-js': ['mjs', file => run('node', [file], options())],
  puppeteer: ['mjs', file => run('node', [file], options())],
  curl: ['sh', file => run('bash', [file], options())],
  'playwright-java': ['java', process.env.PLAYWRIGHT_JAVA && (file => run('java', ['-cp', process.env.PLAYWRIGHT_JAVA,
    `-Dplaywright.cli.dir=${process.env.PLAYWRIGHT_DRIVER}`, file], options()))],
  'playwright-python': ['py', hasPython && (file => run('python3', [file], options())),
    file => run('python3', ['-W', 'error', '-m', 'py_compile', file], options())]
}

function options() {
  return {cwd: folder, timeout: 90_000, env: {...process.env, BERTH_CONNECT_URL: socket, BERTH_URL: URL_OF_BERTH, BERTH_API_KEY: KEY,
    PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1', INPUT_PASSWORD: 'tr0ub4dor', INPUT_ANSWER: 'Ada'}}
}

const ran = {}
for (const [name, job] of Object.entries(jobs())) {
  if (process.env.ONLY && !name.includes(process.env.ONLY)) continue
  const session = await Session.create()
  site.told.length = 0
  const did = await trial(`scripts: ${name} by REST`, async () => {
    await job(verbs(session))
    return site.settled()
  })
  await session.end()
  if (!did) continue
  for (const [format, [ending, runs, compiles]] of Object.entries(FORMATS)) {
    if (only && !only.includes(format)) continue
    await trial(`scripts: ${name}, ${format}`, () => replay(session, name, format, ending, runs, compiles, did))
  }
}
console.log(Object.entries(ran).map(([format, count]) => `${format}: ${count} ran alike`).join('; '))
await fs.rm(folder, {recursive: true})
site.close()
finish()

async function replay(session, name, format, ending, runs, compiles, did) {
  const answer = await fetch(`${URL_OF_BERTH}${session.path}/script?format=${format}`, {headers: {authorization: `Bearer ${KEY}`}})
  const text = await answer.text()
  check('status', answer.status, 200)
  const file = path.join(folder, `${name.replace(/\W+/g, '-')}-${format}.${ending}`)
  await fs.writeFile(file, text)
  if (process.env.KEEP) await fs.copyFile(file, path.join(process.env.KEEP, path.basename(file)))
  if (!runs) return compiles?.(file)
  site.told.length = 0
  await runs(file).catch(e => { throw new Error(`${e.stderr || e.message}\n${e.stdout}`.trim().slice(-1200)) })
  check('what the site heard', await site.settled(did.length), did)
  ran[format] = (ran[format] ?? 0) + 1
}

function verbs(session) {
  const on = (verb, selector, more = {}) => session.verb(verb, {selector, ...more})
  return {
    session,
    open: page => session.verb('navigate', {url: site.url + page}),
    click: (selector, more) => on('click', selector, more),
    fill: (selector, value, more) => on('fill', selector, {value, ...more}),
    type: (selector, text) => on('type', selector, {text}),
    select: (selector, ...values) => on('select', selector, {values}),
    hover: selector => on('hover', selector),
    press: (key, more) => session.verb('press', {key, ...more}),
    waitFor: (selector, state = 'visible') => on('wait-for', selector, {state}),
    verb: (name, body) => session.verb(name, body)
  }
}

function jobs() {
  return {
    'a form': async v => {
      await v.open('/form')
      await v.fill('#text', 'words, ünïcode 🚢 "quoted" \'too\' $HOME `x` \\n')
      await v.fill('label=E-mail', 'ann@example.com')
      await v.click('#check')
      await v.click('[name=radio][value=b]')
      await v.fill('[name=date]', '2026-02-03')
      await v.fill('textarea', 'two\nlines')
      await v.click('role=button[name="Send"]')
      await v.waitFor('text=Thank you')
    },
    'a login with a secret': async v => {
      await v.open('/login')
      await v.fill('placeholder=User', 'ann')
      await v.fill('#password', 'tr0ub4dor')
      await v.press('Enter')
      await v.click('text=Sign out')
    },
    'tabs': async v => {
      await v.open('/tabs')
      const {openedPageId} = await v.click('#blank')
      await v.fill('#name', 'in the tab', {page: openedPageId})
      await v.click('#tell', {page: openedPageId})
      const first = (await listPages(v.session)).find(each => each.pageId !== openedPageId).pageId
      await v.click('#here', {page: first})
    },
    'a popup that answers': async v => {
      await v.open('/opener')
      const {openedPageId} = await v.click('text=Choose a colour')
      await v.click('text=Green', {page: openedPageId})
      const first = (await listPages(v.session)).find(each => each.pageId !== openedPageId).pageId
      await v.click('#use', {page: first})
    },
    'an iframe': async v => {
      await v.open('/frames?of=same')
      await v.fill('#inner', 'deep')
      await v.click('#send')
    },
    'an iframe of another site': async v => {
      await v.open('/frames?of=other')
      await v.fill('#inner', 'far')
      await v.click('#send')
    },
    'dialogs': async v => {
      await v.open('/dialogs')
      await v.click('#confirm')
      await v.verb('dialogs', {accept: true, promptText: 'Ada'})
      await v.click('#alert')
      await v.click('#confirm')
      await v.click('#prompt')
      await v.verb('dialogs', {accept: false})
      await v.click('#confirm')
    },
    'an upload': async v => {
      await v.open('/upload')
      await v.verb('upload', {selector: '#file', files: [{name: 'ship.txt', content: Buffer.from('a ship').toString('base64')}]})
      await v.click('#send')
      await v.waitFor('text=Thank you')
    },
    'a download': async v => {
      await v.open('/downloads')
      await v.click('#file')
      await v.waitFor('text=Downloads')
      await v.click('#after')
    },
    'selects': async v => {
      await v.open('/selects')
      await v.select('#one', 'green')
      await v.select('#many', 'x', 'z')
      await v.select('label=By its label', 'The second')
    },
    'a single-page application': async v => {
      await v.open('/spa')
      await v.click('text=Products')
      await v.click('text=Kettle')
      await v.click('#buy')
      await v.waitFor('text=1 in the cart')
      await v.verb('go-back', {})
      await v.click('text=Lamp')
      await v.click('#buy')
    },
    'a slow page': async v => {
      await v.open('/slow')
      await v.click('#late')
      await v.waitFor('#spinner', 'hidden')
      await v.click('#done')
    },
    'an editor': async v => {
      await v.open('/editor')
      await v.click('#rich')
      await v.type('#rich', 'one two')
      await v.press('Control+a')
      await v.press('Control+b')
      await v.press('End')
      await v.press('Enter')
      await v.type('#rich', 'three')
      await v.click('#tell')
    },
    'shadow roots': async v => {
      await v.open('/shadow')
      await v.fill('placeholder=in the shadow', 'depth')
      await v.click('#inner')
      await v.click('text=slotted')
      await v.click('x-outer >> text="Slotted text"')
    },
    'keyboard shortcuts': async v => {
      await v.open('/keys')
      await v.press('Control+k')
      await v.type('#palette', 'sa')
      await v.press('ArrowDown')
      await v.press('Enter')
      await v.press('Shift+?')
      await v.press('Escape')
    },
    'drag and drop': async v => {
      await v.open('/drag')
      await v.verb('drag', {selector: '#card', to: '#done'})
      await v.waitFor('#done #card')
    },
    'a slider': async v => {
      await v.open('/slider')
      await v.verb('drag', {selector: '#knob', by: {x: 120, y: 0}})
      await v.click('#tell')
    },
    'the mouse': async v => {
      await v.open('/mouse')
      await v.hover('#menu')
      await v.click('text=Under the menu')
      await v.click('#twice', {clickCount: 2})
      await v.click('#context', {button: 'right'})
      await v.click('#held', {modifiers: ['Shift']})
      await v.click('#place', {position: {x: 10, y: 20}})
      await v.verb('mouse', {action: 'click', x: 300, y: 300})
    },
    'a table': async v => {
      await v.open('/table')
      await v.click('role=row[name="Ann"] >> text=Edit')
      await v.click('button >> nth=2')
      await v.click('xpath=//tr[3]//button')
      await v.click('button >> nth=-1')
      await v.click('testid=total')
    },
    'a wizard at one address': async v => {
      await v.open('/wizard')
      await v.fill('[name=step_text]', 'first')
      await v.click('text=Next')
      await v.waitFor('text=Step 2')
      await v.fill('[name=step_text]', 'second')
      await v.click('text=Next')
      await v.waitFor('text=Step 3')
      await v.fill('[name=step_text]', 'third')
      await v.click('text=Next')
      await v.waitFor('text=Thank you')
    },
    'a search that suggests': async v => {
      await v.open('/search')
      await v.type('#query', 'ke')
      await v.click('text=kettle')
      await v.waitFor('text=Found kettle')
    },
    'a redirect that is late': async v => {
      await v.open('/late')
      await v.click('#go')
      await v.waitFor('text=Arrived')
      await v.click('#go')
    },
    'lists that grow': async v => {
      await v.open('/endless')
      await v.verb('scroll', {selector: '#end'})
      await v.waitFor('text=Item 25')
      await v.click('text=Item 25')
      await v.verb('scroll', {x: 0, y: -500})
      await v.verb('evaluate', {expression: 'await fetch("/tell", {method: "POST", body: "by a script"})'})
    },
    'a form that a Playwright client fills': async v => {
      const browser = await chromium.connectOverCDP(v.session.connectUrl)
      const page = browser.contexts()[0].pages()[0]
      await page.goto(site.url + '/form')
      await page.locator('#text').fill('by a client')
      await page.getByLabel('E-mail').pressSequentially('bob@example.com')
      await page.locator('#check').check()
      await page.locator('[name=radio][value=b]').check()
      await page.getByRole('button').click()
      await page.getByText('Thank you').waitFor()
      await page.goto(site.url + '/table')
      await page.getByRole('row', {name: 'Cid'}).getByText('Delete').click()
      await browser.close()
    },
    'keys, frames and popups of a Puppeteer client': async v => {
      const browser = await puppeteer.connect({browserWSEndpoint: v.session.connectUrl, defaultViewport: null})
      const [page] = await browser.pages()
      await page.goto(site.url + '/keys')
      await page.keyboard.down('Control')
      await page.keyboard.press('k')
      await page.keyboard.up('Control')
      await page.type('#palette', 'sa')
      await page.keyboard.press('Enter')
      await page.goto(site.url + '/frames?of=other')
      const frame = await (await page.waitForSelector('iframe')).contentFrame()
      await frame.locator('#inner').fill('by a client')
      await frame.locator('#send').click()
      await page.goto(site.url + '/opener')
      const opened = new Promise(found => page.once('popup', found))
      await page.locator('::-p-text(Choose a colour)').click()
      await (await opened).locator('::-p-text(Green)').click()
      await page.locator('#use').click()
      await browser.disconnect()
    },
    'a reload, and back': async v => {
      await v.open('/page?n=1')
      await v.click('text=Next page')
      await v.waitFor('text=Page 2')
      await v.verb('reload', {})
      await v.verb('go-back', {})
      await v.verb('go-forward', {})
      await v.click('text=Next page')
      await v.waitFor('text=Page 3')
      await v.verb('screenshot', {fullPage: true})
    }
  }
}

async function listPages(session) {
  const answer = await fetch(`${URL_OF_BERTH}${session.path}/pages`, {headers: {authorization: `Bearer ${KEY}`}})
  return (await answer.json()).pages
}

async function startSite() {
  const told = []
  const server = http.createServer(async (request, response) => {
    const url = new URL(request.url, `http://${request.headers.host}`)
    const send = (body, headers = {}) => response.writeHead(200,
      {'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', ...headers}).end(body)
    const chunks = []
    for await (const chunk of request) chunks.push(chunk)
    const body = Buffer.concat(chunks).toString()
    if (url.pathname === '/tell') {
      told.push(body)
      send('')
    } else if (url.pathname === '/submit') {
      told.push(`${request.headers['content-type']?.startsWith('multipart') ? body.replace(/-{4,}\w+/g, '--') : decodeURIComponent(body)}`)
      send(page('Thank you', ''))
    } else if (url.pathname === '/account' && request.method === 'POST') {
      told.push(decodeURIComponent(body))
      response.writeHead(303, {location: '/account', 'set-cookie': 'who=ann'}).end()
    } else if (url.pathname === '/wizard' && request.method === 'POST') {
      const step = Number(new URLSearchParams(body).get('step'))
      told.push(body)
      setTimeout(() => send(step === 3 ? page('Thank you', '') : wizard(step + 1)), 150)
    } else if (url.pathname === '/file.bin') {
      send('x'.repeat(300_000), {'content-type': 'application/octet-stream', 'content-disposition': 'attachment; filename="file.bin"'})
      told.push('downloaded')
    } else if (url.pathname.startsWith('/arrival/')) {
      send(page('Arrived', `<button id=go onclick="tell('again')">Go</button>`))
    } else if (PAGES[url.pathname]) {
      send(PAGES[url.pathname](url, request))
    } else {
      response.writeHead(404).end()
    }
  })
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  const port = server.address().port
  return {
    url: `http://127.0.0.1:${port}`,
    told,
    /** What was told, once nothing more comes; waits longer for as much as is expected. */
    async settled(expected = 0) {
      for (let i = 0, last = -1; i < 30 && (told.length < expected || told.length !== last); i++) {
        last = told.length
        await new Promise(done => setTimeout(done, 150))
      }
      return [...told]
    },
    close() { server.closeAllConnections(); server.close() }
  }
}

function page(title, body, script = '') {
  return `<!doctype html><meta charset=utf-8><title>${title}</title><link rel=icon href="data:,"><h1>${title}</h1>${body}<script>
    const tell = text => fetch('/tell', {method: 'POST', body: text, keepalive: true})
    const $ = selector => document.querySelector(selector)
    ${script}</script>`
}

function wizard(step) {
  return page(`Step ${step}`, `<form method=post action=/wizard><input type=hidden name=step value=${step}>
    <input name=step_text><button>Next</button></form>`)
}
