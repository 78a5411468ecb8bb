// Serves the applications out of node_modules, and for a library without a page of its own the least page that shows it.
import fs from 'node:fs/promises'
import http from 'node:http'
import path from 'node:path'

const MODULES = path.join(path.dirname(new URL(import.meta.url).pathname), 'node_modules')
const TYPES = {html: 'text/html; charset=utf-8', js: 'text/javascript', css: 'text/css', svg: 'image/svg+xml', json: 'application/json', png: 'image/png'}
const page = (head, body) => `<!doctype html><meta charset=utf-8><link rel=icon href="data:,">${head}<body style="margin:2em">${body}`

const PAGES = {
  '/quill': page('<link rel=stylesheet href=/quill/dist/quill.snow.css><script src=/quill/dist/quill.js></script>',
    `<div id=editor></div><script>quill = new Quill('#editor', {theme: 'snow', modules: {toolbar:
      [[{header: [1, 2, false]}], ['bold', 'italic', 'link', 'image'], [{list: 'bullet'}]]}})</script>`),
  '/tabulator': page('<link rel=stylesheet href=/tabulator-tables/dist/css/tabulator.css><script src=/tabulator-tables/dist/js/tabulator.js></script>',
    `<div id=grid></div><script>
      const data = Array.from({length: 500}, (_, i) => ({id: i, name: 'ship ' + (i * 7919 % 500), tons: i * 31 % 500}))
      table = new Tabulator('#grid', {height: 400, data, columns: [{title: 'Name', field: 'name', editor: 'input', width: 250, headerFilter: 'input'},
        {title: 'Tons', field: 'tons', sorter: 'number', width: 250}]})</script>`),
  '/fullcalendar': page('<script src=/fullcalendar/index.global.js></script>',
    `<div id=calendar></div><script>
      calendar = new FullCalendar.Calendar(document.querySelector('#calendar'), {initialDate: '2026-02-10', selectable: true, editable: true,
        headerToolbar: {left: 'prev,next', center: 'title', right: 'dayGridMonth,timeGridWeek'},
        select: at => calendar.addEvent({title: 'Voyage', start: at.start, end: at.end, allDay: true})})
      calendar.render()</script>`),
  '/flatpickr': page('<link rel=stylesheet href=/flatpickr/dist/flatpickr.css><script src=/flatpickr/dist/flatpickr.js></script>',
    `<input id=date placeholder="a date"><script>flatpickr('#date', {defaultDate: '2026-02-10'})</script>`),
  '/shoelace': page('<link rel=stylesheet href=/@shoelace-style/shoelace/cdn/themes/light.css><script type=module src=/@shoelace-style/shoelace/cdn/shoelace.js></script>',
    `<sl-input label=Name></sl-input><sl-select label=Port><sl-option value=one>One</sl-option><sl-option value=two>Two</sl-option></sl-select>
    <sl-checkbox>Insured</sl-checkbox><br><sl-button id=open>Open</sl-button><sl-dialog label=Sure>Sail?<sl-button id=yes slot=footer>Yes</sl-button></sl-dialog>
    <script>const dialog = document.querySelector('sl-dialog')
      document.querySelector('#open').onclick = () => dialog.show(); document.querySelector('#yes').onclick = () => dialog.hide()</script>`),
  '/swagger-ui-dist/swagger-initializer.js': `window.onload = () => { window.ui = SwaggerUIBundle({url: '/openapi.json', dom_id: '#swagger-ui',
    presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset], layout: 'StandaloneLayout'}) }`,
  '/openapi.json': JSON.stringify({openapi: '3.0.3', info: {title: 'Ships', version: '1'}, paths: {'/ships': {get: {
    operationId: 'listShips', tags: ['ships'], parameters: [{name: 'limit', in: 'query', schema: {type: 'integer'}}],
    responses: {200: {description: 'Ships', content: {'application/json': {schema: {type: 'object'}}}}}}}}})
}

/** Where a path is not the one inside node_modules: todomvc-react's page asks for its files at the root. */
const MOVED = {'/todomvc.js': '/todomvc-react/dist/todomvc.js', '/todomvc.css': '/todomvc-react/dist/todomvc.css'}

export async function startShelf() {
  const server = http.createServer((request, response) => answer(request, response).catch(() => response.writeHead(404).end()))
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  return {url: `http://127.0.0.1:${server.address().port}`, close: () => { server.closeAllConnections(); server.close() }}
}

async function answer(request, response) {
  const url = new URL(request.url, 'http://localhost')
  const send = (extension, body) => response.writeHead(200, {'content-type': TYPES[extension] ?? 'application/octet-stream'}).end(body)
  if (url.pathname === '/ships') return send('json', JSON.stringify({ships: 'answered', limit: url.searchParams.get('limit')}))
  if (PAGES[url.pathname]) return send(/\.(\w+)$/.exec(url.pathname)?.[1] ?? 'html', PAGES[url.pathname])
  const file = path.join(MODULES, MOVED[url.pathname] ?? decodeURIComponent(url.pathname))
  if (!file.startsWith(MODULES)) return response.writeHead(403).end()
  return send(path.extname(file).slice(1), await fs.readFile(file))
}
