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
  ['Generate the database client', node('tools/prisma.mjs', 'generate')],
  ['Lint and format', bin('biome', 'check')],
  ['Types', bin('tsc', '--noEmit')],
  ['Migrations make the schema', node('tools/drift.mjs')],
  [
    'Tests',
    bin('vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${REPORTS}/vitest.json`),
    `${REPORTS}/vitest.json`,
  ],
]

let [passed, failed] = [0, 0]
for (const [name, [command, args], report] of steps) {
  const start = Date.now()
  console.log(`\n── ${name}`)
  const { status } = spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, CI: 'true' } })
  if (report && existsSync(report)) {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'))
    passed += numPassedTests
    failed += numFailedTests
    // A file that cannot be loaded fails without a test of its own.
    if (status !== 0 && numFailedTests === 0) failed++
  } else if (status === 0) passed++
  else failed++
  console.log(
    `── ${name}: ${status === 0 ? 'passed' : 'FAILED'} in ${((Date.now() - start) / 1000).toFixed(1)} s`,
  )
}
console.log(`\n${passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
