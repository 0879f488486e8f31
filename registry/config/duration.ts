const UNITS: Record<string, number> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
}

/**
 * A duration as Distribution's configuration writes it, `1m30s`, in milliseconds; null where it is none.
 *
 * @see https://pkg.go.dev/time#ParseDuration
 */
export function readDuration(text: string): number | null {
  if (text.length > 32) return null
  let ms = 0
  let length = 0
  for (const [part, number, unit = ''] of text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/gy)) {
    ms += Number(number) * (UNITS[unit] ?? 0)
    length += part.length
  }
  return length > 0 && length === text.length ? ms : null
}
