import { withConsole } from '../console'
import { allRegistries } from '../console-registry'
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
      reason: status.packyard.reason,
      fix: status.packyard.fix,
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
