import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import { changeKeyFile } from '../../lib/crypto/key-file'
import { KEY_ID } from '../../lib/crypto/key-ring'
import { keyRing } from '../../lib/crypto/operator-keys'
import { env } from '../../lib/env'
import { countSealedVariables, resealVariables } from '../../lib/profiles/reseal'
import { type KeyUse, listKeys as listKeysOfRegistries, resealSecrets } from '../../lib/registries/reseal'

const KEY_BYTES = 32
type Keys = [string, Buffer][]
type Say = (text: string) => void

const USAGE = `The keys that seal the passwords and tokens of registries.

  list [--json]               each key, and how many secrets it seals
  add [--id ID] [--standby]   make a key; it seals from now on, or only opens with --standby
  promote ID                  let a key of the ring seal from now on
  reseal                      seal every secret anew with the key that seals, while all runs
  retire ID                   take a key out of the ring, when it seals nothing any more

To replace a key: add, reseal, retire the old one.`

/** @returns the exit code @throws Error for people */
export async function runKeys(args: string[], say: Say): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      id: { type: 'string' },
      standby: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const [command, id, ...more] = positionals
  if (values.help || command === undefined || more.length > 0) {
    say(USAGE)
    return values.help ? 0 : 2
  }
  if (command === 'list' && id === undefined) return list(values.json, say)
  if (command === 'add' && id === undefined) return add(values.id, values.standby, say)
  if (command === 'promote' && id !== undefined) return promote(id, say)
  if (command === 'reseal' && id === undefined) return reseal(say)
  if (command === 'retire' && id !== undefined) return retire(id, say)
  say(USAGE)
  return 2
}

/** Every key with the secrets of registries and of profiles' variables that it seals. */
async function listKeys(): Promise<KeyUse[]> {
  const [keys, variables] = await Promise.all([listKeysOfRegistries(), countSealedVariables()])
  const missing = [...variables.keys()].filter((id) => !keys.some((one) => one.id === id))
  return [...keys, ...missing.map((id) => ({ id, seals: false, isInRing: false, secrets: 0 }))].map(
    (one) => ({
      ...one,
      secrets: one.secrets + (variables.get(one.id) ?? 0),
    }),
  )
}

async function list(json: boolean, say: Say): Promise<number> {
  const keys = await listKeys()
  if (json) say(JSON.stringify({ keys }, null, 2))
  else {
    const rows = [
      ['KEY', 'SECRETS', 'STATE'],
      ...keys.map((key) => [key.id, String(key.secrets), stateOf(key)]),
    ]
    const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0))
    const [first, second] = [width(0), width(1)]
    for (const [key = '', secrets = '', state = ''] of rows)
      say(`${key.padEnd(first)}  ${secrets.padStart(second)}  ${state}`)
  }
  return keys.some((key) => !key.isInRing) ? 1 : 0
}

const stateOf = ({ seals, isInRing }: KeyUse) =>
  seals ? 'seals and opens' : isInRing ? 'opens' : 'missing: these secrets do not open'

function add(wanted: string | undefined, standby: boolean, say: Say): number {
  if (wanted !== undefined && !KEY_ID.test(wanted))
    throw new Error(`"${wanted}" is no name of a key. Use small letters, digits and hyphens, 32 at most.`)
  const id = wanted ?? freeId([...keyRing().keys.keys()])
  if (keyRing().keys.has(id))
    throw new Error(`There is a key "${id}" already. Choose another name with --id.`)
  const made: [string, Buffer] = [id, randomBytes(KEY_BYTES)]
  const last: (keys: Keys) => Keys = (keys) => [...keys, made]
  const first: (keys: Keys) => Keys = (keys) => [made, ...keys]
  const { PACKYARD_SECRET_KEYS_FILE: file } = env()
  if (!file) {
    say(`The keys are in the setting PACKYARD_SECRET_KEYS, which only you can change, in two steps.

1. Give every console and worker this value and start them again, one after another. All of them then open "${id}":

PACKYARD_SECRET_KEYS=${asSetting(last)}
${
  standby
    ? ''
    : `
2. When all have it, give them this value in the same way. New secrets are then sealed with "${id}":

PACKYARD_SECRET_KEYS=${asSetting(first)}

3. Then run reseal here with the same value.
`
}
Keep both out of logs and tickets: they hold the keys.`)
    return 0
  }
  changeKeyFile(file, standby ? last : first)
  say(
    standby
      ? `Added the key "${id}" to ${file}. It opens. When every console and worker reads that file, run: promote ${id}`
      : `Added the key "${id}" to ${file}. It seals from now on. Next: reseal`,
  )
  return 0
}

/** A name that tells the day. */
function freeId(taken: string[]): string {
  const day = `k${new Date().toISOString().slice(0, 10).replaceAll('-', '')}`
  for (let n = 1; ; n++) {
    const id = n === 1 ? day : `${day}-${n}`
    if (!taken.includes(id)) return id
  }
}

const asSetting = (change: (keys: Keys) => Keys): string =>
  change([...keyRing().keys])
    .map(([id, key]) => `${id}:${key.toString('base64')}`)
    .join(',')

/** Writes the key file, or says what the setting has to become. */
function apply(change: (keys: Keys) => Keys, done: string, say: Say): void {
  const { PACKYARD_SECRET_KEYS_FILE: file } = env()
  if (file) {
    changeKeyFile(file, change)
    say(done)
  } else
    say(`Give every console and worker this value and start them again:

PACKYARD_SECRET_KEYS=${asSetting(change)}`)
}

const mustHave = (id: string) => {
  if (!keyRing().keys.has(id))
    throw new Error(`There is no key "${id}" in the ring. list shows those that are.`)
}

function promote(id: string, say: Say): number {
  mustHave(id)
  const isIt = ([one]: [string, Buffer]) => one === id
  const change = (keys: Keys) => [...keys.filter(isIt), ...keys.filter((key) => !isIt(key))]
  apply(change, `The key "${id}" seals from now on. Next: reseal`, say)
  return 0
}

async function reseal(say: Say): Promise<number> {
  const { done: ofRegistries, lost } = await resealSecrets()
  const profiles = await resealVariables()
  const done = ofRegistries + profiles.done
  say(`Sealed ${done === 1 ? '1 secret' : `${done} secrets`} anew with "${keyRing().current.id}".`)
  for (const { id, what, reason } of lost)
    say(
      what === 'credentials'
        ? `The registry ${id} has to be given its password or token again. ${reason}`
        : what === 'webhook'
          ? `The webhook ${id} needs a new secret. ${reason}`
          : `The registry ${id} needs a new secret for push notifications. ${reason}`,
    )
  for (const { id, reason } of profiles.lost)
    say(`The masked variables of the profile ${id} have to be given their defaults again. ${reason}`)
  return lost.length + profiles.lost.length > 0 ? 1 : 0
}

async function retire(id: string, say: Say): Promise<number> {
  mustHave(id)
  if (keyRing().current.id === id)
    throw new Error(`The key "${id}" seals. Add another, or promote one, before you retire it.`)
  await mustSealNothing(id)
  const key = keyRing().keys.get(id) as Buffer
  apply((keys) => keys.filter(([one]) => one !== id), `Took the key "${id}" out of the ring.`, say)
  const { PACKYARD_SECRET_KEYS_FILE: file } = env()
  if (!file) return 0
  try {
    // A console that had begun to save a secret before the key lost its place may have used it still.
    await mustSealNothing(id)
  } catch (error) {
    changeKeyFile(file, (keys) => [...keys, [id, key]])
    throw error
  }
  return 0
}

async function mustSealNothing(id: string): Promise<void> {
  const secrets = (await listKeys()).find((key) => key.id === id)?.secrets ?? 0
  if (secrets > 0)
    throw new Error(
      `The key "${id}" still seals ${secrets === 1 ? '1 secret' : `${secrets} secrets`}. It stays. Run reseal first.`,
    )
}
