import type { PackFile } from './one-pack-queries'

export interface TreeNode {
  /** The last part of the path; several where a folder holds one folder alone. */
  name: string
  path: string
  /** Null for a folder that is no file itself: a packed chart is both. */
  file: PackFile | null
  children: TreeNode[]
}

/** Files by their folders, folders first, each in order. A folder that holds nothing but one folder stands with it. */
export function toTree(files: readonly PackFile[]): TreeNode[] {
  const root: TreeNode = { name: '', path: '', file: null, children: [] }
  const nodes = new Map<string, TreeNode>([['', root]])
  const nodeAt = (path: string): TreeNode => {
    const found = nodes.get(path)
    if (found) return found
    const at = path.lastIndexOf('/')
    const node: TreeNode = { name: path.slice(at + 1), path, file: null, children: [] }
    nodes.set(path, node)
    nodeAt(path.slice(0, Math.max(at, 0))).children.push(node)
    return node
  }
  for (const file of files) nodeAt(file.path).file = file
  return tidy(root).children
}

function tidy(node: TreeNode): TreeNode {
  const children = node.children.map(tidy).sort(byKind)
  const [only] = children
  if (node.path !== '' && !node.file && children.length === 1 && only && !only.file)
    return { ...only, name: `${node.name}/${only.name}` }
  return { ...node, children }
}

const isFolder = ({ children }: TreeNode) => children.length > 0
const byKind = (a: TreeNode, b: TreeNode) =>
  Number(isFolder(b)) - Number(isFolder(a)) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)

/** The folders around a path, from the top. */
export const foldersOf = (path: string): string[] =>
  path
    .split('/')
    .slice(0, -1)
    .map((_, index, parts) => parts.slice(0, index + 1).join('/'))

/** What is looked at first: a manifest, else what a chart says of itself, else pack.json. */
export function firstFile(files: readonly PackFile[]): string {
  const texts = files.filter((one) => one.kind === 'text').map((one) => one.path)
  return (
    texts.find((path) => path.startsWith('manifests/')) ??
    texts.find((path) => /(?:^|\/)Chart\.yaml$/.test(path)) ??
    texts.find((path) => path === 'pack.json') ??
    texts[0] ??
    ''
  )
}
