import type { WebhookBody } from './schema'
import type { WaitingEvent } from './store'

/** What a webhook is told. @param consoleUrl where people look at it */
export const toBody = (
  { id, event, at }: Pick<WebhookBody, 'id' | 'event'> & { at: Date },
  events: readonly WaitingEvent[],
  consoleUrl: string,
): WebhookBody => ({
  ...{ id, event, at: at.toISOString() },
  changes: events.map(({ registryId, registryName, at: happened, ...change }) => ({
    ...{ id: change.id, kind: change.kind, at: happened.toISOString() },
    registry: { uid: registryId, name: registryName },
    ...{ name: change.name, version: change.version, was: change.was, became: change.became },
    ...{ versions: change.versions, packs: change.packs },
    url: new URL(
      change.name === ''
        ? `/changes?${new URLSearchParams({ registry: registryId, kind: change.kind })}`
        : `/packs/${encodeURIComponent(change.name)}?${new URLSearchParams({ registry: registryId, version: change.version })}`,
      consoleUrl,
    ).href,
  })),
})
