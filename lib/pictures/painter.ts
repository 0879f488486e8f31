import { draw } from './draw'
import type { FromPainter, ToPainter } from './picture'

/**
 * The process in which foreign images are decoded, one after the other. Decoders are native code: neither the end of a
 * thread nor the limit of a heap stops them, so this process watches itself and ends where one takes too much.
 */

const CPU_MS = 2_000
/** With the process itself, which takes about 90. */
const MEMORY_MIB = 448
const LOOK_MS = 20

const tell = (message: FromPainter, then = () => {}) => void process.send?.(message, then)

function watch(): NodeJS.Timeout {
  const before = process.cpuUsage()
  return setInterval(() => {
    const { user, system } = process.cpuUsage(before)
    if ((user + system) / 1000 > CPU_MS) giveUp(`Drawing it took more than ${CPU_MS / 1000} seconds.`)
    if (process.memoryUsage.rss() > MEMORY_MIB * 1024 * 1024)
      giveUp(`Drawing it needed more than ${MEMORY_MIB} MB.`)
  }, LOOK_MS)
}

/** An end that waits for nothing: a decoder may be busy for ever. */
function giveUp(refused: string): void {
  const end = () => process.kill(process.pid, 'SIGKILL')
  tell({ drawn: { refused }, isLast: true }, end)
  setTimeout(end, 1_000)
}

process.on('message', async (work: ToPainter) => {
  const watching = watch()
  const drawn = await draw(work)
  clearInterval(watching)
  tell({ drawn, isLast: false })
})
process.on('disconnect', () => process.exit())
tell('ready')
