// A small story with the client in JavaScript: node story.mjs <url> <key> <page> <folder>. Fails at what is not as it should be.
import assert from 'node:assert/strict';
import {existsSync, readFileSync} from 'node:fs';
import {Berth, BerthError} from './berth.mjs';

const [url, key, page, folder] = process.argv.slice(2);
const berth = new Berth({url, key});
const label = 'js-' + Date.now();

const session = await berth.createSession({initialPrompt: page, wait: 'running', metadata: {label}});
try {
  assert.equal((await session.getSession()).status, 'running');
  assert.equal((await session.waitFor({selector: '#name'})).success, true);

  // Verbs
  await session.fill({selector: '#name', value: 'Ann'});
  await session.click({selector: 'text=Greet'});
  assert.equal((await session.evaluate({expression: 'out.textContent'})).result, 'Hello Ann');
  assert.match((await session.content({format: 'markdown'})).content, /Hello Ann/);
  const other = await session.openPage();
  await session.closePage({pageId: other.pageId});

  // Logs
  const lines = [];
  for await (const line of session.console({level: 'error'})) lines.push(line.message);
  assert.deepEqual(lines, ['told']);
  const types = [];
  for await (const action of session.actions({limit: 2})) types.push(action.type);
  assert.deepEqual(types.filter(type => ['fill', 'click'].includes(type)), ['fill', 'click']);
  const statuses = [];
  for await (const request of session.network({status: '2xx'})) statuses.push(request.status);
  assert.ok(statuses.includes(200));
  assert.equal((await session.getHar()).log.version, '1.2');

  // Artifacts
  const taken = await session.screenshot({fullPage: true});
  const [listed] = await session.artifacts();
  assert.equal(listed.objectId, taken.objectId);
  const bytes = await session.download(taken);
  assert.deepEqual([...bytes.slice(1, 4)], [...Buffer.from('PNG')]);
  const path = await session.download(listed, folder + '/js.png');
  assert.ok(readFileSync(path).equals(Buffer.from(bytes)));
  assert.ok(!existsSync(path + '.part'));

  // Files: of what is known by name, and of what it has
  const given = await session.putFile({name: 'a note.txt', content: 'written'});
  assert.deepEqual([given.name, given.size, given.complete], ['a note.txt', 7, true]);
  assert.equal((await session.putFile({name: 'b.bin', content: new Blob([bytes])})).size, bytes.length);
  assert.deepEqual((await session.listFiles()).files.map(file => file.name).sort(), ['a note.txt', 'b.bin']);
  assert.deepEqual(await session.getFile({name: 'b.bin'}), bytes);
  const part = {name: 'c.txt', contentRange: 'bytes 0-2/6', content: 'abc'};
  assert.equal((await session.putFile(part)).complete, false);
  await session.putFile({name: 'c.txt', contentRange: 'bytes 3-5/6', content: 'def'});
  assert.equal(Buffer.from(await session.getFile({name: 'c.txt'})).toString(), 'abcdef');
  assert.match((await thrown(session.putFile({...part, range: 'bytes=0-2'}))).message, /range/);
  await session.deleteFile({name: 'c.txt'});
  assert.equal((await thrown(session.getFile({name: 'c.txt'}))).code, 'not_found');

  // Events: up to the click, and on from there.
  let click;
  for await (const event of session.events()) {
    if (event.event === 'action' && event.data.type === 'click') {
      click = event;
      break;
    }
  }
  for await (const event of session.events({kinds: 'action', after: click.id})) {
    assert.equal(event.data.type, 'evaluate');
    break;
  }

  // Errors
  const refused = await thrown(session.click({selector: '#nowhere', timeout: 1000}));
  assert.equal(refused.status, 422);
  assert.equal(refused.code, 'action_failed');
  assert.equal(refused.retryable, false);
  assert.ok(refused.hint);
  assert.ok(refused.requestId);
  assert.equal((await thrown(session.waitFor({selector: '#nowhere', timeout: 1000}))).retryable, true);
  assert.match((await thrown(session.click({selektor: '#name'}))).message, /selektor/);
  assert.match((await thrown(session.listConsole({lewel: 'error'}))).message, /lewel/);
  assert.equal((await thrown(new Berth({url, key: 'no key'}).listSessions())).code, 'unauthenticated');
  assert.equal((await thrown(new Berth({url: 'http://127.0.0.1:1', key, retries: 0}).listSessions())).code, 'unreachable');
  const late = await thrown(session.evaluate({expression: 'new Promise(() => {})'}, {timeoutMillis: 200}));
  assert.equal(late.code, 'client_timeout');
  const wanted = new AbortController();
  setTimeout(() => wanted.abort(new Error('enough')), 50);
  await assert.rejects(async () => {
    for await (const event of session.events({after: 'now', kinds: 'artifact'}, {signal: wanted.signal})) assert.fail(event);
  }, /enough/);

  const {sessions, total} = await berth.listSessions({metadata: {label}});
  assert.equal(total, 1);
  assert.equal(sessions[0].sessionId, session.sessionId);
} finally {
  await session.end();
}

// An ended session can be read as before.
assert.equal((await session.ended()).status, 'completed');
assert.equal((await thrown(session.click({selector: '#name'}))).code, 'session_ended');
let last;
for await (const event of berth.session(session.sessionId).events()) last = event;
assert.equal(last.data.status, 'completed');

// One session for one key.
const [first, second] = await Promise.all([1, 2].map(() => berth.createSession({idempotencyKey: label, metadata: {label}})));
assert.equal(first.sessionId, second.sessionId);
await first.running();
await first.end();
console.log('done');

async function thrown(promise) {
  const e = await promise.then(() => assert.fail('nothing was thrown'), e => e);
  assert.ok(e instanceof BerthError, String(e.stack));
  return e;
}
