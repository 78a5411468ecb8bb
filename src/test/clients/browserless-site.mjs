// The site of the trials of Browserless's API, a proxy, and what tells the kind and the size of an answer.
import http from 'node:http'
import {check} from './berth.mjs'

const PIXEL = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')
const PAGES = {
  '/': '<!doctype html><title>site</title><h1 id=h class="a b">Hello <b>wörld</b></h1><p>one</p><p>two</p>',
  '/late': `<h1>late</h1><script>setTimeout(() => {
    document.body.insertAdjacentHTML('beforeend', '<i id=done>done</i>')
    window.ready = true
    document.dispatchEvent(new Event('arrived'))
  }, 500)</script>`,
  '/parts': '<link rel=stylesheet href=/part.css><h1>parts</h1><img src=/part.png onerror="this.alt=`refused`" onload="this.alt=`there`"><script src=/part.js></script>',
  '/part.css': 'h1 { color: red }',
  '/part.js': 'document.title = "script ran"',
  '/tall': '<body style="margin:0"><div style="height:3000px;background:#eee">tall</div><div id=box style="width:120px;height:60px;background:#0f0"></div>',
  '/waits': '<h1>waits</h1><img src=/never>'
}
/** The paths that pages have asked for. */
export const served = []
const site = http.createServer((request, response) => {
  const path = request.url
  served.push(path)
  const type = path.endsWith('.css') ? 'text/css' : path.endsWith('.js') ? 'text/javascript' : path.endsWith('.png') ? 'image/png' : 'text/html; charset=utf-8'
  response.setHeader('content-type', type)
  if (path === '/never') return
  if (path === '/part.png') return response.end(PIXEL)
  if (path === '/redirect') return response.writeHead(302, {location: '/'}).end()
  if (path === '/echo') {
    const {cookie, 'x-test': header, 'user-agent': agent} = request.headers
    return response.end(`<pre>${JSON.stringify({cookie, header, agent})}</pre><p></p><script>
      onload = () => { document.querySelector('p').textContent = [innerWidth, innerHeight, devicePixelRatio, matchMedia('print').matches] }</script>`)
  }
  if (path === '/login' && request.headers.authorization !== `Basic ${btoa('ada:secret')}`) {
    return response.writeHead(401, {'www-authenticate': 'Basic realm=site'}).end('<h1>who?</h1>')
  }
  response.writeHead(PAGES[path] || path === '/login' ? 200 : 404).end(PAGES[path] ?? `<h1>${path}</h1>`)
})
// A proxy, asked for a URL or for a tunnel (CONNECT). It answers itself.
const proxy = http.createServer((request, response) => response.setHeader('content-type', 'text/html').end(`<h1>by proxy: ${request.headers.host}</h1>`))
proxy.on('connect', (_, tunnel) => {
  tunnel.write('HTTP/1.1 200 OK\r\n\r\n')
  proxy.emit('connection', tunnel)
})
for (const server of [site, proxy]) await new Promise(listening => server.listen(0, '127.0.0.1', listening))
export const page = `http://127.0.0.1:${site.address().port}`
export const proxyServer = `http://127.0.0.1:${proxy.address().port}`

export function closeSite() {
  for (const server of [site, proxy]) {
    server.closeAllConnections()
    server.close()
  }
}

/** Kind and size of a picture. */
export function picture(bytes) {
  if (bytes.toString('latin1', 1, 4) === 'PNG') return ['png', bytes.readUInt32BE(16), bytes.readUInt32BE(20)]
  if (bytes.toString('latin1', 8, 12) === 'WEBP') return ['webp']
  for (let at = 2; bytes.readUInt16BE(0) === 0xffd8 && at < bytes.length; at += 2 + bytes.readUInt16BE(at + 2)) {
    if (bytes[at + 1] >= 0xc0 && bytes[at + 1] <= 0xc2) return ['jpeg', bytes.readUInt16BE(at + 7), bytes.readUInt16BE(at + 5)]
  }
  return [bytes.toString().slice(0, 80)]
}

/** How many pages a PDF has, and their size in points. */
export function paper(bytes) {
  const text = bytes.toString('latin1')
  check('PDF', text.slice(0, 5), '%PDF-')
  return [text.match(/\/Type ?\/Page\b/g).length, ...text.match(/\/MediaBox ?\[0 0 ([\d.]+) ([\d.]+)\]/).slice(1).map(points => Math.round(points))]
}
