import type { ValueRule } from '../pack-format/value-schema'

/** A text from a form as the value that it means for its rule. */
export function toValue({ type }: ValueRule, text: string): string | number | boolean {
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true'
  // What would be written otherwise than it was entered stays a text.
  if (type === 'number' && text.trim() !== '' && String(Number(text)) === text) return Number(text)
  return text
}
