// The program dist/keys.mjs, and what `npm run keys` runs once it has found the database and the keys.
import { closeDatabase } from '../../lib/db/in-tenant'
import { runKeys } from './commands'

try {
  process.exitCode = await runKeys(process.argv.slice(2), (text) => console.log(text))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
} finally {
  await closeDatabase()
}
