import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

import { extract } from 'tar-stream'
import { z } from 'zod'

import { PackError } from './archive'
import { parseYaml } from './yaml'

/** Bounds of what is unpacked to find a chart's name. Chart.yaml comes first in nearly every archive. */
export const CHART_LIMITS = { unpackedBytes: 256 * 1024 * 1024, chartYamlBytes: 256 * 1024 } as const

const ChartYaml = z.looseObject({ name: z.string().min(1) })

/**
 * The name in the Chart.yaml of a packed Helm chart: the key under which its values stand. It is often not the name of
 * the file.
 *
 * @param file the archive's path, for the error
 * @throws PackError where it is no chart archive
 * @see https://helm.sh/docs/topics/charts/#the-chartyaml-file
 */
export async function readChartName(file: string, tgz: Uint8Array): Promise<string> {
  const text = await findChartYaml(file, tgz)
  try {
    return ChartYaml.parse(parseYaml(text)).name
  } catch {
    throw new PackError(file, 'holds a Chart.yaml without a name')
  }
}

async function findChartYaml(file: string, tgz: Uint8Array): Promise<string> {
  const tar = extract()
  const unpacked = createGunzip()
  let size = 0
  unpacked.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > CHART_LIMITS.unpackedBytes) unpacked.destroy(new PackError(file, 'is too large when unpacked'))
  })
  const ended = (error: Error) => tar.destroy(error)
  Readable.from([Buffer.from(tgz.buffer, tgz.byteOffset, tgz.byteLength)])
    .pipe(unpacked)
    .on('error', ended)
    .pipe(tar)
  try {
    for await (const entry of tar) {
      // The chart's own, not one of a chart inside it.
      if (!/^(?:\.\/)?[^/]+\/Chart\.yaml$/.test(entry.header.name) || entry.header.type !== 'file') {
        entry.resume()
        continue
      }
      if ((entry.header.size ?? 0) > CHART_LIMITS.chartYamlBytes)
        throw new PackError(file, 'holds a Chart.yaml that is too large')
      const chunks: Uint8Array[] = []
      for await (const chunk of entry) chunks.push(chunk as Uint8Array)
      return Buffer.concat(chunks).toString('utf8')
    }
  } catch (error) {
    throw error instanceof PackError ? error : new PackError(file, 'is no packed chart (.tgz)')
  } finally {
    unpacked.destroy()
    tar.destroy()
  }
  throw new PackError(file, 'holds no Chart.yaml')
}
