import type { Actor } from '@/lib/access/actor'
import { adapterOf } from '@/lib/registries/adapter'
import { addRegistry } from '@/lib/registries/add'
import { requestSync } from '@/lib/sync/request'
import { runSync } from '@/lib/sync/run'
import { pushPack } from './packs'
import { registryInput } from './tenant'

/** Packs that make a full profile, and some that are in trouble. */
const PACKS = [
  { name: 'rocky', version: '9.6.0', layer: 'os' },
  { name: 'kubernetes', version: '1.33.1', layer: 'k8s' },
  { name: 'kubernetes', version: '1.33.2', layer: 'k8s' },
  { name: 'kubernetes', version: '1.34.0', layer: 'k8s' },
  { name: 'calico', version: '3.30.0', layer: 'cni' },
  { name: 'nfs', version: '4.11.0', layer: 'csi' },
  {
    ...{ name: 'dash', version: '2.7.0', layer: 'addon', values: 'pack:\n  namespace: dash\n' },
    rest: {
      displayName: 'Dashboard',
      addonType: 'monitoring',
      constraints: {
        dependencies: [
          {
            packName: 'kubernetes',
            layer: 'k8s',
            minVersion: '1.33',
            maxVersion: '1.33.9',
            type: 'required',
          },
        ],
      },
    },
  },
  { name: 'old', version: '1.0.0', rest: { annotations: { system_state: 'deprecated' } } },
  { name: 'off', version: '1.0.0', rest: { annotations: { disabled: 'true' } } },
]

/** Pushes the packs above to a server. */
export async function pushCatalog(url: string): Promise<void> {
  for (const pack of PACKS) await pushPack({ url }, pack)
}

/** Adds the server as a registry and syncs it, as the worker does. @returns its uid */
export async function addSynced(admin: Actor, url: string): Promise<string> {
  const { id } = await addRegistry(admin, registryInput(url))
  await runSync(admin.tenantId, id, adapterOf, new AbortController().signal)
  return id
}

export async function syncAgain(admin: Actor, id: string): Promise<void> {
  await requestSync(admin, id)
  await runSync(admin.tenantId, id, adapterOf, new AbortController().signal)
}
