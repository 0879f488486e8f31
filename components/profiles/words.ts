import type { ProfileType } from '@/lib/profiles/schema'

export const TYPE_LOOKS: Record<ProfileType, { name: string; hint: string }> = {
  cluster: { name: 'Full', hint: 'Everything of a cluster: four core layers, and add-ons on top.' },
  infra: { name: 'Infrastructure', hint: 'The four core layers alone.' },
  'add-on': { name: 'Add-on', hint: 'Any number of add-ons, for clusters that exist.' },
}

export const PROFILE_TYPES = Object.keys(TYPE_LOOKS) as ProfileType[]

export const typeName = (type: string): string => TYPE_LOOKS[type as ProfileType]?.name ?? type

/** Where clusters run. Packs say for which of them they are made. */
export const CLOUDS: { value: string; name: string; group: string }[] = [
  { value: 'all', name: 'Any', group: 'Any' },
  { value: 'aws', name: 'Amazon Web Services', group: 'Public clouds' },
  { value: 'azure', name: 'Microsoft Azure', group: 'Public clouds' },
  { value: 'gcp', name: 'Google Cloud', group: 'Public clouds' },
  { value: 'tencent', name: 'Tencent Cloud', group: 'Public clouds' },
  { value: 'eks', name: 'Amazon EKS', group: 'Managed Kubernetes' },
  { value: 'aks', name: 'Azure AKS', group: 'Managed Kubernetes' },
  { value: 'gke', name: 'Google GKE', group: 'Managed Kubernetes' },
  { value: 'tke', name: 'Tencent TKE', group: 'Managed Kubernetes' },
  { value: 'vsphere', name: 'VMware vSphere', group: 'Own data centre' },
  { value: 'openstack', name: 'OpenStack', group: 'Own data centre' },
  { value: 'apache-cloudstack', name: 'Apache CloudStack', group: 'Own data centre' },
  { value: 'maas', name: 'MAAS', group: 'Own data centre' },
  { value: 'baremetal', name: 'Bare metal', group: 'Own data centre' },
  { value: 'edge-native', name: 'Edge', group: 'Edge' },
]

/** What packs also name, and no profile is made for. */
const OLDER_CLOUDS: Record<string, string> = { edge: 'Edge (older)' }

/** A cloud that we have no name for keeps its own. */
export const cloudName = (value: string): string =>
  CLOUDS.find((one) => one.value === value)?.name ?? OLDER_CLOUDS[value] ?? value
