import { checkDependencies } from './dependencies'
import { type Finding, numbered } from './finding'
import { checkCloud, checkLayers } from './layers'
import { checkPackStates } from './pack-state'
import { checkResources } from './resources'
import type { Subject } from './subject'
import { checkReferences, checkTexts } from './texts'
import { checkValueSchema } from './value-schema'
import { checkVariables } from './variables'

/**
 * Everything that is wrong with a profile, and what is worth knowing of it. A draft may have errors; a published one has
 * none. Pure: the builder, the console and its threads find the same.
 */
export const checkProfile = (profile: Subject): Finding[] =>
  numbered([
    ...checkLayers(profile),
    ...checkCloud(profile),
    ...checkDependencies(profile),
    ...profile.layers.flatMap((layer) => [
      ...checkTexts(layer),
      ...checkValueSchema(layer, profile.variables),
      ...checkResources(layer),
    ]),
    ...checkReferences(profile),
    ...checkVariables(profile),
    ...checkPackStates(profile),
  ])
