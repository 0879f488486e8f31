// The world of `npm run dev`: registries in every state, each for its real reason, and profiles in every state. Made
// through the verbs, as people make theirs.
import { setTimeout as sleep } from 'node:timers/promises'

import type { Actor } from '../lib/access/actor'
import { launcher } from '../lib/access/first-admin'
import { AppError } from '../lib/errors'
import { createProfile } from '../lib/profiles/save'
import type { LayerInput, ProfileInput } from '../lib/profiles/schema'
import { addRegistry } from '../lib/registries/add'
import { pauseRegistry } from '../lib/registries/pause'
import { listRegistries } from '../lib/registries/read'
import type { RegistryInput } from '../lib/registries/schema'

const SYNCED_WITHIN_MS = 120_000
const ALL = { skip: 0, take: 100 }

export interface SeedInput {
  tenantId: string
  /** The bundled registry, and the gateway before it that misbehaves by path: tools/launcher/dev-gateway.mjs */
  endpoint: string
  gateway: string
  username: string
  password: string
}

/** Registries that are not as they should be, and what makes them so. */
const registriesOf = ({ endpoint, gateway, username, password }: SeedInput) => [
  { name: 'Team packs', endpoint: `${gateway}/empty`, password },
  { name: 'Mirror Frankfurt', endpoint: `${gateway}/broken`, password, syncEveryMinutes: 60 },
  { name: 'Overseas mirror', endpoint: `${gateway}/slow`, password, syncEveryMinutes: 1 },
  // Nobody listens there.
  { name: 'Edge Hamburg', endpoint: 'http://127.0.0.1:9', password },
  { name: 'Vendor packs', endpoint, password: `not ${username}'s` },
  { name: 'Old mirror', endpoint, password, paused: true },
]

/** Adds each as paused, so that none is refused for what is wrong with it, and then lets it run. */
async function seedRegistries(actor: Actor, input: SeedInput): Promise<void> {
  for (const { paused = false, password, ...rest } of registriesOf(input)) {
    const given: RegistryInput = {
      ...{ kind: 'pack', syncEveryMinutes: 15, isPrivate: true, labels: {}, annotations: {}, ...rest },
      auth: { type: 'basic', username: input.username, password },
      tls: { ca: '', insecureSkipVerify: false },
      paused: true,
    }
    const added = await once(() => addRegistry(actor, given))
    if (added && !paused) await pauseRegistry(actor, added.id, false)
  }
}

/** @returns null when it is there already: an earlier start was interrupted */
async function once<T>(make: () => Promise<T>): Promise<T | null> {
  try {
    return await make()
  } catch (error) {
    if (error instanceof AppError && error.code === 'conflict') return null
    throw error
  }
}

async function synced(actor: Actor, name: string): Promise<string> {
  for (const end = Date.now() + SYNCED_WITHIN_MS; Date.now() < end; await sleep(500)) {
    const { rows } = await listRegistries(actor, ALL)
    const found = rows.find((row) => row.name === name)
    if (found?.lastOutcome === 'completed') return found.id
  }
  throw new Error(`${name} was not synced in ${SYNCED_WITHIN_MS / 1000} s.`)
}

type Seed = Pick<ProfileInput, 'name' | 'version' | 'type'> & {
  packs: string[]
  published?: boolean
  about: string
}

const PROFILES: Seed[] = [
  {
    name: 'production',
    version: '1.0.0',
    type: 'cluster',
    packs: [
      'ubuntu 24.04.x',
      'kubernetes 1.35.x',
      'cni-cilium 1.19.x',
      'csi-nfs 4.x',
      'prometheus 3.5.x',
      'traefik 3.6.x',
    ],
    published: true,
    about: 'What runs in both data centres',
  },
  {
    name: 'production',
    version: '1.1.0',
    type: 'cluster',
    packs: [
      'ubuntu 24.04.x',
      'kubernetes 1.36.x',
      'cni-cilium 1.19.x',
      'csi-nfs 4.x',
      'prometheus 3.14.x',
      'traefik 3.7.x',
    ],
    about: 'The next step: Kubernetes 1.36 and new add-ons',
  },
  {
    name: 'edge',
    version: '0.1.0',
    type: 'cluster',
    packs: ['rocky 9.x', 'kubernetes-k3s 1.36.x', 'cni-calico 3.x', 'csi-local-path 0.0.x', 'kube-vip 1.x'],
    about: 'One small machine in each shop',
  },
  {
    name: 'base',
    version: '2.0.0',
    type: 'infra',
    packs: ['ubuntu 24.04.x', 'kubernetes 1.36.x', 'cni-calico 3.x', 'csi-nfs 4.x'],
    published: true,
    about: 'The four layers below, for everybody',
  },
  {
    name: 'observability',
    version: '1.0.0',
    type: 'add-on',
    packs: ['prometheus 3.x', 'fluent-bit 5.x'],
    published: true,
    about: 'Metrics and logs',
  },
  // Not fit to publish: it has no storage and no network.
  {
    name: 'unfinished',
    version: '0.0.1',
    type: 'cluster',
    packs: ['rocky 9.x', 'kubernetes 1.35.x'],
    about: 'Begun on a Friday',
  },
]

async function seedProfiles(actor: Actor, registryUid: string): Promise<void> {
  for (const { packs, published = false, about, ...rest } of PROFILES) {
    const layers = packs.map((pack): LayerInput => {
      const [name = '', tag] = pack.split(' ')
      return { name, tag, type: 'spectro', registryUid }
    })
    const input = {
      ...rest,
      cloudType: 'all',
      labels: {},
      annotations: { description: about },
      variables: [],
      layers,
    }
    await once(() => createProfile(actor, input, { publish: published }))
  }
}

/** Makes the world. Safe to repeat. Waits for the worker, since profiles need packs. */
export async function seed(input: SeedInput): Promise<void> {
  const actor = launcher(input.tenantId)
  await seedRegistries(actor, input)
  await seedProfiles(actor, await synced(actor, 'Sample packs'))
}
