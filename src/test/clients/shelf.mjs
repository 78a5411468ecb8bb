// Serves the applications out of node_modules, and for a library without a page of its own the least page that shows it.
import fs from 'node:fs/promises'
import http from 'node:http'
import path from 'node:path'

const MODULES = path.join(path.dirname(new URL(import.meta.url).pathname), 'node_modules')
const TYPES = {html: 'text/html; charset=utf-8', js: 'text/javascript', mjs: 'text/javascript', css: 'text/css', svg: 'image/svg+xml', json: 'application/json', png: 'image/png'}
const page = (head, body) => `<!doctype html><meta charset=utf-8><link rel=icon href="data:,">${head}<body style="margin:2em">${body}`

const JQUERY = '<script src=/jquery/dist/jquery.js></script>'
const OPTIONS = ['Genoa', 'Oslo', 'Porto'].map(port => `<option>${port}`).join('')

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
  '/select2': page(`<link rel=stylesheet href=/select2/dist/css/select2.css>${JQUERY}<script src=/select2/dist/js/select2.js></script>`,
    `<label for=one>Port</label> <select id=one style="width: 200px">${OPTIONS}</select> <select id=many multiple style="width: 300px">${OPTIONS}</select>
    <script>$('#one').select2({placeholder: 'a port', allowClear: true}); $('#many').select2().val(['Genoa', 'Oslo']).trigger('change')</script>`),
  '/jquery-ui': page(`<link rel=stylesheet href=/jquery-ui/dist/themes/base/jquery-ui.css>${JQUERY}<script src=/jquery-ui/dist/jquery-ui.js></script>`,
    `<div id=tabs><ul><li><a href=#t1>Hull</a><li><a href=#t2>Sails</a></ul><div id=t1>A hull of oak</div><div id=t2>Three sails</div></div>
    <div id=accordion><h3>Crew</h3><div>Twelve</div><h3>Cargo</h3><div>Rope</div></div><input id=date><input id=spin value=3><div id=slider></div>
    <ul id=menu><li><div>Ports</div><ul><li><div>Genoa</div><li><div>Oslo</div></ul><li><div>Ships</div></ul>
    <ul id=sortable><li>one<li>two<li>three</ul><select id=selectmenu>${OPTIONS}</select><input type=checkbox id=box><label for=box>Insured</label>
    <div id=dialog title=Sure>Sail today?</div><script>
      for (const widget of ['tabs', 'accordion', 'slider', 'menu', 'sortable', 'selectmenu']) $('#' + widget)[widget]()
      $('#date').datepicker({defaultDate: '02/10/2026', showOn: 'button'}); $('#spin').spinner(); $('#box').checkboxradio()
      $('#dialog').dialog({autoOpen: false, position: {at: 'right bottom', my: 'right bottom'}, buttons: {Yes() { $(this).dialog('close') }}}).dialog('open')
    </script>`),
  '/bootstrap': page('<link rel=stylesheet href=/bootstrap/dist/css/bootstrap.css><script src=/bootstrap/dist/js/bootstrap.bundle.js defer></script>',
    `<nav class="navbar navbar-expand-lg bg-light"><a class=navbar-brand href=#>Ships</a><ul class=navbar-nav><li class=nav-item><a class="nav-link active" href=#a>Home</a>
    <li class="nav-item dropdown"><a class="nav-link dropdown-toggle" href=# role=button data-bs-toggle=dropdown>More</a><ul class=dropdown-menu><li><a class=dropdown-item href=#b>Crew</a></ul></ul>
    <form class=d-flex role=search><input class=form-control type=search placeholder=Search aria-label=Search><button class="btn btn-outline-success">Go</button></form></nav>
    <div class=accordion id=acc><div class=accordion-item><h2 class=accordion-header><button class=accordion-button data-bs-toggle=collapse data-bs-target=#c1>Hull</button></h2>
    <div id=c1 class="accordion-collapse collapse show"><div class=accordion-body>Of <strong>oak</strong></div></div></div></div>
    <div id=car class="carousel slide"><div class=carousel-inner><div class="carousel-item active"><div style="height: 90px" class=bg-info>First</div></div><div class=carousel-item>Second</div></div>
    <button class=carousel-control-prev data-bs-target=#car data-bs-slide=prev><span class=carousel-control-prev-icon></span><span class=visually-hidden>Previous</span></button></div>
    <ul class="nav nav-tabs"><li class=nav-item><button class="nav-link active" data-bs-toggle=tab data-bs-target=#x>Sails</button></ul><div class=tab-content><div class="tab-pane active" id=x>Three</div></div>
    <div class="form-check form-switch"><input class=form-check-input type=checkbox id=sw><label class=form-check-label for=sw>Insured</label></div>
    <div class=form-floating><select class=form-select id=fs>${OPTIONS}</select><label for=fs>Port</label></div><input type=range class=form-range>
    <div class=btn-group><input type=radio class=btn-check name=r id=r1 checked><label class="btn btn-outline-primary" for=r1>Port</label><input type=radio class=btn-check name=r id=r2><label class="btn btn-outline-primary" for=r2>Starboard</label></div>
    <div class="alert alert-warning alert-dismissible">Storm <button class=btn-close data-bs-dismiss=alert aria-label=Close></button></div>
    <table class="table table-hover"><thead><tr><th>Ship<th>Tons<tbody><tr><td>Ada<td>12<tr><td>Bea<td>30</table>
    <ul class=pagination><li class="page-item disabled"><a class=page-link>Back</a><li class=page-item><a class=page-link href=#2>2</a></ul>`),
  '/tom-select': page('<link rel=stylesheet href=/tom-select/dist/css/tom-select.css><script src=/tom-select/dist/js/tom-select.complete.js></script>',
    `<label for=one>Port</label><select id=one>${OPTIONS}</select><input id=tags value="rope,sail"><script>
      new TomSelect('#one', {plugins: ['dropdown_input', 'clear_button']}); new TomSelect('#tags', {create: true, plugins: ['remove_button']})</script>`),
  '/monaco': page('<link rel=stylesheet href=/monaco-editor/min/vs/editor/editor.main.css><script src=/monaco-editor/min/vs/loader.js></script>',
    `<div id=editor style="height: 400px"></div><script>require.config({paths: {vs: '/monaco-editor/min/vs'}}); require(['vs/editor/editor.main'], () =>
      editor = monaco.editor.create(document.querySelector('#editor'), {value: 'const knots = 12\\nfunction sail() {\\n  return knots\\n}', language: 'javascript'}))</script>`),
  '/material': page(`<script type=importmap>${JSON.stringify({imports: {'@material/web/': '/@material/web/', tslib: '/tslib/tslib.es6.mjs', lit: '/lit/index.js', 'lit/': '/lit/',
    'lit-html': '/lit-html/lit-html.js', 'lit-html/': '/lit-html/', 'lit-element/': '/lit-element/', 'lit-element/lit-element.js': '/lit-element/lit-element.js',
    '@lit/reactive-element': '/@lit/reactive-element/reactive-element.js', '@lit/reactive-element/': '/@lit/reactive-element/'}})}</script>
    <script type=module>import '@material/web/all.js'</script>`,
    `<md-filled-button>Sail</md-filled-button><md-icon-button aria-label=Star>*</md-icon-button><md-filled-text-field label=Name></md-filled-text-field>
    <md-outlined-select label=Port><md-select-option value=g selected><div slot=headline>Genoa</div></md-select-option><md-select-option value=o><div slot=headline>Oslo</div></md-select-option></md-outlined-select>
    <label><md-checkbox></md-checkbox> Insured</label><label><md-radio name=r></md-radio> Port side</label><label><md-switch></md-switch> Lights</label><md-slider aria-label=Speed value=30></md-slider>
    <md-tabs><md-primary-tab>Hull</md-primary-tab><md-primary-tab>Sails</md-primary-tab></md-tabs>
    <md-chip-set><md-filter-chip label=Fast></md-filter-chip><md-input-chip label=Rope></md-input-chip></md-chip-set>
    <md-list><md-list-item type=button>Ada<div slot=supporting-text>12 tons</div></md-list-item><md-list-item type=link href=#x>Bea</md-list-item></md-list>`),
  '/ag-grid': page('<script src=/ag-grid-community/dist/ag-grid-community.js></script>',
    `<div id=grid style="height: 400px; width: 700px"></div><script>agGrid.createGrid(document.querySelector('#grid'), {
      rowData: Array.from({length: 200}, (_, i) => ({name: 'ship ' + i, tons: i * 31 % 500, insured: i % 2 === 0})), rowSelection: {mode: 'multiRow'}, pagination: true,
      columnDefs: [{field: 'name', filter: true, floatingFilter: true, editable: true}, {field: 'tons', sortable: true}, {field: 'insured', editable: true}]})</script>`),
  '/slick': page(`<link rel=stylesheet href=/slick-carousel/slick/slick.css><link rel=stylesheet href=/slick-carousel/slick/slick-theme.css>${JQUERY}<script src=/slick-carousel/slick/slick.js></script>`,
    `<div id=slides style="width: 500px; margin: auto">${[1, 2, 3, 4, 5].map(n => `<div><h3>Slide ${n}</h3><a href="#${n}">Read ${n}</a></div>`).join('')}</div>
    <script>$('#slides').slick({dots: true, slidesToShow: 2})</script>`),
  '/dropzone': page('<link rel=stylesheet href=/dropzone/dist/dropzone.css><script src=/dropzone/dist/dropzone-min.js></script>',
    `<form id=zone class=dropzone action=/ships></form><script>(() => { const zone = new Dropzone('#zone', {addRemoveLinks: true, autoProcessQueue: false})
      zone.addFile(new File(['rope'], 'rope.txt', {type: 'text/plain'})) })()</script>`),
  '/leaflet': page('<link rel=stylesheet href=/leaflet/dist/leaflet.css><script src=/leaflet/dist/leaflet.js></script>',
    `<div id=map style="height: 400px"></div><script>const map = L.map('map').setView([44.4, 8.9], 13); L.marker([44.4, 8.9], {title: 'Genoa'}).addTo(map).bindPopup('The port of Genoa').openPopup()
      L.marker([44.41, 8.95], {alt: 'Lighthouse'}).addTo(map); L.circle([44.39, 8.92], {radius: 500}).addTo(map).bindPopup('Roads')
      L.control.layers({}, {Roads: L.layerGroup()}, {collapsed: false}).addTo(map)</script>`),
  '/handsontable': page('<link rel=stylesheet href=/handsontable/styles/handsontable.css><link rel=stylesheet href=/handsontable/styles/ht-theme-main.css><script src=/handsontable/dist/handsontable.full.js></script>',
    `<div id=grid class=ht-theme-main></div><script>new Handsontable(document.querySelector('#grid'), {data: Array.from({length: 30}, (_, i) => ['ship ' + i, i * 31 % 500, i % 2 === 0, 'Oslo']),
      colHeaders: ['Name', 'Tons', 'Insured', 'Port'], columns: [{}, {type: 'numeric'}, {type: 'checkbox'}, {type: 'dropdown', source: ['Oslo', 'Genoa']}], rowHeaders: true, height: 400,
      dropdownMenu: true, filters: true, columnSorting: true, licenseKey: 'non-commercial-and-evaluation'})</script>`),
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
