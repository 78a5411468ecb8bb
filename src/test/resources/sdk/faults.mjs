// The client in JavaScript at a server that fails: node faults.mjs <url> <key>. Prints what it saw.
import {Berth} from './berth.mjs';

const [url, key] = process.argv.slice(2);
const berth = new Berth({url, key});
const session = await berth.createSession();
const {status} = await session.getSession();
const click = await session.click({selector: '#once'}).catch(e => e.code);
const events = [];
for await (const event of session.events()) events.push(event.id);
const task = (await berth.waitForTask('task-1')).status;
console.log(JSON.stringify({sessionId: session.sessionId, status, click, events, task}));
