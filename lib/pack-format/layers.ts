// Without the schemas of manifest.ts, so that the browser can know it without them.

/** What a pack is to a cluster, from the ground up. */
export const LAYERS = ['kernel', 'os', 'k8s', 'cni', 'csi', 'addon'] as const
