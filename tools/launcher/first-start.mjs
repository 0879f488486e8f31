// What a person needs until the first sign-in: printed at each start, and kept in one file.
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { writePrivate } from './keep.mjs'

const FILE = 'first-start.txt'
const FIRST_PACK = 'examples/namespace-defaults-1.0.0'

/** @param {{url: string, admin: {email: string, password: string} | null, registry: {server: string, username: string, password: string} | null}} world */
export function firstStartText({ url, admin, registry }) {
  const sections = [
    [
      ['Console', url],
      ...(admin
        ? [
            ['Email', admin.email],
            ['Password', admin.password],
          ]
        : []),
    ],
    ...(registry
      ? [
          [
            ['Pack registry', `http://${registry.server}`],
            ['User name', registry.username],
            ['Password', registry.password],
          ],
        ]
      : []),
  ]
  const table = sections
    .map((rows) => rows.map(([label, value]) => `  ${label.padEnd(14)} ${value}`).join('\n'))
    .join('\n\n')
  if (!registry) return table
  const { server, username, password } = registry
  return `${table}

  Push a first pack:
    npm run -s packyard -- registry login ${server} -i --username ${username} --password ${password}
    npm run -s packyard -- pack push ${FIRST_PACK} -r ${server}`
}

/** Keeps it in the data directory, mode 0600. @returns {string} the file */
export function keepFirstStart(dataDir, text) {
  const file = path.join(dataDir, FILE)
  writePrivate(file, `${text}\n`)
  return file
}

/** After the first sign-in: the admin's password is gone from the file, the registry's login stays. */
export function markSignedIn(dataDir, world) {
  if (!existsSync(path.join(dataDir, FILE))) return
  keepFirstStart(
    dataDir,
    `${firstStartText({ ...world, admin: null })}\n\n  The admin has signed in. A new password: npm run -s reset-admin`,
  )
}

/** Before the first sign-in: a password made anew takes the place of the one that no longer works. */
export function renewPassword(dataDir, email, password) {
  const file = path.join(dataDir, FILE)
  if (!existsSync(file)) return
  const rows = readFileSync(file, 'utf8').split('\n')
  const at = rows.findIndex((row) => row.trim() === `Email          ${email}`)
  if (at < 0) return
  rows[at + 1] = `  ${'Password'.padEnd(14)} ${password}`
  writePrivate(file, rows.join('\n'))
}
