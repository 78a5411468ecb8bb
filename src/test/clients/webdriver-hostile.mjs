// Capabilities that reach for the server's machine: each is refused with `invalid argument`, by its name.
import {checkThat, eventually, finish, KEY, rest, trial, URL_OF_BERTH} from './berth.mjs'

const options = (name, value) => [name, {'goog:chromeOptions': {[name]: value}}]
const argument = text => [text.split('=')[0], {'goog:chromeOptions': {args: [text]}}]

const HOSTILE = [
  options('binary', '/bin/sh'), options('debuggerAddress', '127.0.0.1:22'), options('detach', true), options('excludeSwitches', ['enable-automation']),
  options('extensions', ['Q3IyNA==']), options('localState', {a: 1}), options('logPath', '/etc/cron.d/x'), options('minidumpPath', '/root'),
  options('androidPackage', 'com.android.chrome'), options('androidActivity', 'a'), options('androidDeviceSerial', 'a'), options('androidProcess', 'a'),
  options('androidUseRunningApp', true), options('androidExecName', 'a'), options('androidDeviceSocket', 'a'),
  argument('--user-data-dir=/root'), argument('user-data-dir=/root'), argument('-user-data-dir=/root'),
  argument('--remote-debugging-port=9222'), argument('--remote-debugging-port=0'), argument('--remote-debugging-pipe'),
  argument('--remote-debugging-address=0.0.0.0'), argument('--remote-allow-origins=*'), argument('--load-extension=/tmp'),
  argument('--renderer-cmd-prefix=/bin/sh'), argument('--utility-cmd-prefix=/bin/sh'),
  argument('--gpu-launcher=/bin/sh'), argument('--log-file=/etc/passwd'),
  argument('--log-net-log=/etc/passwd'), argument('--crash-dumps-dir=/root'), argument('--disk-cache-dir=/root'), argument('--profile-directory=../..'),
  ['webSocketUrl', {webSocketUrl: 'ws://127.0.0.1:9515'}], ['proxy', {proxy: {proxyType: 'pac', proxyAutoconfigUrl: 'file:///etc/passwd'}}],
  ['proxy', {proxy: {proxyType: 'manual', httpProxy: 'a b'}}], ['unhandledPromptBehavior', {unhandledPromptBehavior: 'explode'}],
  ['pageLoadStrategy', {pageLoadStrategy: 'never'}], ['timeouts', {timeouts: {implicit: -1}}], ['berth:options', {'berth:options': {none: 1}}],
  ['browserName', {browserName: 'firefox'}], ['platformName', {platformName: 'windows'}]
]

/** Arguments that Berth has nothing for reach no Chrome, since only known ones are passed; the session's time line names them. */
const IGNORED = ['--USER-DATA-DIR=/root', '--disable-extensions-except=/tmp', '--browser-subprocess-path=/bin/sh', '--print-to-pdf=/root/x',
  '--screenshot=/root/x', '--ssl-key-log-file=/root/x', '--trace-startup-file=/root/x']

async function post(capabilities, work = async () => {}) {
  const response = await fetch(`${URL_OF_BERTH}/wd/hub/session`, {
    method: 'POST', headers: {authorization: `Bearer ${KEY}`, 'content-type': 'application/json'},
    body: JSON.stringify({capabilities}), signal: AbortSignal.timeout(30_000)
  })
  const {value} = await response.json()
  if (value.sessionId) {
    const id = value.capabilities['berth:sessionId']
    await work(id)
    await fetch(`${URL_OF_BERTH}/wd/hub/session/${value.sessionId}`, {method: 'DELETE', headers: {authorization: `Bearer ${KEY}`}})
  }
  return {status: response.status, error: value.error, message: value.message ?? 'a session was created', created: value.sessionId !== undefined}
}

for (const [name, capabilities] of HOSTILE) {
  await trial(`webdriver-hostile: ${JSON.stringify(capabilities)}`, async () => {
    for (const wanted of [{alwaysMatch: capabilities}, {firstMatch: [capabilities]}]) {
      const {status, error, message, created} = await post(wanted)
      checkThat('refused', message, !created && status >= 400)
      checkThat('error', error, ['invalid argument', 'session not created'].includes(error))
      checkThat('name', message, message.toLowerCase().includes(name.replace(/^-+/, '').toLowerCase()))
    }
  })
}

await trial('webdriver-hostile: arguments that are ignored are told', () => post({alwaysMatch: {'goog:chromeOptions': {args: IGNORED}}}, async id => {
  await eventually(async () => {
    const told = JSON.stringify(await rest('GET', `/api/sessions/${id}/timeline`))
    for (const each of IGNORED) checkThat(each, told, told.includes(each.split('=')[0]))
  })
}))

finish()
