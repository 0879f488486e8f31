// Completes package-lock.json with the optional packages of other platforms that the registry at hand did not serve,
// so that `npm ci` passes everywhere. Run after each change of dependencies: `npm run lock`.
import { readFileSync, writeFileSync } from 'node:fs'

const FILE = 'package-lock.json'
const OS = {
  android: 'android',
  aix: 'aix',
  darwin: 'darwin',
  freebsd: 'freebsd',
  linux: 'linux',
  linuxmusl: 'linux',
  netbsd: 'netbsd',
  openbsd: 'openbsd',
  openharmony: 'openharmony',
  sunos: 'sunos',
  win32: 'win32',
  windows: 'win32',
}
const CPUS = ['arm64', 'x64', 'ia32', 'arm', 'ppc64', 's390x', 'riscv64', 'loong64', 'mips64el', 'wasm32']

const lock = JSON.parse(readFileSync(FILE, 'utf8'))
const { packages } = lock

/** Whether `name` is found from `where`, the way Node looks it up. */
function isLocked(where, name) {
  for (let at = where; ; ) {
    if (packages[`${at ? `${at}/` : ''}node_modules/${name}`]) return true
    if (!at) return false
    at = at.includes('/node_modules/') ? at.slice(0, at.lastIndexOf('/node_modules/')) : ''
  }
}

const added = []
for (const [where, { optionalDependencies = {} }] of Object.entries({ ...packages }))
  for (const [name, range] of Object.entries(optionalDependencies)) {
    const version = range.replace(/^[\^~]/, '')
    if (isLocked(where, name) || !/^\d/.test(version)) continue
    const words = name.toLowerCase().split(/[/\-_.]/)
    const os = words.map((word) => OS[word]).find(Boolean)
    const cpu = CPUS.find((one) => words.includes(one)) ?? (words.includes('x86') ? 'ia32' : undefined)
    packages[`node_modules/${name}`] = {
      version,
      ...(cpu && { cpu: [cpu] }),
      optional: true,
      ...(os && { os: [os] }),
      ...(words.includes('musl') && { libc: ['musl'] }),
    }
    added.push(name)
  }
lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
writeFileSync(FILE, `${JSON.stringify(lock, null, 2)}\n`)
console.log(`${added.length} packages of other platforms added to ${FILE}`)
