// A site on the loopback interface that tells what it served: every request's URL, and every console line its scripts
// print. It is reached as 127.0.0.1 (`url`) and as localhost (`other`), which are two sites to a browser.
import http from 'node:http'

export const DOWNLOAD_BYTES = 5 * 1024 * 1024
const CONTROLS = `
  <input name=text> <input name=check type=checkbox value=yes>
  <input name=radio type=radio value=a> <input name=radio type=radio value=b>
  <select name=one><option>red<option>green<option>blue</select>
  <select name=many multiple><option>x<option>y<option>z</select>
  <input name=date type=date> <textarea name=area></textarea>`

const PAGES = {
  '/': () => '<h1>Site</h1>',
  '/page': url => `<h1>Page ${url.searchParams.get('n')}</h1><script src="/data?page=${url.searchParams.get('n')}"></script>`,
  '/form': () => `<form method=post action=/submit>${CONTROLS}
    <div id=rich contenteditable style="border:1px solid; min-height:2em"></div><input name=rich type=hidden>
    <shadow-field></shadow-field><button id=send>Send</button></form>
    <script>
      customElements.define('shadow-field', class extends HTMLElement {
        static formAssociated = true
        connectedCallback() {
          const internals = this.attachInternals()
          this.attachShadow({mode: 'open'}).innerHTML = '<input id=deep placeholder="in the shadow">'
          this.shadowRoot.querySelector('input').oninput = e => internals.setFormValue(e.target.value)
          this.setAttribute('name', 'shadow')
        }
      })
      document.forms[0].onsubmit = e => { e.target.rich.value = document.querySelector('#rich').innerText.trim() }
    </script>`,
  '/popups': () => `<button id=open onclick="window.open('/page?n=901')">Open</button>
    <a id=blank target=_blank href="/page?n=902">Blank</a>
    <button id=sized onclick="window.open('/page?n=903', 'w', 'width=300,height=200')">Sized</button>`,
  '/downloads': () => `<a id=file href="/file.bin">File</a> <button id=blob>Blob</button>
    <script>document.querySelector('#blob').onclick = () => {
      const a = document.createElement('a')
      a.href = URL.createObjectURL(new Blob(['from a blob'])); a.download = 'blob.txt'; a.click()
    }</script>`,
  '/frames': (url, site) => `<iframe id=same src="${site.url}/frame?kind=same"></iframe>
    <iframe id=cross src="${site.other}/frame?kind=cross"></iframe>`,
  '/frame': url => `<button id=inside onclick="fetch('/data?frame=${url.searchParams.get('kind')}')
    .then(r => r.text()).then(t => { document.querySelector('#out').textContent = 'done' })">Inside</button><p id=out></p>`,
  '/workers': () => `<p id=out></p><script>
      const done = name => { document.querySelector('#out').textContent += name + ' ' }
      new Worker('/worker.js?kind=dedicated').onmessage = e => done(e.data)
      const shared = new SharedWorker('/worker.js?kind=shared')
      shared.port.onmessage = e => done(e.data)
      navigator.serviceWorker.onmessage = e => done(e.data)
      navigator.serviceWorker.register('/worker.js?kind=service')
        .then(() => navigator.serviceWorker.ready).then(r => r.active.postMessage('go'))
    </script>`,
  '/dialogs': () => `<button id=alert onclick="alert('seen'); out.textContent = 'alerted'">Alert</button>
    <button id=confirm onclick="out.textContent = confirm('sure?')">Confirm</button>
    <button id=prompt onclick="out.textContent = prompt('name?')">Prompt</button><p id=out></p>`,
  '/slow': () => `<style>@keyframes go { to { margin-left: 400px } } #moving { animation: go 1s linear }</style>
    <button id=moving onclick="out.textContent += 'moving '">Moving</button><p id=out></p>
    <script>setTimeout(() => {
      document.body.insertAdjacentHTML('beforeend', '<button id=late onclick="out.textContent += \\'late \\'">Late</button>')
    }, 800)</script>`
}

const WORKER = (kind, line) => `console.log(${JSON.stringify(line)})
  const work = answer => fetch('/data?worker=${kind}').then(r => r.text()).then(() => answer('${kind}'))
  if ('${kind}' === 'dedicated') work(a => postMessage(a))
  if ('${kind}' === 'shared') onconnect = e => work(a => e.ports[0].postMessage(a))
  if ('${kind}' === 'service') onmessage = e => e.waitUntil(work(a => registration.unregister().then(() => e.source.postMessage(a))))`

export async function startSite() {
  const site = {served: [], lines: [], submitted: []}
  const server = http.createServer((request, response) => answer(site, request, response))
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  site.url = `http://127.0.0.1:${server.address().port}`
  site.other = `http://localhost:${server.address().port}`
  site.close = () => { server.closeAllConnections(); server.close() }
  return site
}

async function answer(site, request, response) {
  const url = new URL(request.url, `http://${request.headers.host}`)
  site.served.push(url.href)
  const send = (type, body, headers = {}) =>
    response.writeHead(200, {'content-type': type, 'cache-control': 'no-store', ...headers}).end(body)
  const line = () => {
    const text = `site: ${url.href}`
    site.lines.push(text)
    return text
  }
  if (url.pathname === '/submit') {
    site.submitted.push(arrived(await bodyOf(request)))
    send('text/html; charset=utf-8', html('<pre id=arrived></pre>', line(), `arrived.textContent = ${JSON.stringify(JSON.stringify(site.submitted.at(-1)))}`))
  } else if (url.pathname === '/redirect') {
    response.writeHead(302, {location: url.searchParams.get('to')}).end()
  } else if (url.pathname === '/data') {
    send('text/javascript', '/* data */')
  } else if (url.pathname === '/file.bin') {
    send('application/octet-stream', Buffer.alloc(DOWNLOAD_BYTES, 'berth'), {'content-disposition': 'attachment; filename="file.bin"'})
  } else if (url.pathname === '/worker.js') {
    send('text/javascript', WORKER(url.searchParams.get('kind'), line()))
  } else if (PAGES[url.pathname]) {
    send('text/html; charset=utf-8', html(PAGES[url.pathname](url, site), line(), ''))
  } else {
    response.writeHead(404).end()
  }
}

const html = (body, line, script) => `<!doctype html><meta charset=utf-8><title>Site</title><link rel=icon href="data:,">
  <body>${body}<script>console.log(${JSON.stringify(line)});${script}</script>`

async function bodyOf(request) {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

/** A form's fields by name: what came more than once is joined by a comma. */
function arrived(body) {
  const fields = {}
  for (const [name, value] of new URLSearchParams(body)) fields[name] = name in fields ? `${fields[name]},${value}` : value
  return fields
}

if (process.argv[1] === new URL(import.meta.url).pathname) console.log((await startSite()).url)
