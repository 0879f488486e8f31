/** What a new pack may begin as. */
export const PACK_TEMPLATES = ['manifest', 'chart', 'os', 'k8s'] as const
export type PackTemplate = (typeof PACK_TEMPLATES)[number]
