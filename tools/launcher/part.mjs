// One part that runs: its process, its log, its end.
import { spawn } from 'node:child_process'
import { closeSync, fstatSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import path from 'node:path'
import { identify } from './process-identity.mjs'

const LOG_BYTES = 10 * 1024 * 1024
const OLD_LOGS = 2
const TAIL_LINES = 15
const MAX_LINE = 64 * 1024
const READY_TIMEOUT_MS = 60_000
const READY_EVERY_MS = 60
const STOP_TIMEOUT_MS = 10_000
const DRAIN_MS = 500
const WARN = 40 // pino's number

/** A log file that is put aside when it is full. */
function openLog(file) {
  let fd = openSync(file, 'a', 0o600)
  let size = fstatSync(fd).size
  let open = true
  return {
    write(chunk) {
      if (!open) return
      if (size > LOG_BYTES) {
        closeSync(fd)
        rmSync(`${file}.${OLD_LOGS}`, { force: true })
        for (let n = OLD_LOGS; n > 1; n--) moveIfThere(`${file}.${n - 1}`, `${file}.${n}`)
        renameSync(file, `${file}.1`)
        fd = openSync(file, 'a', 0o600)
        size = 0
      }
      size += writeSync(fd, chunk)
    },
    close() {
      open = false
      closeSync(fd)
    },
  }
}

function moveIfThere(from, to) {
  try {
    renameSync(from, to)
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
}

/**
 * What people should see of a line of a log; empty for the rest. Lines are JSON (pino's; the registry's say `message`
 * where the others say `msg`, as Distribution's do), or text of a program that writes none.
 */
export function worthSaying(line, isError) {
  let entry
  try {
    entry = JSON.parse(line)
  } catch {
    return isError ? line.trimEnd() : ''
  }
  if (typeof entry?.level !== 'number' || entry.level < WARN) return ''
  const text = entry.msg ?? entry.message ?? ''
  const reason = entry.err?.message ?? entry.reason
  return `${entry.level > WARN ? 'error' : 'warning'}: ${text}${reason && reason !== text ? ` (${reason})` : ''}`
}

/**
 * Starts a part.
 *
 * @param {{name: string, node: string, args: string[], env: NodeJS.ProcessEnv, cwd: string, logDir: string,
 *   say: (line: string) => void}} part `say` gets its warnings and errors
 */
export function startPart({ name, node, args, env, cwd, logDir, say }) {
  const log = openLog(path.join(logDir, `${name}.log`))
  const child = spawn(node, ['--import', new URL('./end-with-launcher.mjs', import.meta.url).href, ...args], {
    cwd,
    env: { ...env, PACKYARD_LAUNCHER: String(process.pid) },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const tail = []
  const events = new Set()

  for (const stream of [child.stdout, child.stderr]) {
    let rest = ''
    const line = (text) => {
      tail.push(text)
      if (tail.length > TAIL_LINES) tail.shift()
      const event = /"event":"([a-z-]+)"/.exec(text)?.[1]
      if (event) events.add(event)
      const worth = worthSaying(text, stream === child.stderr)
      if (worth) say(`${name}: ${worth}`)
    }
    stream.setEncoding('utf8')
    stream.on('data', (chunk) => {
      log.write(chunk)
      const lines = (rest + chunk).split('\n')
      rest = lines.pop().slice(0, MAX_LINE)
      for (const one of lines) if (one !== '') line(one)
    })
    stream.on('end', () => rest && line(rest))
  }

  /** @type {{code: number | null, signal: string | null, error?: Error} | null} */
  let end = null
  const ended = new Promise((resolve) => {
    const finish = (how) => {
      if (end) return
      end = how
      log.close()
      resolve(how)
    }
    child.on('close', (code, signal) => finish({ code, signal }))
    // A child of its own may still hold its output.
    child.on('exit', (code, signal) => setTimeout(finish, DRAIN_MS, { code, signal }))
    child.on('error', (error) => child.pid === undefined && finish({ code: null, signal: null, error }))
  })

  async function until(isReady) {
    const timeout = AbortSignal.timeout(READY_TIMEOUT_MS)
    while (!(await isReady())) {
      if (end) throw new Error(`${name} ended while starting (${howItEnded(end)}).\n${tail.join('\n')}`)
      if (timeout.aborted)
        throw new Error(`${name} does not answer after ${READY_TIMEOUT_MS / 1000} s.\n${tail.join('\n')}`)
      await new Promise((resolve) => setTimeout(resolve, READY_EVERY_MS))
    }
  }

  return {
    name,
    identity: { name, ...identify(child.pid ?? 0) },
    ended,
    /** Its last lines, for when it ended by itself. */
    tail: () => tail.join('\n'),

    /** Waits until it answers 200 at this address. */
    answersAt: (url) => until(() => answers(url)),

    /** Waits until its log tells of this event. */
    logs: (event) => until(async () => events.has(event)),

    /** Ends it: politely, then for good. */
    async stop() {
      if (end) return
      child.kill('SIGTERM')
      const hard = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS)
      await ended
      clearTimeout(hard)
    },
  }
}

async function answers(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000), redirect: 'manual' })
    await response.body?.cancel()
    return response.status === 200
  } catch {
    return false // it does not listen yet
  }
}

export const howItEnded = ({ code, signal, error }) => error?.message ?? (signal ? signal : `code ${code}`)
