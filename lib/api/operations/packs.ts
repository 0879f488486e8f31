import { z } from 'zod'

import { operations } from '../operation'
import {
  PackFacets,
  PackMetadataList,
  PackReadme,
  PackSearch,
  PackSummaries,
  PackTagEntity,
} from '../wire/pack'
import { ListQuery, UidParams } from '../wire/parts'

/** The longest side in pixels. */
const LogoSize = z.enum(['64', '128']).default('128')

export const packOperations = operations({
  searchPacks: {
    permission: 'pack.list',
    status: 200,
    query: ListQuery,
    body: PackSearch,
    response: PackMetadataList,
  },
  countPackFacets: { permission: 'pack.list', status: 200, body: PackSearch, response: PackFacets },
  listPackVersions: {
    permission: 'pack.list',
    status: 200,
    query: ListQuery.extend({ filters: z.string().max(2048).default('') }),
    response: PackSummaries,
  },
  readPackInRegistry: {
    permission: 'pack.get',
    status: 200,
    params: z.object({ packName: z.string().max(256), registryUid: z.string().max(64) }),
    query: z.object({
      cloudType: z.string().max(64).default('all'),
      layer: z.string().max(32).default(''),
      states: z.string().max(256).default(''),
    }),
    response: PackTagEntity,
  },
  readPack: { permission: 'pack.get', status: 200, params: UidParams, response: PackTagEntity },
  readPackReadme: { permission: 'pack.get', status: 200, params: UidParams, response: PackReadme },
  readPackLogo: {
    permission: 'pack.get',
    status: 200,
    params: UidParams,
    query: z.object({ size: LogoSize }),
    raw: true,
  },
  readLogo: {
    permission: 'pack.get',
    status: 200,
    params: z.object({ digest: z.string().regex(/^sha256:[0-9a-f]{64}$/, 'Use sha256: and 64 hex digits') }),
    query: z.object({ size: LogoSize }),
    raw: true,
  },
})
