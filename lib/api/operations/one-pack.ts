import { z } from 'zod'

import { operations } from '../operation'
import {
  OnePack,
  PackConstraints,
  PackDependents,
  PackUses,
  PackVersionDetail,
  PackVersionList,
} from '../wire/one-pack'
import { ListQuery, UidParams } from '../wire/parts'

const NameParams = z.object({ packName: z.string().min(1).max(256) })
const PAGE = 100
/** A table of versions is read in larger pages than the original's lists. */
const Page = ListQuery.pick({ continue: true }).extend({
  limit: z.coerce.number().int().min(1).max(PAGE).default(PAGE),
})

export const onePackOperations = operations({
  readPackByName: { permission: 'pack.get', status: 200, params: NameParams, response: OnePack },
  listVersionsOfPack: {
    permission: 'pack.get',
    status: 200,
    params: NameParams,
    query: Page.extend({
      /** Empty: of all registries. */
      registryUid: z.string().max(64).default(''),
      /** A part of the version. */
      text: z.string().max(128).default(''),
      /** This one alone. */
      version: z.string().max(128).default(''),
    }),
    response: PackVersionList,
  },
  readPackVersion: { permission: 'pack.get', status: 200, params: UidParams, response: PackVersionDetail },
  readPackConstraints: { permission: 'pack.get', status: 200, params: UidParams, response: PackConstraints },
  listPackDependents: {
    permission: 'pack.get',
    status: 200,
    params: NameParams,
    query: Page.extend({ version: z.string().max(128).default('') }),
    response: PackDependents,
  },
  listPackProfiles: {
    permission: 'clusterProfile.list',
    status: 200,
    params: NameParams,
    query: Page,
    response: PackUses,
  },
})
