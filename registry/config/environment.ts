import { parse } from 'yaml'
import type { z } from 'zod'

import { childOf, isText } from './keys'
import { Config } from './schema'

const PREFIX = 'REGISTRY_'
/** Says where the file is, and is no setting. */
const CONFIGURATION_PATH = 'REGISTRY_CONFIGURATION_PATH'

export type Tree = Record<string, unknown>
export type Environment = Record<string, string | undefined>

/** The variable that sets a key: `http.tls.key` is REGISTRY_HTTP_TLS_KEY. */
export const variableOf = (path: readonly PropertyKey[]): string =>
  PREFIX + path.map((key) => String(key).toUpperCase()).join('_')

/**
 * Lays the REGISTRY_ variables over a configuration, as Distribution does: in the order of their names, each
 * replacing what stands at its path. So REGISTRY_AUTH=htpasswd replaces the whole of `auth`, and realm and path
 * must then come from variables of their own.
 *
 * @returns the new configuration, and the variables that name no key
 * @see https://distribution.github.io/distribution/about/configuration/#override-specific-configuration-options
 */
export function applyEnvironment(config: Tree, env: Environment): { config: Tree; unknown: string[] } {
  const result = structuredClone(config)
  const unknown: string[] = []
  for (const name of Object.keys(env).sort()) {
    const value = env[name]
    if (!name.startsWith(PREFIX) || name === CONFIGURATION_PATH || value === undefined) continue
    if (!set(result, Config, name.slice(PREFIX.length).toLowerCase().split('_'), value)) unknown.push(name)
  }
  return { config: result, unknown }
}

function set(node: Tree | unknown[], schema: z.core.$ZodType, path: string[], text: string): boolean {
  const [key, ...rest] = path
  const child = key && childOf(schema, key)
  if (!key || !child) return false
  const at = Array.isArray(node) ? Number(key) : key
  const holder = node as Record<string | number, unknown>
  if (rest.length === 0) {
    holder[at] = isText(child) ? text : understand(text)
    return true
  }
  let inner = holder[at]
  // `storage: inmemory` becomes a map as soon as something is set below it.
  if (typeof inner === 'string') inner = { [inner]: {} }
  if (typeof inner !== 'object' || inner === null) inner = /^\d+$/.test(rest[0] ?? '') ? [] : {}
  if (!set(inner as Tree, child, rest, text)) return false
  holder[at] = inner
  return true
}

function understand(text: string): unknown {
  try {
    return parse(text)
  } catch {
    return text
  }
}
