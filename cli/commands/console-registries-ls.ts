import { withConsole } from '../console'
import { allRegistries, type Registry } from '../console-registry'
import type { Answer, Context } from '../context'
import { table } from '../table'

/** The console's registries, and how they are doing. */
export const consoleRegistriesLs = (context: Context): Promise<Answer> =>
  withConsole(context, async (console) => {
    const registries = (await allRegistries(console)).map(({ kind, metadata, spec, status }) => ({
      uid: metadata.uid,
      name: metadata.name,
      kind,
      endpoint: spec.endpoint,
      state: status.packyard.state,
      ...troubleOf(status.packyard),
      packs: status.packyard.packs,
      versions: status.packyard.versions,
      lastSyncedTime: status.sync.lastSyncedTime,
      nextSyncTime: status.packyard.nextSyncTime,
    }))
    if (registries.length === 0)
      return {
        data: { registries },
        lines: ['No registries yet. Add one: packyard console registries add NAME ENDPOINT'],
      }
    return {
      data: { registries },
      lines: [
        ...table(
          ['NAME', 'KIND', 'STATE', 'PACKS', 'VERSIONS', 'ENDPOINT'],
          registries.map((one) => [
            ...[one.name, one.kind, one.state, String(one.packs), String(one.versions), one.endpoint],
          ]),
        ),
        ...registries
          .filter(({ reason }) => reason)
          .map((one) => `${one.name}: ${one.reason} ${one.fix}`.trimEnd()),
      ],
    }
  })

/** What a person should know of it: why it failed, else what it could not read or holds back. */
function troubleOf({ reason, fix, state, conditions }: Registry['status']['packyard']) {
  if (reason) return { reason, fix }
  const messageOf = (type: string) => conditions.find((one) => one.type === type)?.message ?? ''
  if (state === 'held') return { reason: messageOf('Held'), fix: 'Decide on the page of the registry.' }
  if (state === 'degraded')
    return { reason: messageOf('Ready'), fix: 'The page of the registry says which, and why.' }
  return { reason, fix }
}
