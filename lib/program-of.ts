import { existsSync, realpathSync } from 'node:fs'
import path from 'node:path'

/**
 * Where a program of ours is that another one starts: beside the program that runs or in the folder above (dist/), and
 * from sources where they are.
 *
 * @param built its name in dist/
 * @param source from the root
 */
export function programOf(built: string, source: string): { file: string; execArgv: string[] } {
  const folder = process.argv[1] ? path.dirname(realpathSync(process.argv[1])) : process.cwd()
  const found = [folder, path.dirname(folder)].map((one) => path.join(one, built)).find(existsSync)
  if (found) return { file: found, execArgv: [] }
  return { file: path.join(process.cwd(), source), execArgv: ['--import', 'tsx'] }
}
