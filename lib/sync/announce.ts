import { noteEnds, refreshEnded } from './store/events'

/**
 * Tells of what the calendar changes and no sync does: versions whose end of life is near or has come.
 *
 * @returns how many events were noted, and how many packs are shown as ended from now on
 */
export async function announceEnds(): Promise<{ events: number; packs: number }> {
  return { packs: await refreshEnded(), events: await noteEnds() }
}
