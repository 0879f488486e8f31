import { z } from 'zod'

import { parseYaml } from './yaml'

/** What to take out of a pack's values, and what to merge in. */
const Preset = z
  .object({
    name: z.coerce.string().min(1),
    displayName: z.coerce.string().optional(),
    group: z.coerce.string().default(''),
    remove: z.array(z.string()).nullish(),
    add: z.string().nullish(),
  })
  .transform(({ name, displayName, group, remove, add }) => ({
    name,
    displayName: displayName ?? name,
    group,
    remove: remove ?? [],
    add: add ?? '',
  }))
export type Preset = z.output<typeof Preset>

const PresetFile = z.object({ presets: z.array(Preset).max(500).nullish() }).nullable()

/**
 * Reads presets.yaml. An empty file holds none.
 *
 * @throws YamlError, or ZodError where it is YAML and no list of presets
 */
export function parsePresets(text: string): Preset[] {
  return PresetFile.parse(parseYaml(text))?.presets ?? []
}
