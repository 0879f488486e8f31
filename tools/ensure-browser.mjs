// Finds a Chromium for the end-to-end tests, or gets one, and says which.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { chromium } from '@playwright/test'

const VARIABLES = ['CHROME_PATH', 'CHROME_BIN', 'PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH']
const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/** Whether it is a browser and starts: Ubuntu's chromium-browser may be a script that only asks for a snap. */
const runs = (file) => spawnSync(file, ['--version'], { timeout: 30_000 }).status === 0

/** @returns {string | null} the program of a Chromium on this machine */
export function findBrowser() {
  for (const name of VARIABLES) {
    const file = process.env[name]
    if (!file) continue
    if (!existsSync(file)) throw new Error(`${name} is ${file}, and there is no such file.`)
    return file
  }
  return [...PLACES, chromium.executablePath()].find((file) => existsSync(file) && runs(file)) ?? null
}

const root = process.getuid?.() === 0
const run = (command, args, env = {}) => {
  console.log(`  ${command} ${args.join(' ')}`)
  const { status, error } = spawnSync(command, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
  })
  return !error && status === 0
}

/** Ways to get one, from the quickest. Each says whether it went well. */
const ways = [
  () =>
    root &&
    existsSync('/usr/bin/apt-get') &&
    run('apt-get', ['update', '-q']) &&
    run('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'chromium', 'fonts-liberation'], {
      DEBIAN_FRONTEND: 'noninteractive',
    }),
  () =>
    run(process.execPath, [
      fileURLToPath(new URL('../node_modules/@playwright/test/cli.js', import.meta.url)),
      ...['install', ...(root && process.platform === 'linux' ? ['--with-deps'] : []), 'chromium'],
    ]),
]

function ensureBrowser() {
  const found = findBrowser()
  if (found) return console.log(`Browser for the tests: ${found}`)
  console.log('There is no Chromium on this machine. Getting one for the tests:')
  for (const way of ways) {
    const file = way() ? findBrowser() : null
    if (file) return console.log(`Browser for the tests: ${file}`)
  }
  throw new Error(
    `No Chromium could be found or installed. Install one with your package manager, or set ${VARIABLES[0]} to the program of a Chromium or Chrome.`,
  )
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  try {
    ensureBrowser()
  } catch (error) {
    console.error(error.message)
    process.exitCode = 1
  }
