import { readFileSync, writeFileSync } from 'node:fs'

import { reduceShapes } from './shapes'

/**
 * Writes palette-shapes.json anew: the part of the published Palette API (Swagger, Apache-2.0) that we answer in.
 *
 *     npx tsx tests/contract/reduce-shapes.ts palette-api.json && npx biome format --write tests/contract
 */
const [file] = process.argv.slice(2)
if (!file) throw new Error('Name the file with the whole API.')
const target = new URL('palette-shapes.json', import.meta.url)
const origin =
  'Shapes of answers, reduced from the Palette API as published with the palette-sdk-go project, https://github.com/spectrocloud/palette-sdk-go, Apache-2.0. Made by reduce-shapes.ts.'
writeFileSync(
  target,
  JSON.stringify({ origin, ...reduceShapes(JSON.parse(readFileSync(file, 'utf8'))) }, null, 2),
)
