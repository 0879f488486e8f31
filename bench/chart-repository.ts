import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import type { PackFiles } from '@/lib/pack-format/archive'
import { packChart, sha256, type TestChart } from '../tests/support/chart-repository'

/** A chart repository with an ETag, made of packs: their values, README and picture. */
export async function startCharts(packs: Iterable<PackFiles>) {
  const files = new Map<string, Buffer>()
  let [index, last] = ['apiVersion: v1\nentries:\n', '']
  for (const pack of packs) {
    const chart = await toChart(pack)
    files.set(`/${chart.file}`, chart.tgz)
    const { name, version } = chart.metadata as { name: string; version: string }
    if (name !== last) index += `  ${name}:\n`
    last = name
    index += `  - apiVersion: v2\n    created: "2026-03-04T05:06:07Z"\n    description: What it is for, in a sentence\n    digest: ${sha256(chart.tgz)}\n    name: ${name}\n    urls:\n    - ${chart.file}\n    version: ${version}\n`
  }
  files.set('/index.yaml', Buffer.from(`${index}generated: "2026-03-04T05:06:07Z"\n`))
  const server = createServer((request, response) => {
    const bytes = files.get(request.url ?? '')
    if (!bytes) return response.writeHead(404).end()
    if (request.headers['if-none-match']) return response.writeHead(304, { etag: '"made"' }).end()
    return response.writeHead(200, { etag: '"made"', 'content-length': bytes.length }).end(bytes)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((done) => server.close(done).closeAllConnections()),
  }
}

function toChart(pack: PackFiles): Promise<TestChart> {
  const bytesOf = (file: string) => pack.get(file)?.bytes ?? new Uint8Array()
  const { name, version } = JSON.parse(Buffer.from(bytesOf('pack.json')).toString())
  return packChart(
    { name, version, icon: 'logo.png' },
    {
      'values.yaml': bytesOf('values.yaml'),
      'README.md': bytesOf('README.md'),
      'logo.png': bytesOf('logo.png'),
    },
  )
}
