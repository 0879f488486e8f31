import { afterAll, expect, test } from 'vitest'

import { packChart, startChartRepository } from '../../tests/support/chart-repository'
import { newTenant, registryInput } from '../../tests/support/tenant'
import { closeDatabase } from '../db/in-tenant'
import { adapterOf } from '../registries/adapter'
import { addRegistry } from '../registries/add'
import { runSync } from '../sync/run'
import { readProfile } from './read'
import { createProfile } from './save'

afterAll(() => closeDatabase())

test("a chart of a repository is a layer of a profile, with the chart's own values", async () => {
  const { admin, tenantId } = await newTenant()
  const values = '# How many\nreplicas: 2\n'
  const repository = await startChartRepository([
    await packChart({ name: 'tide-table', version: '1.2.3+rev.4' }, { 'values.yaml': values }),
  ])
  try {
    const { id } = await addRegistry(admin, registryInput(repository.url, { kind: 'helm' }))
    expect(await runSync(tenantId, id, adapterOf, new AbortController().signal)).toBe(true)
    const profile = await createProfile(
      admin,
      {
        ...{ name: 'charts', version: '1.0.0', type: 'add-on', cloudType: 'all' },
        ...{ labels: {}, annotations: {}, variables: [] },
        layers: [{ name: 'tide-table', tag: '1.2.3_rev.4', type: 'helm', registryUid: id }],
      },
      { publish: true },
    )
    const { layers } = (await readProfile(admin, profile.id)).profile
    expect(layers).toMatchObject([
      { name: 'tide-table', version: '1.2.3_rev.4', layer: 'addon', type: 'helm' },
    ])
    expect(layers[0]?.values).toBe('charts:\n  tide-table:\n    # How many\n    replicas: 2')
  } finally {
    await repository.close()
  }
})
