/** The first line of values says which presets are in them: `# spectrocloud.com/enabled-presets: Group:name,…` */
export const MARK = /^#[ \t]*spectrocloud\.com\/enabled-presets:[ \t]*(.*?)[ \t]*(?:\r?\n|$)/

export interface EnabledPreset {
  group: string
  name: string
}

/** Which presets the values say are in them, at most one a group. */
export function enabledPresets(values: string): EnabledPreset[] {
  const held = new Map<string, EnabledPreset>()
  for (const part of (MARK.exec(values)?.[1] ?? '').split(',')) {
    const at = part.lastIndexOf(':')
    const [group, name] = [part.slice(0, Math.max(at, 0)).trim(), part.slice(at + 1).trim()]
    if (name) held.set(group, { group, name })
  }
  return [...held.values()]
}
