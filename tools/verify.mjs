// `npm run verify`: everything that has to hold, one step after the other. Ends with the counts of all tests.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'

const REPORTS = '.cache/reports'
rmSync(REPORTS, { recursive: true, force: true })
mkdirSync(REPORTS, { recursive: true })

const node = (...args) => [process.execPath, args]
const bin = (name, ...args) => [`node_modules/.bin/${name}`, args]

/** Each: its name, its command, and where it reports its tests. */
const steps = [
  ['A browser for the end-to-end tests', node('tools/ensure-browser.mjs')],
  // Also makes the types of the pages' routes.
  ['Build', node('tools/build.mjs')],
  ['Lint and format', bin('biome', 'check')],
  ['Types', bin('tsc', '--noEmit')],
  ['Migrations make the schema', node('tools/drift.mjs')],
  [
    'Tests',
    bin('vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${REPORTS}/vitest.json`),
    `${REPORTS}/vitest.json`,
  ],
  ['End-to-end tests', bin('playwright', 'test'), `${REPORTS}/playwright.json`],
]

/** How many tests passed and failed, in the words of either runner. A file that cannot be loaded has none. */
function countTests(report) {
  const { numPassedTests, numFailedTests, stats } = JSON.parse(readFileSync(report, 'utf8'))
  return stats
    ? { passes: stats.expected + stats.flaky, failures: stats.unexpected }
    : { passes: numPassedTests, failures: numFailedTests }
}

let [passed, failed] = [0, 0]
for (const [name, [command, args], report] of steps) {
  const start = Date.now()
  console.log(`\n── ${name}`)
  const { status } = spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, CI: 'true' } })
  if (report && existsSync(report)) {
    const { passes, failures } = countTests(report)
    passed += passes
    failed += failures
    if (status !== 0 && failures === 0) failed++
  } else if (status === 0) passed++
  else failed++
  console.log(
    `── ${name}: ${status === 0 ? 'passed' : 'FAILED'} in ${((Date.now() - start) / 1000).toFixed(1)} s`,
  )
}
console.log(`\n${passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
