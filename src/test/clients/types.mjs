// The types of Berth's own client, by the TypeScript compiler: those of /sdk/berth.d.ts in a program, and those in the comments of /sdk/berth.js.
import fs from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import {check, finish, trial, URL_OF_BERTH} from './berth.mjs'
import {complaints as diagnosed} from './compile.mjs'

const PROGRAM = `
import {Berth, BerthError, type Artifact} from './berth.js';
const berth = new Berth({url: 'http://127.0.0.1:8080', key: 'k'});
const session = await berth.createSession({initialPrompt: 'https://example.com', wait: 'running', options: {viewport: {width: 1, height: 2}}});
const page: string = (await session.click({selector: '#a', button: 'left'}, {timeoutMillis: 1})).pageId;
for await (const event of session.events({kinds: 'console', after: 'now'})) event.id.length;
const artifacts: Artifact[] = await session.artifacts();
const bytes: Uint8Array = await session.download(artifacts[0]);
const file: string = await session.download(await session.screenshot(), 'x.png');
for await (const line of session.console({level: 'error'})) line.message.length;
const id: string = (await berth.listSessions({metadata: {team: 'qa'}})).sessions[0].sessionId;
const body: Uint8Array = await session.getNetworkBody({offset: '0'});
const size: number = (await session.putFile({name: 'a.txt', content: bytes})).size;
const whole: Uint8Array = await session.getFile({name: 'a.txt'});
try { await session.end() } catch (e) { if (e instanceof BerthError) e.code.length }
// @ts-expect-error a file has content
await session.putFile({name: 'a.txt'});
// @ts-expect-error a selector is needed
await session.click({});
// @ts-expect-error there is no such button
await session.click({selector: '#a', button: 'up'});
// @ts-expect-error there is no such field
await session.fill({selector: '#a', value: 'b', valeu: 1});
`

/** What the client takes of Node, whose own types are no part of these trials. */
const NODE = "declare module 'node:fs/promises' { export const rename: any, rm: any, writeFile: any }"

const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'berth-types-'))
const file = name => path.join(folder, name)
const complaints = (name, options) => diagnosed([file(name), file('node.d.ts')], options)

for (const name of ['berth.js', 'berth.d.ts']) await fs.writeFile(file(name), await (await fetch(`${URL_OF_BERTH}/sdk/${name}`)).text())
await fs.writeFile(file('package.json'), '{"type": "module"}')
await fs.writeFile(file('program.ts'), PROGRAM)
await fs.writeFile(file('node.d.ts'), NODE)
await trial('types: a program compiles, and what is wrong in it does not', async () => {
  check('complaints', complaints('program.ts', {strict: true}), [])
})
await trial('types: the comments of the client fit its code', async () => {
  await fs.rename(file('berth.js'), file('alone.js'))
  check('complaints', complaints('alone.js', {allowJs: true, checkJs: true}), [])
})
await fs.rm(folder, {recursive: true})
finish()
