import type { Outbound, OutboundResponse } from '../outbound/client'
import { OutboundError } from '../outbound/errors'
import { RemoteError } from './adapter'
import type { CheckStepName, RegistryKind } from './schema'

const HEAD_BYTES = 4096
const INDEX_BYTES = 128 * 1024 * 1024

interface Sign {
  /** Where this kind answers, below the endpoint. */
  path: string
  /** As people call it. */
  name: string
  seen: string
  add: string
  /** @param isOpen whether the server lets strangers ask for what is not there */
  isIt(response: OutboundResponse, isOpen: boolean): boolean | Promise<boolean>
}

const isDistribution = ({ headers }: OutboundResponse) => headers.has('docker-distribution-api-version')

/** How each kind shows itself to somebody without credentials. */
const SIGNS: Record<RegistryKind, Sign> = {
  pack: {
    path: 'v1/',
    name: 'a pack registry',
    seen: 'This is a pack registry: it answers under /v1/',
    add: 'Add it as a registry of the kind Pack registry',
    isIt(response, isOpen) {
      if (response.status === 200) return isDistribution(response)
      const asks = isOpen && /^basic\b/i.test(response.headers.get('www-authenticate') ?? '')
      return response.status === 401 && (isDistribution(response) || asks)
    },
  },
  oci: {
    path: 'v2/',
    name: 'an OCI registry',
    seen: 'This is a registry of container images: it answers under /v2/',
    add: 'Add it as a registry of the kind OCI registry',
    isIt: (response) => [200, 401].includes(response.status) && isDistribution(response),
  },
  helm: {
    path: 'index.yaml',
    name: 'a Helm repository',
    seen: 'This is a Helm repository: it answers at /index.yaml',
    add: 'Add it as a registry of the kind Helm repository',
    isIt: async (response) =>
      response.status === 200 &&
      /^["'{\s]*(?:apiVersion|entries|generated)["']?\s*:/m.test(await headOf(response)),
  },
}

const NOT: Record<RegistryKind, string> = {
  pack: 'not under /v1/',
  oci: 'not under /v2/',
  helm: 'has no index.yaml',
}

/**
 * What answers at an address where no registry of the kind that was asked for does. Nobody's credentials go along.
 *
 * @param base the endpoint, with a slash at its end
 * @param isOpen whether the server lets strangers ask for what is not there; where not, its asking who we are says
 *   nothing of its kind
 * @returns what to tell people; null where it is none of ours either
 */
export async function otherKindAt(
  outbound: Outbound,
  base: string,
  asked: RegistryKind,
  { step, signal, isOpen }: { step: CheckStepName; signal: AbortSignal; isOpen: boolean },
): Promise<RemoteError | null> {
  for (const [kind, sign] of Object.entries(SIGNS) as [RegistryKind, Sign][]) {
    if (kind === asked || !(await shows(sign))) continue
    return new RemoteError(
      step,
      'stalled',
      `${sign.seen} and ${NOT[asked]}.`,
      `${sign.add}, or enter the address of ${SIGNS[asked].name}.`,
      { otherKind: kind },
    )
  }
  return null

  async function shows({ path, isIt }: Sign): Promise<boolean> {
    try {
      const response = await outbound.request('GET', base + path, {
        ...{ signal, anonymous: true, maxBytes: INDEX_BYTES },
      })
      const found = await isIt(response, isOpen)
      await response.discard()
      return found
    } catch (error) {
      // A question more, whose answer does not matter where there is none.
      if (error instanceof OutboundError) return false
      throw error
    }
  }
}

/** The beginning of an answer; the rest of it is not read. */
async function headOf(response: OutboundResponse): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.stream()) {
    chunks.push(chunk)
    size += chunk.length
    if (size >= HEAD_BYTES) break
  }
  return Buffer.concat(chunks).toString('utf8', 0, HEAD_BYTES)
}
