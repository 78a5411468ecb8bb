// Functions of programs, each of which a program has where it calls it.
//-- following
/** Does what leads to another document, and waits for it; no longer than 10 s, as the next step waits too. */
async function following(page, act) {
  const document = page.waitForNavigation({ waitUntil: 'domcontentloaded', timeout: 10_000 }).catch(() => null);
  await act();
  await document;
}
//-- arrived
/** Waits until the page is at a URL: `*` stands for a part of its path, `**` for any text. */
async function arrived(page, place) {
  const parts = place.split(/(\*+)/).map(part => part === '**' ? '.*' : part === '*' ? '[^/]*'
    : part.replace(/[^\w]/g, '\\$&'));
  for (const end = Date.now() + 30_000; !new RegExp(`^${parts.join('')}$`).test(page.url());) {
    if (Date.now() > end) throw new Error(`still at ${page.url()}, not at ${place}`);
    await new Promise(done => setTimeout(done, 50));
  }
}
//-- opening
/** Does what opens a page; gives that page. */
async function opening(act) {
  const target = new Promise(found => browser.once('targetcreated', found));
  await act();
  const page = await (await target).page();
  ask(page);
  return page;
}
//-- another
/** The page that the site opened by itself. */
async function another(...known) {
  for (const end = Date.now() + 30_000; Date.now() < end;) {
    const page = (await browser.pages()).find(each => !known.includes(each));
    if (page) return page;
    await new Promise(done => setTimeout(done, 50));
  }
  throw new Error('no other page was opened');
}
//-- frameIn
/** The frame of an iframe. */
async function frameIn(frame, selector) {
  return (await frame.waitForSelector(selector)).contentFrame();
}
//-- hasText
/** For selectors: finds the smallest elements whose text is the `whole:` that is wanted, or contains the `part:` in any case of letters. */
function hasText() {
  Puppeteer.registerCustomQueryHandler('hasText', { queryAll: (root, wanted) => {
    const plain = text => text.replace(/\s+/g, ' ').trim();
    const whole = wanted.startsWith('whole:'), sought = plain(wanted.slice(wanted.indexOf(':') + 1));
    const within = node => [...node.childNodes, ...node.shadowRoot?.childNodes ?? []];
    const text = node => node.nodeType === 3 ? node.data : /^(SCRIPT|NOSCRIPT|STYLE|HEAD)$/.test(node.nodeName) ? ''
      : /^(button|submit)$/.test(node.type) && node.value || within(node).map(text).join('');
    const smallest = node => {
      const own = node.nodeType === 3 ? '' : plain(text(node));
      if (!own.toLowerCase().includes(sought.toLowerCase())) return [];
      const inner = within(node).flatMap(smallest);
      return inner.length || node.nodeType !== 1 || whole && own !== sought ? inner : [node];
    };
    return smallest(root);
  } });
}
//-- nth
/** One of the elements that a selector finds, from the last one where `n` is negative; or what `inner` finds in it. */
async function nth(frame, selector, n, inner) {
  await frame.waitForSelector(selector);
  const one = (await frame.$$(selector)).at(n);
  return inner ? one.waitForSelector(inner) : one;
}
//-- press
/** Presses a key, such as Enter or Control+A, in an element or where the focus is. */
async function press(page, keys, element) {
  await element?.focus();
  const held = keys.split(/(?<=.)\+(?=.)/), key = held.pop();
  for (const each of held) await page.keyboard.down(each);
  await page.keyboard.press(key);
  for (const each of held.reverse()) await page.keyboard.up(each);
}
//-- holding
/** Does something while keys are held. */
async function holding(page, keys, act) {
  for (const each of keys) await page.keyboard.down(each);
  await act();
  for (const each of keys) await page.keyboard.up(each);
}
//-- choose
/** Selects options by their values or labels. */
async function choose(element, wanted) {
  const values = await element.evaluate((select, wanted) => wanted.map(each => [...select.options]
    .find(o => o.value === each || o.label.trim() === each.trim())?.value ?? each), wanted);
  await element.select(...values);
}
//-- upload
/** Gives files of this machine to a field, although the browser may run on another one. */
async function upload(element, paths) {
  const { readFile } = await import('node:fs/promises'), { basename, extname } = await import('node:path');
  const types = { '.txt': 'text/plain', '.csv': 'text/csv', '.html': 'text/html', '.pdf': 'application/pdf', '.zip': 'application/zip',
    '.json': 'application/json', '.png': 'image/png', '.jpg': 'image/jpeg', '.jpeg': 'image/jpeg', '.webp': 'image/webp' };
  const files = await Promise.all(paths.map(async path => [basename(path), (await readFile(path)).toString('base64'),
    types[extname(path).toLowerCase()] ?? 'application/octet-stream']));
  await element.evaluate((input, files) => {
    const all = new DataTransfer();
    for (const [name, text, type] of files) all.items.add(new File([Uint8Array.from(atob(text), c => c.charCodeAt(0))], name, { type }));
    input.files = all.files;
    input.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
    input.dispatchEvent(new Event('change', { bubbles: true }));
  }, files);
}
//-- drag
/** Drags an element to the middle of another one, or of itself, and so far from there. */
async function drag(page, from, to, x, y) {
  await from.hover();
  await page.mouse.down();
  const box = await (to ?? from).boundingBox();
  await page.mouse.move(box.x + box.width / 2 + x, box.y + box.height / 2 + y, { steps: 20 });
  await page.mouse.up();
}
//-- download
/** Does what begins a download, and waits for its end. Berth keeps the file as an artifact of its session. */
async function download(page, act) {
  const client = await browser.target().createCDPSession();
  const ended = new Promise(done => client.on('Browser.downloadProgress', each => each.state !== 'inProgress' && done()));
  await client.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: process.cwd(), eventsEnabled: true });
  await act().catch(e => { if (!/ERR_ABORTED/.test(e.message)) throw e; });
  await ended;
  await client.detach();
}
