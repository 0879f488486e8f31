/**
 * Packs each chart of `tools/sample-packs/charts` into the packs that list it, as `charts/<chart>-<version>.tgz`.
 * Chart version and appVersion are the pack's, so one source serves all versions of a pack; those differ in
 * values.yaml.
 *
 *     node tools/sample-packs/build-charts.mjs
 *
 * Names are sorted, times zero, owners root, so equal sources give equal archives. An archive is written only when
 * its content differs: another zlib may press the same content into other bytes, and that alone is no news.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { gunzipSync, gzipSync } from 'node:zlib'

import { pack as tarPack } from 'tar-stream'

const SOURCES = fileURLToPath(new URL('charts', import.meta.url))
const PACKS = fileURLToPath(new URL('../../packs', import.meta.url))

/** Every chart archive that a sample pack lists, as `{ file, tar }` with its content as the sources give it now. */
export async function sampleCharts() {
  const charts = []
  for (const name of readdirSync(PACKS).sort()) {
    const manifestFile = join(PACKS, name, 'pack.json')
    if (!existsSync(manifestFile)) continue
    const manifest = JSON.parse(readFileSync(manifestFile, 'utf8'))
    for (const listed of manifest.charts ?? []) {
      const chart = basename(listed, `-${manifest.version}.tgz`)
      charts.push({ file: join(PACKS, name, listed), tar: await chartTar(chart, manifest.version) })
    }
  }
  return charts
}

/** The content of a chart archive, or null where there is none yet. */
export const unpacked = (file) => (existsSync(file) ? gunzipSync(readFileSync(file)) : null)

async function chartTar(chart, version) {
  const root = join(SOURCES, chart)
  const tar = tarPack()
  for (const path of filesUnder(root)) {
    const content = readFileSync(join(root, path))
    const stamped =
      path === 'Chart.yaml' ? `${content}version: ${version}\nappVersion: "${version}"\n` : content
    tar.entry({ name: `${chart}/${path}`, mode: 0o644, mtime: new Date(0), uid: 0, gid: 0 }, stamped)
  }
  tar.finalize()
  return buffer(tar)
}

function filesUnder(root, prefix = '') {
  return readdirSync(join(root, prefix), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = prefix ? `${prefix}/${entry.name}` : entry.name
      return entry.isDirectory() ? filesUnder(root, path) : [path]
    })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { file, tar } of await sampleCharts()) {
    if (unpacked(file)?.equals(tar)) continue
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, gzipSync(tar, { level: 9 }))
    console.log(`wrote ${file.slice(PACKS.length + 1)}`)
  }
}
