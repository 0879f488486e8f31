/**
 * How a pack lies in a registry: an OCI 1.1 image manifest in repository `<name>`, tag = version. The config blob
 * is pack.json itself; values, README, schema, presets and logo are a layer each, so that equal ones are stored
 * once and can be read without the charts; everything else is one deterministic tar.
 *
 * Each layer carries `org.opencontainers.image.title`: the file's path in the pack, or `files.tar` for the rest.
 *
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md
 */
export const PACK_ARTIFACT_TYPE = 'application/vnd.packyard.pack.v1'

export const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
export const OCI_INDEX = 'application/vnd.oci.image.index.v1+json'
export const TITLE_ANNOTATION = 'org.opencontainers.image.title'

export const PACK_MEDIA_TYPES = {
  manifest: 'application/vnd.packyard.pack.manifest.v1+json',
  values: 'application/vnd.packyard.pack.values.v1+yaml',
  readme: 'application/vnd.packyard.pack.readme.v1+markdown',
  schema: 'application/vnd.packyard.pack.schema.v1+yaml',
  presets: 'application/vnd.packyard.pack.presets.v1+yaml',
  logo: 'application/vnd.packyard.pack.logo.v1',
  files: 'application/vnd.packyard.pack.files.v1.tar',
} as const

/** The file in a pack's directory that becomes a layer of its own. */
export const PART_FILES = {
  manifest: 'pack.json',
  values: 'values.yaml',
  readme: 'README.md',
  schema: 'schema.yaml',
  presets: 'presets.yaml',
  logo: 'logo.png',
} as const

const MIB = 1024 * 1024

/** The largest of each part in bytes. A console takes no larger ones, so they are not pushed either. */
export const PART_LIMITS: Record<keyof typeof PART_FILES, number> = {
  manifest: MIB,
  values: 2 * MIB,
  readme: 5 * MIB,
  schema: MIB,
  presets: MIB,
  logo: 4 * MIB,
}

/** The largest archive of a pack's files that a console reads. The largest real pack has 5 MB. */
export const ARCHIVE_LIMIT = 64 * MIB

/** What changed in a registry since a console last read it. @see docs/registry-sync.md */
export const CATALOG_CHANGES = 'application/vnd.packyard.changes.v1+x-ndjson'

/** The largest manifest. @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-manifests */
export const OCI_MANIFEST_LIMIT = 4 * MIB
