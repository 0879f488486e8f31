/**
 * What the system fills in when a cluster is made, by name: `{{.spectro.system.cluster.name}}`.
 *
 * @see https://docs.spectrocloud.com/registries-and-packs/pack-constraints/
 */
export const SYSTEM_MACROS: readonly { name: string; about: string }[] = [
  { name: 'user.name', about: 'Name of the person who makes the cluster' },
  { name: 'user.uid', about: 'Uid of that person' },
  { name: 'user.email', about: 'E-mail address of that person' },
  { name: 'tenant.uid', about: 'Uid of the tenant' },
  { name: 'project.name', about: 'Name of the project' },
  { name: 'project.uid', about: 'Uid of the project' },
  { name: 'clusterprofile.name', about: 'Name of this profile' },
  { name: 'clusterprofile.uid', about: 'Uid of this profile' },
  { name: 'clusterprofile.version', about: 'Version of this profile' },
  { name: 'clusterprofile.infra.name', about: 'Name of the infrastructure profile below' },
  { name: 'clusterprofile.infra.uid', about: 'Uid of the infrastructure profile below' },
  { name: 'clusterprofile.infra.version', about: 'Version of the infrastructure profile below' },
  { name: 'cluster.name', about: 'Name of the cluster' },
  { name: 'cluster.uid', about: 'Uid of the cluster' },
  { name: 'cluster.kubevip', about: 'Virtual address of the control plane' },
  { name: 'cloudaccount.name', about: 'Name of the cloud account' },
  { name: 'cloudaccount.uid', about: 'Uid of the cloud account' },
  { name: 'kubernetes.version', about: 'Version of Kubernetes' },
  { name: 'reverseproxy.server', about: 'Address of the reverse proxy' },
  { name: 'reverseproxy.port', about: 'Port of the reverse proxy' },
  { name: 'reverseproxy.protocol', about: 'Protocol of the reverse proxy' },
  { name: 'reverseproxy.vhostport', about: 'Port of the reverse proxy for virtual hosts' },
  { name: 'cloud.type', about: 'Cloud that the cluster runs on' },
  { name: 'cloud.region', about: 'Region of that cloud' },
]

const NAMES = new Set(SYSTEM_MACROS.map((one) => one.name))

export const isSystemMacro = (name: string): boolean => NAMES.has(name)

/** The macro that was most likely meant: spelled alike, or with the same last word; null where none is near. */
export function nearest(name: string, among: Iterable<string>): string | null {
  let best: { name: string; distance: number } | null = null
  for (const one of among) {
    const distance = editDistance(name.toLowerCase(), one.toLowerCase())
    if (!best || distance < best.distance) best = { name: one, distance }
  }
  return best && best.distance <= Math.max(2, Math.floor(name.length / 4)) ? best.name : null
}

const LONGEST = 80

function editDistance(a: string, b: string): number {
  if (a.length > LONGEST || b.length > LONGEST) return LONGEST
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next.push(
        Math.min(
          (row[j] ?? 0) + 1,
          (next[j - 1] ?? 0) + 1,
          (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
        ),
      )
    row = next
  }
  return row[b.length] ?? LONGEST
}
