import { basename, resolve } from 'node:path'

import type { PackFiles } from '@/lib/pack-format/archive'
import { PACK_NAME, PACK_NAME_MAX } from '@/lib/pack-format/pack-name'

import type { Answer, Context } from '../context'
import { CliError } from '../errors'
import type { PackTemplate } from '../pack-templates'
import { checkTarget, writeDirectory } from '../write-directory'

interface InitOptions {
  name?: string
  packVersion?: string
  template: PackTemplate
}

/**
 * Writes a small pack that is sound as it stands, to begin with.
 *
 * @throws CliError `wrong_use` where the directory holds something, or its name is no pack's
 */
export async function packInit(
  _context: Context,
  directory: string,
  { name = nameOf(directory), packVersion = '0.1.0', template }: InitOptions,
): Promise<Answer> {
  if (!PACK_NAME.test(name) || name.length > PACK_NAME_MAX)
    throw new CliError(
      'wrong_use',
      `${JSON.stringify(name)} is no name of a pack.`,
      'Give one with --name: lower-case letters, digits and single . _ - between them, such as my-pack.',
    )
  await checkTarget(directory, false)
  const files = FILES[template](name, packVersion)
  await writeDirectory(directory, files)
  return {
    data: { directory, name, version: packVersion, template, files: [...files.keys()] },
    lines: [
      `Wrote ${name} ${packVersion} to ${directory}: ${[...files.keys()].join(', ')}.`,
      `Check it: packyard pack lint ${directory}`,
      `Push it: packyard pack push ${directory}`,
    ],
  }
}

/** A version in a directory's name is not part of the pack's. */
const nameOf = (directory: string): string => basename(resolve(directory)).replace(/-v?\d[\w.]*$/, '')

const titleOf = (name: string): string =>
  name.charAt(0).toUpperCase() + name.slice(1).replaceAll(/[-_.]+/g, ' ')

const FILES: Record<PackTemplate, (name: string, version: string) => PackFiles> = {
  manifest: (name, version) =>
    toFiles({
      'pack.json': packJson(name, version, 'addon', { kubeManifests: [`manifests/${name}.yaml`] }),
      'values.yaml': `pack:
  # The namespace that it is installed into. It is made where it is missing.
  namespace: "${name}"

manifests:
  ${name}:
    # What people may set. The manifest reads it as {{ .Values.message }}.
    message: "Hello"
`,
      [`manifests/${name}.yaml`]: `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
data:
  message: {{ .Values.message | quote }}
`,
      'README.md': readme(name, 'Installs one ConfigMap.'),
    }),
  chart: (name, version) =>
    toFiles({
      'pack.json': packJson(name, version, 'addon', {}),
      'values.yaml': `pack:
  # The namespace that it is installed into. It is made where it is missing.
  namespace: "${name}"

# Values of each chart, by its name.
charts: {}
`,
      'README.md': readme(
        name,
        'Put the chart into `charts/` as a .tgz, name it under `charts` in pack.json, and its values under its name in values.yaml.',
      ),
    }),
  os: (name, version) =>
    toFiles({
      'pack.json': packJson(name, version, 'os', {}),
      'values.yaml': `kubeadmconfig:
  preKubeadmCommands: []
  postKubeadmCommands: []
  files: []
`,
      'README.md': readme(name, 'The operating system of the nodes.'),
    }),
  k8s: (name, version) =>
    toFiles({
      'pack.json': packJson(name, version, 'k8s', {}),
      'values.yaml': `pack:
  k8sHardening: true
  podCIDR: "192.168.0.0/16"
  serviceClusterIpRange: "10.96.0.0/12"

kubeadmconfig:
  apiServer:
    extraArgs: {}
`,
      'README.md': readme(name, 'The Kubernetes of the cluster.'),
    }),
}

const toFiles = (texts: Record<string, string>): PackFiles =>
  new Map(
    Object.entries(texts).map(([path, text]) => [path, { bytes: Buffer.from(text), executable: false }]),
  )

const packJson = (name: string, version: string, layer: string, more: object): string =>
  `${JSON.stringify(
    {
      name,
      displayName: titleOf(name),
      version,
      layer,
      ...(layer === 'addon' && { addonType: 'system app' }),
      cloudTypes: ['all'],
      annotations: { source: 'custom', description: 'One line that says what it is' },
      ...more,
    },
    null,
    2,
  )}\n`

const readme = (name: string, text: string): string => `# ${titleOf(name)}

${text}

## Parameters

| Parameter | Description | Default |
| --- | --- | --- |
`
