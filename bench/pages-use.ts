import { chromium, type Page } from '@playwright/test'

import { percentile, round } from './world'

const SLOWER = 4
const WORDS = ['monitoring', 'gateway', 'storage', 'security', 'kubernetes']
/** Between two keys of somebody who types fast. */
const KEY_MS = 180
const ROWS = 10_000
const ROW_HEIGHT = 32
const SCROLL_STEP = 400

declare global {
  interface Window {
    benchPaints: number[]
    benchEvents: number[]
    benchTasks: number[]
  }
}

/** Runs in the page: notes when results are painted after a key, how long events took, and long tasks. */
function watch() {
  window.benchPaints = []
  window.benchEvents = []
  window.benchTasks = []
  let began = 0
  document.addEventListener(
    'input',
    (event) => {
      began = event.timeStamp
    },
    true,
  )
  new MutationObserver((changes) => {
    const isList = changes.some(({ target }) => (target as Element).closest?.('[aria-label="Packs"]'))
    if (!began || !isList) return
    const key = began
    began = 0
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => window.benchPaints.push(performance.now() - key)
      port2.postMessage(0)
    })
  }).observe(document, { subtree: true, childList: true })
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.benchEvents.push(entry.duration)
  }).observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit)
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.benchTasks.push(entry.duration)
  }).observe({ type: 'longtask' })
}

/** Types words into the search, and scrolls through the table, on a processor four times as slow. */
export async function typeAndScroll(url: string, cookie: string, executablePath: string, args: string[]) {
  const browser = await chromium.launch({ executablePath, args })
  try {
    const [name = '', value = ''] = cookie.split(/=(.*)/s)
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
    await context.addCookies([{ name, value, url }])
    const page = await context.newPage()
    await page.goto(`${url}/packs`, { waitUntil: 'networkidle' })
    await page.getByRole('list', { name: 'Packs' }).waitFor()
    const session = await context.newCDPSession(page)
    await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER })
    await page.evaluate(watch)
    const search = page.getByLabel('Search packs')
    for (const word of WORDS) {
      await search.fill('')
      await page.waitForTimeout(600)
      for (const key of word) {
        await search.press(key)
        await page.waitForTimeout(KEY_MS)
      }
    }
    const typed = await page.evaluate(() => ({
      paints: window.benchPaints,
      events: window.benchEvents,
      tasks: window.benchTasks,
    }))
    await page.goto(`${url}/packs?view=table`, { waitUntil: 'networkidle' })
    await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER })
    const framesPerSecond = await scrollThrough(page)
    return {
      ...{ keys: typed.paints.length, typingP50: percentile(typed.paints, 0.5) },
      ...{ typingP95: percentile(typed.paints, 0.95), inp: percentile(typed.events, 0.98) },
      longestTask: round(Math.max(0, ...typed.tasks)),
      framesPerSecond,
    }
  } finally {
    await browser.close()
  }
}

/** @returns frames a second from the first row to the ten thousandth */
function scrollThrough(page: Page): Promise<number> {
  return page.evaluate(
    async ({ until, step }) => {
      let frames = 0
      const began = performance.now()
      const limit = began + 120_000
      while (window.scrollY < until && performance.now() < limit) {
        window.scrollBy(0, step)
        await new Promise((done) => requestAnimationFrame(done))
        frames++
      }
      if (window.scrollY < until / 2) throw new Error(`Only ${window.scrollY} pixels could be scrolled`)
      return Math.round((frames * 1000) / (performance.now() - began))
    },
    { until: ROWS * ROW_HEIGHT, step: SCROLL_STEP },
  )
}
