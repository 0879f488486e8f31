import { z } from 'zod'

import { operations } from '../operation'
import {
  HelmRegistries,
  HelmRegistriesSummary,
  HelmRegistry,
  HelmRegistryInput,
  HelmSpecInput,
} from '../wire/helm-registry'
import { listOfKind, operationsOfKind } from './of-kind'
import { Scope } from './scope'

const one = operationsOfKind(HelmRegistryInput, HelmSpecInput, HelmRegistry)
export const helmRegistryOperations = operations({
  listHelmRegistries: { ...listOfKind, response: HelmRegistries },
  summarizeHelmRegistries: { ...listOfKind, response: HelmRegistriesSummary },
  createHelmRegistry: { ...one.create, query: z.object({ scope: Scope }) },
  validateHelmRegistry: one.validate,
  readHelmRegistry: one.read,
  updateHelmRegistry: one.update,
  deleteHelmRegistry: one.delete,
  syncHelmRegistry: one.sync,
  readHelmRegistrySync: one.readSync,
})
