// selenium-java on Berth and on a bare chromedriver: java/Suite.java, with the class path that java/pom.xml tells.
import {execFileSync, spawn} from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {skipped, start} from './side-by-side.mjs'

if (skipped()) { console.log('skipped: no chromedriver'); process.exit(0) }
const here = path.dirname(fileURLToPath(import.meta.url))
const project = path.resolve(here, '../../..')
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'suite-java-'))
process.on('exit', () => fs.rmSync(folder, {recursive: true, force: true}))
const paths = path.join(folder, 'class-path')
execFileSync(path.join(project, 'mvnw'), ['-q', '-f', path.join(here, 'java/pom.xml'), 'dependency:build-classpath', `-Dmdep.outputFile=${paths}`],
  {cwd: project, stdio: ['ignore', 'inherit', 'inherit']})
const {site, berth, bare} = await start()
const suite = spawn('java', ['-cp', fs.readFileSync(paths, 'utf8').trim(), path.join(here, 'java/Suite.java')], {
  stdio: ['ignore', 'inherit', 'inherit'],
  env: {...process.env, SITE_PAGE: site.page, SITE_LOCAL: site.local, SITE_SECURE: site.secure, SITE_CLOSED: site.closed, BERTH_HUB: berth.url, BARE_URL: bare.url,
    BARE_BINARY: bare.options.binary}
})
process.exit(await new Promise(ended => suite.on('exit', code => ended(code ?? 1))))
