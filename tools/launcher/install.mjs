// Whether what the lock file names is installed; if not, `npm ci`. Built-ins only.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { ROOT, StartError } from './settings.mjs'

/** npm keeps a lock file of its own of what it has installed. */
export function isInstalled() {
  const read = (file) => {
    const full = path.join(ROOT, file)
    return existsSync(full) ? JSON.parse(readFileSync(full, 'utf8')).packages : null
  }
  const held = read('node_modules/.package-lock.json')
  if (!held) return false
  return Object.entries(read('package-lock.json')).every(([where, { version, optional, devOptional }]) => {
    if (where === '') return true
    const one = held[where]
    // What is for another platform is not installed.
    return one ? one.version === version : Boolean(optional || devOptional)
  })
}

/** @param {(child: import('node:child_process').ChildProcess) => void} onChild to end it when the launcher is ended */
export async function install(onChild) {
  // npm's own Node: the one of node_modules is about to be replaced.
  const { npm_execpath, npm_node_execpath } = process.env
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error']
  const [command, rest] =
    npm_execpath?.endsWith('.js') && npm_node_execpath
      ? [npm_node_execpath, [npm_execpath, ...args]]
      : ['npm', args]
  const child = spawn(command, rest, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] })
  onChild(child)
  const code = await new Promise((resolve, reject) => child.on('close', resolve).on('error', reject))
  if (code !== 0)
    throw new StartError(
      `The packages could not be installed (npm ci ended with ${code}). Its message stands above.`,
    )
}

/** The Node that comes with the packages, where there is one that runs here; else this one. */
export function nodeOfPackages() {
  const node = path.join(ROOT, 'node_modules/.bin/node')
  if (!existsSync(node)) return process.execPath
  return spawnSync(node, ['--version'], { timeout: 10_000 }).status === 0 ? node : process.execPath
}
