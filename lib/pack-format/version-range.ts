/** Versions from one bound to the other, as people say it: `1.28 to 1.36`, `1.28 or newer`. Bounds are inclusive. */
export function rangeText({
  minVersion = '',
  maxVersion = '',
}: {
  minVersion?: string
  maxVersion?: string
}): string {
  if (minVersion && maxVersion)
    return minVersion === maxVersion ? minVersion : `${minVersion} to ${maxVersion}`
  if (minVersion) return `${minVersion} or newer`
  return maxVersion ? `${maxVersion} or older` : 'any version'
}
