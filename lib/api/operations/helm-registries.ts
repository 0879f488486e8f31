import { z } from 'zod'

import { operations } from '../operation'
import {
  HelmRegistries,
  HelmRegistriesSummary,
  HelmRegistry,
  HelmRegistryInput,
  HelmSpecInput,
} from '../wire/helm-registry'
import { ListQuery } from '../wire/parts'
import { operationsOfKind } from './of-kind'
import { Scope } from './scope'

const one = operationsOfKind(HelmRegistryInput, HelmSpecInput, HelmRegistry)
const list = {
  permission: 'packRegistry.list',
  status: 200,
  query: ListQuery.extend({ scope: Scope }),
} as const

export const helmRegistryOperations = operations({
  listHelmRegistries: { ...list, response: HelmRegistries },
  summarizeHelmRegistries: { ...list, response: HelmRegistriesSummary },
  createHelmRegistry: { ...one.create, query: z.object({ scope: Scope }) },
  validateHelmRegistry: one.validate,
  readHelmRegistry: one.read,
  updateHelmRegistry: one.update,
  deleteHelmRegistry: one.delete,
  syncHelmRegistry: one.sync,
  readHelmRegistrySync: one.readSync,
})
