import type http from 'node:http'

import { afterEach, expect, test } from 'vitest'

import { registryClient } from '@/cli/registry-client'
import { createOutbound } from '@/lib/outbound/client'
import { allowAll } from '@/lib/outbound/policy'
import { digestOf } from '@/lib/pack-format/oci'
import { startWeb, type TestServer } from '../support/servers'

const ends: (TestServer | { close(): Promise<void> })[] = []
afterEach(async () => {
  for (const one of ends.splice(0)) await one.close()
})

test.each(['another port', 'another host', 'a downgrade'])(
  'a push that the registry sends to %s is refused, and nothing is sent there',
  async (where) => {
    const heard: http.IncomingMessage[] = []
    const stranger = await startWeb((request, response) => {
      heard.push(request)
      response.writeHead(201).end()
    })
    const place = {
      'another port': `http://127.0.0.1:${stranger.port}/upload`,
      'another host': `http://localhost:${stranger.port}/upload`,
      'a downgrade': `//127.0.0.1:${stranger.port}/upload`,
    }[where]
    const registry = await startWeb((request, response) =>
      request.method === 'HEAD'
        ? response.writeHead(404).end()
        : response.writeHead(202, { location: place }).end(),
    )
    const endpoint = `http://127.0.0.1:${registry.port}`
    const auth = { type: 'basic', username: 'ada', password: 'canary' } as const
    const tls = { ca: '', insecureSkipVerify: false }
    const outbound = createOutbound({ origin: endpoint, auth, tls, policy: allowAll })
    ends.push(stranger, registry, outbound)
    const client = registryClient(
      { server: `127.0.0.1:${registry.port}`, endpoint, auth, outbound },
      new AbortController().signal,
    )
    const bytes = Buffer.from('the bytes of a pack')
    const blob = { digest: digestOf(bytes), size: bytes.length, mediaType: 'application/octet-stream', bytes }
    await expect(client.bring('dex', blob, () => {})).rejects.toThrow(/sends uploads to/)
    expect(heard).toEqual([])
  },
)
