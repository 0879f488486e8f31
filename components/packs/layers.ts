import type { Layer } from '@/lib/pack-format/manifest'

/** A layer as people read it, and its hue: the same in the stack, in chips, facets and charts. */
export const LAYER_LOOKS: Record<Layer, { name: string; short: string; hue: string }> = {
  kernel: { name: 'Kernel', short: 'Kernel', hue: 'var(--os)' },
  os: { name: 'Operating system', short: 'OS', hue: 'var(--os)' },
  k8s: { name: 'Kubernetes', short: 'Kubernetes', hue: 'var(--k8s)' },
  cni: { name: 'Network', short: 'Network', hue: 'var(--cni)' },
  csi: { name: 'Storage', short: 'Storage', hue: 'var(--csi)' },
  addon: { name: 'Add-on', short: 'Add-on', hue: 'var(--addon)' },
}

/** From the bottom of the stack up. */
export const STACK_ORDER: readonly Layer[] = ['kernel', 'os', 'k8s', 'cni', 'csi', 'addon']
