import { z } from 'zod'

import { operations } from '../operation'
import { Flag, ListQuery, Uid, UidParams } from '../wire/parts'
import {
  ClusterProfile,
  LayerManifests,
  ProfileCreate,
  ProfileMetadataUpdate,
  ProfilesFilter,
  ProfilesSummary,
  ProfileToValidate,
  ProfileUpdate,
  ProfileValidation,
} from '../wire/profile'
import { Macros, ProfileVariables, VariablesInput } from '../wire/variable'

/** 200 layers of values and a margin. */
const MAX_PROFILE_BYTES = 8 * 1024 * 1024

export const profileOperations = operations({
  listProfiles: {
    permission: 'clusterProfile.list',
    status: 200,
    query: ListQuery,
    body: ProfilesFilter,
    response: ProfilesSummary,
  },
  createProfile: {
    permission: 'clusterProfile.create',
    status: 201,
    query: z.object({ publish: Flag }),
    body: ProfileCreate,
    response: Uid,
    maxBodyBytes: MAX_PROFILE_BYTES,
  },
  readProfile: {
    permission: 'clusterProfile.get',
    status: 200,
    params: UidParams,
    query: z.object({ includePackMeta: z.string().max(256).default('') }),
    response: ClusterProfile,
  },
  updateProfile: {
    permission: 'clusterProfile.update',
    status: 204,
    params: UidParams,
    body: ProfileUpdate,
    maxBodyBytes: MAX_PROFILE_BYTES,
  },
  updateProfileMetadata: {
    permission: 'clusterProfile.update',
    status: 204,
    params: UidParams,
    body: ProfileMetadataUpdate,
  },
  deleteProfile: { permission: 'clusterProfile.delete', status: 204, params: UidParams },
  validateNewProfile: {
    permission: 'clusterProfile.get',
    status: 200,
    body: ProfileToValidate,
    response: ProfileValidation,
    maxBodyBytes: MAX_PROFILE_BYTES,
  },
  validateProfile: {
    permission: 'clusterProfile.get',
    status: 200,
    params: UidParams,
    body: ProfileToValidate,
    response: ProfileValidation,
    maxBodyBytes: MAX_PROFILE_BYTES,
  },
  readProfileVariables: {
    permission: 'clusterProfile.get',
    status: 200,
    params: UidParams,
    response: ProfileVariables,
  },
  putProfileVariables: {
    permission: 'clusterProfile.update',
    status: 204,
    params: UidParams,
    body: z.object({ variables: VariablesInput }),
  },
  patchProfileVariables: {
    permission: 'clusterProfile.update',
    status: 204,
    params: UidParams,
    body: z.object({ variables: VariablesInput }),
  },
  deleteProfileVariables: {
    permission: 'clusterProfile.update',
    status: 204,
    params: UidParams,
    body: z.object({ variables: z.array(z.string().max(64)).max(500) }),
  },
  listProfileMacros: { permission: 'clusterProfile.get', status: 200, response: Macros },
  listLayerManifests: {
    permission: 'clusterProfile.get',
    status: 200,
    params: UidParams.extend({ packName: z.string().max(256) }),
    response: LayerManifests,
  },
  publishProfile: { permission: 'clusterProfile.publish', status: 204, params: UidParams },
})
