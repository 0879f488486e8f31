/**
 * Every operation that we serve: its id, method and path. Plain data, so that the browser and the CLI can know it
 * without the schemas. The ids are our words; the paths and shapes are the public API's.
 */
export const ROUTES = {
  authenticate: ['POST', '/v1/auth/authenticate'],
  refreshToken: ['GET', '/v1/auth/refresh/{token}'],
  whoAmI: ['GET', '/v1/users/info'],

  listApiKeys: ['GET', '/v1/apiKeys'],
  createApiKey: ['POST', '/v1/apiKeys'],
  readApiKey: ['GET', '/v1/apiKeys/{uid}'],
  updateApiKey: ['PUT', '/v1/apiKeys/{uid}'],
  activateApiKey: ['PATCH', '/v1/apiKeys/{uid}'],
  setApiKeyState: ['PUT', '/v1/apiKeys/{uid}/state'],
  deleteApiKey: ['DELETE', '/v1/apiKeys/{uid}'],

  listProjectNames: ['GET', '/v1/dashboard/projects/metadata'],

  listRegistryNames: ['GET', '/v1/registries/metadata'],
  listPackRegistries: ['GET', '/v1/registries/pack'],
  createPackRegistry: ['POST', '/v1/registries/pack'],
  summarizePackRegistries: ['GET', '/v1/registries/pack/summary'],
  validatePackRegistry: ['POST', '/v1/registries/pack/validate'],
  readPackRegistry: ['GET', '/v1/registries/pack/{uid}'],
  updatePackRegistry: ['PUT', '/v1/registries/pack/{uid}'],
  deletePackRegistry: ['DELETE', '/v1/registries/pack/{uid}'],
  syncPackRegistry: ['POST', '/v1/registries/pack/{uid}/sync'],
  readPackRegistrySync: ['GET', '/v1/registries/pack/{uid}/sync/status'],

  listHelmRegistries: ['GET', '/v1/registries/helm'],
  createHelmRegistry: ['POST', '/v1/registries/helm'],
  summarizeHelmRegistries: ['GET', '/v1/registries/helm/summary'],
  validateHelmRegistry: ['POST', '/v1/registries/helm/validate'],
  readHelmRegistry: ['GET', '/v1/registries/helm/{uid}'],
  updateHelmRegistry: ['PUT', '/v1/registries/helm/{uid}'],
  deleteHelmRegistry: ['DELETE', '/v1/registries/helm/{uid}'],
  syncHelmRegistry: ['POST', '/v1/registries/helm/{uid}/sync'],
  readHelmRegistrySync: ['GET', '/v1/registries/helm/{uid}/sync/status'],

  summarizeOciRegistries: ['GET', '/v1/registries/oci/summary'],
  readOciRegistrySummary: ['GET', '/v1/registries/oci/{uid}'],
  createOciRegistry: ['POST', '/v1/registries/oci/basic'],
  validateOciRegistry: ['POST', '/v1/registries/oci/basic/validate'],
  readOciRegistry: ['GET', '/v1/registries/oci/{uid}/basic'],
  updateOciRegistry: ['PUT', '/v1/registries/oci/{uid}/basic'],
  deleteOciRegistry: ['DELETE', '/v1/registries/oci/{uid}/basic'],
  syncOciRegistry: ['POST', '/v1/registries/oci/{uid}/basic/sync'],
  readOciRegistrySync: ['GET', '/v1/registries/oci/{uid}/basic/sync/status'],

  deleteRegistry: ['DELETE', '/v1/registries/{uid}'],

  listRegistries: ['GET', '/v1/packyard/registries'],
  readRegistry: ['GET', '/v1/packyard/registries/{uid}'],
  syncRegistry: ['POST', '/v1/packyard/registries/{uid}/sync'],
  checkRegistry: ['POST', '/v1/packyard/registries/check'],
  listSyncRuns: ['GET', '/v1/packyard/registries/{uid}/runs'],
  readSyncRun: ['GET', '/v1/packyard/registries/{uid}/runs/{runUid}'],
  listRunningSyncs: ['GET', '/v1/packyard/syncs'],
  listSyncFailures: ['GET', '/v1/packyard/registries/{uid}/failures'],
  explainVersion: ['GET', '/v1/packyard/registries/{uid}/why'],
  cancelRegistrySync: ['POST', '/v1/packyard/registries/{uid}/cancel'],
  retryRegistry: ['POST', '/v1/packyard/registries/{uid}/retry'],
  readHeldRemovals: ['GET', '/v1/packyard/registries/{uid}/held'],
  applyHeldRemovals: ['POST', '/v1/packyard/registries/{uid}/held/apply'],
  discardHeldRemovals: ['POST', '/v1/packyard/registries/{uid}/held/discard'],
  pauseRegistry: ['PUT', '/v1/packyard/registries/{uid}/paused'],
  listRegistryProfiles: ['GET', '/v1/packyard/registries/{uid}/profiles'],

  searchPacks: ['POST', '/v1/packs/search'],
  listPackVersions: ['GET', '/v1/packs'],
  readPackInRegistry: ['GET', '/v1/packs/{packName}/registries/{registryUid}'],
  readPack: ['GET', '/v1/packs/{uid}'],
  readPackReadme: ['GET', '/v1/packs/{uid}/readme'],
  readPackLogo: ['GET', '/v1/packs/{uid}/logo'],
  countPackFacets: ['POST', '/v1/packyard/packs/facets'],

  listProfiles: ['POST', '/v1/dashboard/clusterprofiles'],
  createProfile: ['POST', '/v1/clusterprofiles'],
  readProfile: ['GET', '/v1/clusterprofiles/{uid}'],
  updateProfile: ['PUT', '/v1/clusterprofiles/{uid}'],
  updateProfileMetadata: ['PATCH', '/v1/clusterprofiles/{uid}/metadata'],
  deleteProfile: ['DELETE', '/v1/clusterprofiles/{uid}'],
  readProfileVariables: ['GET', '/v1/clusterprofiles/{uid}/variables'],
  listLayerManifests: ['GET', '/v1/clusterprofiles/{uid}/packs/{packName}/manifests'],
  publishProfile: ['PATCH', '/v1/clusterprofiles/{uid}/publish'],
  validateNewProfile: ['POST', '/v1/clusterprofiles/validate/packs'],
  validateProfile: ['POST', '/v1/clusterprofiles/{uid}/validate/packs'],
} as const satisfies Record<string, readonly [Method, `/v1/${string}`]>

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
export type OperationId = keyof typeof ROUTES
