import { compareVersions } from '../../pack-format/tag'
import { type Finding, toFinding } from './finding'
import { type CheckedLayer, type Dependency, packNameOf, type Subject } from './subject'

/**
 * What packs ask of each other: one they require, may stand beside in some versions only, or cannot stand beside; and
 * of themselves, from which version they may be upgraded. Bounds are inclusive; `1.27` means 1.27.0. Without bounds a
 * version is not looked at.
 *
 * @see https://docs.spectrocloud.com/registries-and-packs/pack-constraints/
 */
export function checkDependencies(profile: Pick<Subject, 'type' | 'layers' | 'before'>): Finding[] {
  return profile.layers.flatMap((layer) =>
    (layer.pack?.dependencies ?? []).flatMap((one) =>
      one.type === 'upgrade' ? checkUpgrade(layer, one, profile.before) : checkOther(layer, one, profile),
    ),
  )
}

function rangeOf({ minVersion, maxVersion }: Dependency) {
  const [min, max] = [minVersion?.trim() || undefined, maxVersion?.trim() || undefined]
  return {
    words: [min && `from ${min}`, max && `up to ${max}`].filter(Boolean).join(' '),
    holds: (version: string) =>
      (!min || compareVersions(version, min) >= 0) && (!max || compareVersions(version, max) <= 0),
  }
}

function checkOther(
  layer: CheckedLayer,
  dependency: Dependency,
  { type: profile, layers }: Pick<Subject, 'type' | 'layers'>,
): Finding[] {
  const { packName, type } = dependency
  const other = layers.find((one) => one.layer === dependency.layer && packNameOf(one.name) === packName)
  const { words, holds } = rangeOf(dependency)
  const place = { pack: layer.name, path: `needs ${dependency.layer}/${packName}` }
  if (!other) {
    // An add-on profile stands on a cluster whose layers are not its own.
    if (type !== 'required' || (profile === 'add-on' && dependency.layer !== 'addon')) return []
    return [
      toFinding({
        code: 'DependencyMissing',
        ...place,
        layer: dependency.layer,
        what: `${layer.displayName} needs ${packName}${words && ` ${words}`}.`,
        why: 'Its makers say that it does not work alone.',
        mend: 'Add it.',
      }),
    ]
  }
  if (words === '') return []
  const isInside = holds(other.version)
  const mend = 'Choose another version of one of them.'
  if ((type === 'required' || type === 'optional') && !isInside)
    return [
      toFinding({
        code: 'DependencyVersion',
        ...place,
        what: `${layer.displayName} works with ${other.displayName} ${words}; this profile has ${other.version}.`,
        why: 'Its makers name the versions that it works with.',
        mend,
      }),
    ]
  if (type === 'notSupported' && isInside)
    return [
      toFinding({
        code: 'DependencyNotSupported',
        ...place,
        what: `${layer.displayName} does not work with ${other.displayName} ${words}; this profile has ${other.version}.`,
        why: 'Its makers name versions that it does not work with.',
        mend,
      }),
    ]
  return []
}

/** Whether clusters of the version before may go to this one. */
function checkUpgrade(layer: CheckedLayer, dependency: Dependency, before: Subject['before']): Finding[] {
  const held = before?.find((one) => packNameOf(one.name) === dependency.packName)
  const { words, holds } = rangeOf(dependency)
  if (!held || words === '' || held.version === layer.version || holds(held.version)) return []
  return [
    toFinding({
      code: 'UpgradeVersion',
      pack: layer.name,
      path: `upgrade ${dependency.packName}`,
      what: `${layer.displayName} ${layer.version} takes upgrades of ${dependency.packName} ${words}; the version before this one has ${held.version}.`,
      why: 'Clusters of that version cannot go to this one in one step.',
      mend: 'Choose a version between them first.',
    }),
  ]
}
