/**
 * `npm run bench:pages -- [--versions 100000] [--only '^/packs'] [--skip-lighthouse]`
 *
 * Measures the console's pages in a browser, with everything real: an embedded PostgreSQL, the built console and a
 * Chromium. Lighthouse looks at every route as on a phone and on a desk; then somebody types and scrolls on a processor
 * four times as slow. Prints a table of goals and results, and fails where one of them is missed.
 */
import { parseArgs } from 'node:util'
import { chromium } from '@playwright/test'
import lighthouse, { desktopConfig } from 'lighthouse'
import { request } from 'undici'

import { build } from '../tools/build.mjs'
import { findBrowser } from '../tools/ensure-browser.mjs'
import { nameOf, uidOf } from './made-catalog'
import { typeAndScroll } from './pages-use'
import { VERSIONS } from './search-kinds'
import { freePort, inWorld, machine, newBenchTenant, percentile, round, say, type World } from './world'

const { values: options } = parseArgs({
  options: {
    versions: { type: 'string', default: '100000' },
    only: { type: 'string', default: '.' },
    'skip-lighthouse': { type: 'boolean', default: false },
  },
})
const PASSWORD = 'bench-correct-horse-battery'
const KIB = 1024
/** The editor of profiles loads what edits values, and is measured apart. */
const EDITORS = /^\/profiles\/(?:new|.*\/edit)/
const FIRST_BYTE_REQUESTS = 100
const CHROME = [
  ...['--headless=new', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-dev-shm-usage'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
]

interface Line {
  what: string
  goal: string
  result: number
  isMet: boolean
}
const lines: Line[] = []

const atMost = (what: string, most: number, result: number) =>
  lines.push({ what, goal: `<= ${most}`, result: round(result), isMet: result <= most })
const atLeast = (what: string, least: number, result: number) =>
  lines.push({ what, goal: `>= ${least}`, result: round(result), isMet: result >= least })

const routesOf = (digit: string) => [
  '/login',
  '/',
  '/packs',
  '/packs?view=table',
  '/packs?q=monitoring',
  `/packs/${nameOf(7)}`,
  '/changes',
  '/profiles',
  '/profiles/new',
  '/admin/settings/pack-registries',
  '/admin/settings/pack-registries/new',
  `/admin/settings/pack-registries/${uidOf(`c${digit}`, 0)}`,
  `/admin/settings/pack-registries/${uidOf(`c${digit}`, 0)}/edit`,
  '/admin/settings/api-keys',
]

/** Signs in as the form does. @returns the session's cookie */
async function signIn(url: string, email: string): Promise<string> {
  const asked = await request(`${url}/api/auth/csrf`)
  const { csrfToken } = (await asked.body.json()) as { csrfToken: string }
  const cookies = [asked.headers['set-cookie'] ?? []].flat().map((one) => one.split(';')[0])
  const answer = await request(`${url}/api/auth/callback/credentials`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', cookie: cookies.join('; ') },
    body: new URLSearchParams({ csrfToken, email, password: PASSWORD, json: 'true' }).toString(),
  })
  await answer.body.dump()
  const session = [answer.headers['set-cookie'] ?? []]
    .flat()
    .map((one) => one.split(';')[0] ?? '')
    .find((one) => one.includes('session-token'))
  if (!session) throw new Error(`Nobody could sign in: ${answer.statusCode}`)
  return session
}

interface Audits {
  [id: string]: { numericValue?: number; details?: { items?: unknown[] } } | undefined
}
interface Sent {
  resourceType?: string
  transferSize?: number
}

async function look(port: number, url: string, route: string, cookie: string, isDesk: boolean) {
  const place = `${isDesk ? 'desk ' : 'phone'} ${route}`
  const run = await lighthouse(
    url + route,
    {
      port,
      output: 'json',
      logLevel: 'error',
      onlyCategories: ['performance', 'accessibility', 'best-practices'],
      extraHeaders: route === '/login' ? {} : { Cookie: cookie },
    },
    isDesk ? desktopConfig : undefined,
  )
  if (!run || run.lhr.runtimeError) throw new Error(`${place}: ${run?.lhr.runtimeError?.message}`)
  const { categories } = run.lhr
  const audits = run.lhr.audits as unknown as Audits
  const score = (id: string) => Math.round((categories[id]?.score ?? 0) * 100)
  const failed = ['accessibility', 'best-practices'].flatMap((id) =>
    (categories[id]?.auditRefs ?? []).filter(
      ({ id: audit, weight }) => weight > 0 && run.lhr.audits[audit]?.score === 0,
    ),
  )
  if (failed.length > 0) say(`${place}: ${failed.map(({ id }) => id).join(', ')}`)
  if (isDesk || !EDITORS.test(route))
    atLeast(`${place}: performance`, isDesk ? 100 : 98, score('performance'))
  atLeast(`${place}: accessibility`, 100, score('accessibility'))
  atLeast(`${place}: best practices`, 100, score('best-practices'))
  atMost(`${place}: CLS`, 0.01, audits['cumulative-layout-shift']?.numericValue ?? 1)
  if (isDesk) return
  const sent = ((audits['network-requests']?.details?.items ?? []) as Sent[])
    .filter(({ resourceType }) => resourceType === 'Script')
    .reduce((sum, { transferSize = 0 }) => sum + transferSize, 0)
  atMost(
    `${place}: JavaScript, KiB`,
    route.startsWith('/packs?') || route === '/packs' ? 175 : 220,
    sent / KIB,
  )
  if (route === '/packs')
    atMost(`${place}: LCP, ms`, 1300, audits['largest-contentful-paint']?.numericValue ?? 1e9)
  const told = ['first-contentful-paint', 'largest-contentful-paint', 'interactive', 'total-blocking-time']
  say(`${place}: ${told.map((id) => `${id} ${Math.round(audits[id]?.numericValue ?? 0)}`).join(', ')}`)
}

async function firstByte(url: string, cookie: string): Promise<number> {
  const times = []
  for (let i = 0; i < FIRST_BYTE_REQUESTS; i++) {
    const began = performance.now()
    const answer = await request(`${url}/packs`, { headers: { cookie } })
    times.push(performance.now() - began)
    const html = await answer.body.text()
    if (answer.statusCode !== 200 || !html.includes(nameOf(0)))
      throw new Error('The page does not hold the list')
  }
  return percentile(times, 0.5)
}

async function measurePages(world: World, browser: string) {
  const { hashPassword } = await import('@/lib/access/password')
  const packs = Math.ceil(Number(options.versions) / VERSIONS)
  const { email } = await newBenchTenant(world, packs, VERSIONS, '0', await hashPassword(PASSWORD))
  const cookie = await signIn(world.url, email)
  const only = new RegExp(options.only)
  atMost('/packs: first byte, ms p50', 12, await firstByte(world.url, cookie))
  if (!options['skip-lighthouse']) {
    const port = await freePort()
    const args = [...CHROME, `--remote-debugging-port=${port}`]
    const chrome = await chromium.launch({ executablePath: browser, args })
    try {
      for (const route of routesOf('0').filter((one) => only.test(one)))
        for (const isDesk of [false, true]) await look(port, world.url, route, cookie, isDesk)
    } finally {
      await chrome.close()
    }
  }
  const used = await typeAndScroll(world.url, cookie, browser, CHROME)
  say(`typing: ${JSON.stringify(used)}`)
  atMost('typing to painted results, ms p95', 100, used.typingP95)
  atMost('interaction to next paint, ms', 100, used.inp)
  atMost('longest task while typing, ms', 50, used.longestTask)
  atLeast('scrolling 10,000 rows, frames a second', 55, used.framesPerSecond)
}

const browser = findBrowser()
if (!browser) throw new Error('There is no Chromium here.')
await build(say)
await inWorld('bench-pages', (world) => measurePages(world, browser))
const width = Math.max(...lines.map(({ what }) => what.length))
for (const { what, goal, result, isMet } of lines)
  console.log(`${isMet ? 'met   ' : 'MISSED'}  ${what.padEnd(width)}  ${goal.padEnd(9)}  ${result}`)
console.log(JSON.stringify(machine()))
if (lines.some(({ isMet }) => !isMet)) process.exitCode = 1
