import { expect, test } from 'vitest'

import { compareVersions } from '../pack-format/tag'
import { versionKey } from './version-key'

const versions = [
  ...['1.2.0-rc.1', '1.2.0-rc.10', '1.2', '1.2.0-up.2', '1.2.0-up.10', 'v1.3.0', '1.10.0', '20.09.0'],
  ...['0.30.0-5.5.2026', '25.06.0', '2.0.1-up.1', '1.5'],
]

test('the key sorts as versions do', () => {
  const byKey = [...versions].sort((a, b) => (versionKey(a) < versionKey(b) ? -1 : 1))
  expect(byKey).toEqual([...versions].sort(compareVersions))
})
