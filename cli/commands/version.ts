import { version } from '../../package.json'
import type { Answer } from '../context'

const ARCHITECTURES: Record<string, string> = { x64: 'amd64', ia32: '386' }

export function showVersion(): Answer {
  const platform = `${process.platform}/${ARCHITECTURES[process.arch] ?? process.arch}`
  return {
    data: { version, platform, node: process.versions.node },
    lines: [`Packyard CLI Version ${version} ${platform}`],
  }
}
