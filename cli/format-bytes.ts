const UNITS = ['bytes', 'KiB', 'MiB', 'GiB'] as const

/** A size as people read it: `0 bytes`, `1.5 MiB`. */
export function formatBytes(bytes: number): string {
  const step = bytes < 1024 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), UNITS.length - 1)
  const value = bytes / 1024 ** step
  return `${step === 0 ? value : value.toFixed(1)} ${UNITS[step]}`
}
