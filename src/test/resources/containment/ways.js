// Every way that a page has to make its browser send something to a host. Each takes: u, the URL of the target; s, the same by https;
// w, by ws; host and port; leak, a name that nobody should ask a DNS server for.
const add = (tag, fields, into = document.body) => into.appendChild(Object.assign(document.createElement(tag), fields));
const style = css => add('style', {textContent: css});
const box = css => add('div', {style: css, textContent: 'x'});
const frame = src => add('iframe', {src});
const framed = (srcdoc, more) => add('iframe', {srcdoc, ...more});
const to = (url, status = 302) => `/redirect?status=${status}&to=${encodeURIComponent(url)}`;
const header = (name, value, body = '') => frame('/header?' + new URLSearchParams({name, value, body}));
const worker = code => new Worker(URL.createObjectURL(new Blob([code], {type: 'text/javascript'})));
const form = (fields, url) => {
  const made = add('form', {action: url, ...fields});
  add('input', {name: 'a', value: '1'}, made);
  made.submit();
};
const click = fields => add('a', fields).click();
const noCors = {mode: 'no-cors'};

const gathered = peer => new Promise(done => {
  const seen = [];
  peer.onicecandidate = e => e.candidate ? seen.push(e.candidate.candidate) : done(seen.join('; ') || 'no candidates');
});
const stun = servers => {
  const peer = new RTCPeerConnection({iceServers: [servers]});
  peer.createDataChannel('x');
  peer.setLocalDescription();
  return gathered(peer);
};
const turn = url => stun({urls: url, username: 'user', credential: 'word'});
// The target as the host of a peer.
const peer = async (host, port, kind) => {
  const [one, other] = [new RTCPeerConnection(), new RTCPeerConnection()];
  one.createDataChannel('x');
  await one.setLocalDescription();
  await other.setRemoteDescription(one.localDescription);
  await other.setLocalDescription();
  await one.setRemoteDescription(other.localDescription);
  await one.addIceCandidate({sdpMid: '0', candidate:
    `candidate:1 1 ${kind} 2122260223 ${host.replace(/[\[\]]/g, '')} ${port} typ host${kind == 'tcp' ? ' tcptype passive' : ''}`});
  return new Promise(done => setTimeout(() => done(one.iceConnectionState), 1000));
};

// Ways of every page.
const plain = {
  'fetch': t => fetch(t.u, noCors),
  'fetch-keepalive': t => fetch(t.u, {...noCors, keepalive: true}),
  'fetch-post': t => fetch(t.u, {...noCors, method: 'POST', body: 'secret'}),
  'fetch-preflight': t => fetch(t.u, {headers: {'x-own': '1'}}),
  'fetch-redirected': t => fetch(to(t.u), noCors),
  'fetch-redirected-307': t => fetch(to(t.u, 307), {...noCors, method: 'POST', body: 'secret'}),
  'fetch-redirected-twice': t => fetch(to(to(t.u)), noCors),
  'xhr': t => { const x = new XMLHttpRequest(); x.open('GET', t.u); x.send(); },
  'beacon': t => { navigator.sendBeacon(t.u, 'secret'); },
  'eventsource': t => { new EventSource(t.u); },
  'websocket': t => { new WebSocket(t.w); },
  'websocket-tls': t => { new WebSocket(t.w.replace('ws:', 'wss:')); },
  'img': t => { new Image().src = t.u; },
  'img-redirected': t => { new Image().src = to(t.u); },
  'img-srcset': t => { add('img', {srcset: t.u + ' 1x'}); },
  'script': t => { add('script', {src: t.u}); },
  'module': t => { add('script', {type: 'module', src: t.u}); },
  'import': t => import(t.u),
  'stylesheet': t => { add('link', {rel: 'stylesheet', href: t.u}); },
  'css-import': t => { style(`@import url(${t.u})`); },
  'css-image': t => { box(`background: url(${t.u})`); },
  'css-cursor': t => { box(`cursor: url(${t.u}), auto`); },
  'css-mask': t => { box(`mask-image: url(${t.u})`); },
  'font': t => { style(`@font-face { font-family: f${t.port}; src: url(${t.u}) }`); box(`font-family: f${t.port}`); },
  'video': t => { add('video', {src: t.u, preload: 'auto'}); },
  'video-poster': t => { add('video', {poster: t.u}); },
  'audio': t => { add('audio', {src: t.u, preload: 'auto'}); },
  'track': t => { add('track', {src: t.u, kind: 'captions', default: true}, add('video', {crossOrigin: 'anonymous'})); },
  'object': t => { add('object', {data: t.u, type: 'text/html'}); },
  'embed': t => { add('embed', {src: t.u, type: 'text/html'}); },
  'svg-image': t => { add('div', {innerHTML: `<svg><image href="${t.u}" width=9 height=9 /></svg>`}); },
  'svg-filter': t => { add('div', {innerHTML: `<svg><filter><feImage href="${t.u}"/></filter></svg>`}); },
  'input-image': t => { add('input', {type: 'image', src: t.u}); },
  'favicon': t => { add('link', {rel: 'icon', href: t.u}, document.head); },
  'preload': t => { add('link', {rel: 'preload', as: 'image', href: t.u}); },
  'modulepreload': t => { add('link', {rel: 'modulepreload', href: t.u}); },
  'prefetch': t => { add('link', {rel: 'prefetch', href: t.u}); },
  'prerender': t => { add('link', {rel: 'prerender', href: t.u}); },
  'preconnect': t => { add('link', {rel: 'preconnect', href: t.u}); },
  'preconnect-cors': t => { add('link', {rel: 'preconnect', crossOrigin: '', href: t.u}); },
  'dns-prefetch': t => { add('link', {rel: 'dns-prefetch', href: '//' + t.leak}); },
  'link-header-preload': t => { header('Link', `<${t.u}>; rel=preload; as=image`); },
  'link-header-preconnect': t => { header('Link', `<${t.u}>; rel=preconnect`); },
  'speculation-prefetch': t => { add('script', {type: 'speculationrules', textContent:
    JSON.stringify({prefetch: [{source: 'list', urls: [t.u, t.s], eagerness: 'immediate'}]})}); },
  'speculation-prerender': t => { framed(`<script type=speculationrules>${
    JSON.stringify({prerender: [{source: 'list', urls: [t.u, t.s], eagerness: 'immediate'}]})}</script>`); },
  'iframe': t => { frame(t.u); },
  'iframe-redirected': t => { frame(to(t.u)); },
  'iframe-refresh': t => { framed(`<meta http-equiv=refresh content="0;url=${t.u}">`); },
  'iframe-refresh-header': t => { header('Refresh', '0;url=' + t.u); },
  'iframe-data': t => { frame('data:text/html,' + encodeURIComponent(`<img src="${t.u}">`)); },
  'iframe-blob': t => { frame(URL.createObjectURL(new Blob([`<img src="${t.u}">`], {type: 'text/html'}))); },
  'iframe-sandboxed': t => { framed(`<script>fetch("${t.u}", {mode: "no-cors"})</script>`, {sandbox: 'allow-scripts'}); },
  'iframe-of-other-site': t => { frame('http://other.test/fetches?url=' + encodeURIComponent(t.u)); },
  'link': t => { click({href: t.u, target: '_blank'}); },
  'link-noopener': t => { click({href: t.u, target: '_blank', rel: 'noopener'}); },
  'link-ping': t => { click({href: 'about:blank#', target: 'pinged', ping: t.u}); },
  'open': t => { open(t.u); },
  'open-redirected': t => { open(to(t.u)); },
  'download': t => { framed(`<a href="${t.u}" download=file id=a>x</a><script>a.click()</script>`); },
  'download-redirected': t => { framed(`<a href="${to(t.u)}" download=file id=a>x</a><script>a.click()</script>`); },
  'form-get': t => { form({target: 'got'}, t.u); },
  'form-post': t => { form({method: 'post', target: 'posted'}, t.u); },
  'form-redirected': t => { form({method: 'post', target: 'redirected'}, to(t.u, 307)); },
  'worker-fetch': t => { worker(`fetch('${t.u}', {mode: 'no-cors'})`); },
  'worker-import': t => { worker(`importScripts('${t.u}')`); },
  'worker-socket': t => { worker(`new WebSocket('${t.w}')`); },
  'shared-worker': t => { new SharedWorker('/shared.js?url=' + encodeURIComponent(t.u)); },
  'csp-report': t => { header('Content-Security-Policy', `img-src 'none'; report-uri ${t.u}`, '<img src=/x>'); },
  'csp-report-only': t => { header('Content-Security-Policy-Report-Only', `img-src 'none'; report-uri ${t.u}`, '<img src=/x>'); },
  'xslt': t => { frame('/typed?' + new URLSearchParams({type: 'text/xml',
    body: `<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="${to(t.u).replace(/&/g, '&amp;')}"?><a/>`})); },
  'svg-document': t => { frame('/typed?' + new URLSearchParams({type: 'image/svg+xml',
    body: `<svg xmlns="http://www.w3.org/2000/svg"><image href="${t.u}" width="9" height="9"/></svg>`})); },
  'print-css': t => { style(`@media print { body { background: url(${t.u}) } }`); },
  'manifest': t => { document.querySelector('link[rel=manifest]')?.remove(); add('link', {rel: 'manifest', href: t.u}, document.head); },
  'webrtc-stun': t => stun({urls: `stun:${t.host}:${t.port}`}),
  'webrtc-turn-udp': t => turn(`turn:${t.host}:${t.port}?transport=udp`),
  'webrtc-turn-tcp': t => turn(`turn:${t.host}:${t.port}?transport=tcp`),
  'webrtc-turn-tls': t => turn(`turns:${t.host}:${t.port}?transport=tcp`),
  'webrtc-turn-name': t => turn(`turn:${t.leak}:${t.port}?transport=udp`),
  'webrtc-peer-udp': t => peer(t.host, t.port, 'udp'),
  'webrtc-peer-tcp': t => peer(t.host, t.port, 'tcp'),
  'webrtc-peer-name': t => peer(t.leak, t.port, 'udp'),
  'webrtc-peer-mdns': t => peer('0b1d0a4e-1c7a-4b7c-9a3a-7a8d2b6d4c11.local', t.port, 'udp'),
};

// A server at a high port may have a high port for its alternative.
const alternative = async value => {
  const from = 'https://site.test:8443/headed?';
  await fetch(from + new URLSearchParams({name: 'Alt-Svc', value}), noCors);
  for (let i = 0; i < 3; i++) await fetch(from + 'again' + i, {...noCors, cache: 'no-store'});
};

// Ways of pages by https only. The target needs no certificate: what is sent to it counts.
const secure = {
  'service-worker': async t => {
    await navigator.serviceWorker.register('/service.js');
    (await navigator.serviceWorker.ready).active.postMessage(t.s);
  },
  'webtransport': t => new WebTransport(t.s, {serverCertificateHashes: [{algorithm: 'sha-256', value: new Uint8Array(32)}]}).ready,
  'alt-svc-quic': t => alternative(`h3="${t.host}:${t.port}"; ma=600`),
  'alt-svc-h2': t => alternative(`h2="${t.host}:${t.port}"; ma=600`),
  'report-to': t => {
    const reporting = header('Reporting-Endpoints', `csp="${t.s}"`,
      '<meta http-equiv=Content-Security-Policy content="img-src \'none\'"><script>new ReportingObserver(() => 0)</script>');
    const reports = frame('/header?' + new URLSearchParams({name: 'Reporting-Endpoints', value: `csp="${t.s}"`,
      name2: 'Content-Security-Policy', value2: "img-src 'none'; report-to csp", body: '<img src=/x>'}));
    reports.onload = () => setTimeout(() => { reports.remove(); reporting.remove(); }, 300);
  },
  'network-error-logging': async t => {
    const group = JSON.stringify({group: 'nel', max_age: 600, endpoints: [{url: t.s}]});
    const nel = JSON.stringify({report_to: 'nel', max_age: 600, success_fraction: 1, failure_fraction: 1});
    await fetch('/headed?' + new URLSearchParams({name: 'Report-To', value: group, name2: 'NEL', value2: nel}));
    await fetch('/headed?again');
  },
  'fetch-later': t => { framed(`<script>fetchLater("${t.s}", {activateAfter: 0})</script>`); },
  'attribution': t => { add('img', {attributionSrc: t.s, src: '/x'}); },
  'interest-group': t => navigator.joinAdInterestGroup({owner: location.origin, name: 'x' + t.port, updateURL: t.s}, 600),
  'paint-worklet': t => CSS.paintWorklet.addModule(t.s),
  'audio-worklet': t => new AudioContext().audioWorklet.addModule(t.s),
  'speculation-prefetch-tls': t => { add('script', {type: 'speculationrules', textContent:
    JSON.stringify({prefetch: [{source: 'list', urls: [t.s], eagerness: 'immediate'}]})}); },
  'navigation-preload': t => { click({href: t.s, target: '_blank'}); },
};

const ways = location.protocol == 'https:' ? secure : plain;

// Takes all ways to a host, each to a port of its own from the given one; gives what each told, after at most so many milliseconds.
async function leave(host, firstPort, millis, names = Object.keys(ways)) {
  const told = {};
  const all = names.map(async name => {
    const port = firstPort + Object.keys(ways).indexOf(name);
    const rest = `://${host}:${port}/${name}`;
    try {
      told[name] = 'begun';
      const said = await ways[name]({host, port, leak: `p${port}.leak.test`, u: 'http' + rest, s: 'https' + rest, w: 'ws' + rest});
      told[name] = typeof said == 'string' ? said : 'done';
    } catch (e) {
      told[name] = String(e);
    }
  });
  await Promise.race([Promise.all(all), new Promise(done => setTimeout(done, millis))]);
  return told;
}

// Goes to one host in three ways: in one of them often, as its name may have another address the next time.
async function visit(host, port) {
  const url = `http://${host}:${port}/`;
  open(url);
  frame(url);
  let answers = 0;
  for (let i = 0; i < (host.startsWith('rebinds') ? 6 : 1); i++) {
    await fetch(url, {...noCors, cache: 'no-store'}).then(() => answers++, () => 0);
  }
  return answers + ' answers';
}

// An uncontained Chrome has nobody who tells it where to go.
const search = new URLSearchParams(location.search);
if (search.has('to')) leave(search.get('to'), Number(search.get('port')), 1);
