// How long a session of selenium-webdriver takes on Berth and on a bare chromedriver that runs already, in turns: create, first page, quit.
// Then twenty at once. ROUNDS sets how many turns (15).
import {Builder} from 'selenium-webdriver'
import {skipped, start} from './side-by-side.mjs'

const BUDGET_MILLIS = 164
if (skipped()) { console.log('skipped: no chromedriver'); process.exit(0) }
const {site, berth, bare} = await start()
const median = values => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
const p90 = values => values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.9)]

function build(side) {
  return new Builder().disableEnvironmentOverrides().usingServer(side.url)
    .withCapabilities({browserName: 'chrome', 'goog:chromeOptions': side.options}).build()
}

/** Milliseconds until the session is there, until its page is there too, and until its end. */
async function once(side) {
  const started = performance.now()
  const since = () => Math.round(performance.now() - started)
  const driver = await build(side)
  try {
    const created = since()
    await driver.get(site.page)
    if (await driver.getTitle() !== 'site') throw new Error(`${side.name} showed another page`)
    return {created, page: since(), driver, since}
  } catch (e) {
    await driver.quit()
    throw e
  }
}

const times = {berth: [], bare: []}
for (let round = -1; round < Number(process.env.ROUNDS ?? 15); round++) {
  for (const side of [berth, bare]) {
    const {created, page, driver, since} = await once(side)
    await driver.quit()
    if (round >= 0) times[side.name].push({created, page, quit: since()})
  }
}
for (const side of ['berth', 'bare']) {
  const all = what => times[side].map(each => each[what])
  console.log(`${side}: created ${median(all('created'))}, first page ${median(all('page'))} (p90 ${p90(all('page'))}), quit ${median(all('quit'))} ms`)
}
const ratio = median(times.berth.map(each => each.page)) / median(times.bare.map(each => each.page))
console.log(`first page, Berth : bare ${ratio.toFixed(2)}; budget ${BUDGET_MILLIS} ms`)

let failed = 0
for (const side of [berth, bare]) {
  const started = performance.now()
  const all = await Promise.allSettled(Array.from({length: 20}, () => once(side)))
  const took = Math.round(performance.now() - started)
  const good = all.filter(each => each.status === 'fulfilled')
  if (side === berth) failed = all.length - good.length
  console.log(`${side.name}: 20 at once, ${good.length} have a page after ${took} ms${
    all.filter(each => each.status === 'rejected').map(each => `\n    ${each.reason.message.split('\n')[0]}`).join('')}`)
  await Promise.allSettled(good.map(each => each.value.driver.quit()))
}
process.exit(failed)
