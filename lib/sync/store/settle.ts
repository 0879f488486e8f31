import { RemoteError } from '../../adapters/adapter'
import { type Judgement, judgeRemovals } from '../guard'
import { ITEMS_KEPT } from '../run-log'
import { type Moved, noteArrival, noteMovedOf } from './events'
import { type Query, whileOurs } from './fence'
import { OF_RUN, type RunOf, TAKEN } from './listed'

/** What a run found, besides what it kept in `listed_version`. */
export interface Found {
  /** How many versions the run kept there. */
  kept: number
  /** The packs that the listing is about; null: all. */
  changed: readonly string[] | null
  /** Tags of what the filter leaves out are to be remembered. */
  isTagByTag: boolean
}

/** What a run did besides contents: how many versions, and the uids of the first of them. */
export interface Settled {
  rows: number
  removed: Some
  held: Some
  returned: Some
  /** How many versions the share of removals was taken of. */
  of: number
}

interface Some {
  count: number
  ids: string[]
}

const NONE: Some = { count: 0, ids: [] }

/**
 * Everything that a run found besides contents, in one transaction: what is gone, held, left out and back, what failed,
 * and the tags. All of it is in `listed_version`, so that no part of it has to be in memory.
 *
 * @throws RunLost; RemoteError where the listing was lost meanwhile
 */
export async function settleCatalog(run: RunOf, { kept, changed, isTagByTag }: Found): Promise<Settled> {
  const { tenantId, registryId, runId } = run
  return whileOurs(tenantId, registryId, runId, async (query) => {
    const these = [tenantId, registryId, runId]
    let rows = 0
    const count = async (sql: string, values: unknown[]) => {
      rows += (await query(sql, values)).rowCount ?? 0
    }
    /** @param sql a statement that returns ids */
    const some = async (sql: string, values: unknown[]): Promise<Some> => {
      const { rows: found } = await query(
        `WITH done AS (${sql}) SELECT count(*)::int AS count, COALESCE((array_agg(id))[:${ITEMS_KEPT}], '{}') AS ids
         FROM done`,
        values,
      )
      rows += found[0].count
      return found[0]
    }
    await mustBeWhole(query, these, kept)
    const judged = await judge(query, these, changed)
    // Events are noted before what they tell of, since the rows still are as they were then.
    const note = async (kind: Moved, sql: string) => {
      rows += await noteMovedOf(query, [tenantId, registryId, runId], kind, sql)
    }
    let removed = NONE
    if (!judged.isMass && judged.asked > 0) {
      await note('gone', MISSING)
      removed = await some(REMOVE, these)
    }
    await note('leftOut', LEFT_OUT)
    await count(LEAVE_OUT, these)
    await count(LEAVE_OUT_NO_MORE, [...these, changed])
    for (const kind of ['returned', 'takenIn'] as const) await note(kind, BACK)
    const returned = await some(BRING_BACK, these)
    await count(NOTE_FAILURES, these)
    let held = NONE
    if (kept > 0 || changed?.length !== 0) {
      await count(HOLD_NO_MORE, [...these, changed])
      if (judged.isMass) {
        await count(HOLD, [...these, judged.of])
        const { rows: first } = await query(FIRST_HELD, these)
        held = { count: judged.asked, ids: first.map((one) => one.id) }
      }
      await count(FORGET_FAILURES, [...these, changed])
      await count(SET_TAGS, these)
      await count(TAKE_TAGS, [...these, changed])
    }
    if (changed === null) rows += await noteArrival(query, [tenantId, registryId, runId])
    if (isTagByTag) {
      await count(FORGET_LEFT_OUT, these)
      await count(REMEMBER_LEFT_OUT, these)
    }
    // Its lease begins anew: nobody could see a sign of life meanwhile.
    await query(ALIVE, these.slice(0, 2))
    return { rows, removed, held, returned, of: judged.of }
  })
}

const ALIVE = 'UPDATE registry SET updated_at = clock_timestamp() WHERE tenant_id = $1 AND id = $2'

/** A database that crashed has lost what is not logged: nothing may be taken for missing then. */
async function mustBeWhole(query: Query, these: string[], kept: number): Promise<void> {
  const { rows } = await query(`SELECT count(*)::int AS count FROM listed_version l WHERE ${OF_RUN}`, these)
  if (rows[0].count !== kept)
    throw new RemoteError(
      'catalog',
      'generic',
      'The list of the registry was lost while the database restarted.',
      'It is tried again by itself.',
    )
}

/** Marks what is not listed, and judges whether it may go. */
async function judge(query: Query, these: string[], changed: readonly string[] | null): Promise<Judgement> {
  if (changed?.length === 0) return judgeRemovals({ missing: 0, kept: 0, present: 0, heldOf: null })
  const { rowCount } = await query(MARK_MISSING, [...these, changed])
  if (!rowCount) return judgeRemovals({ missing: 0, kept: 0, present: 0, heldOf: null })
  const { rows } = await query(ASK, these)
  return judgeRemovals({ missing: rowCount, ...rows[0] })
}

// What is new in a table is not in the planner's statistics, by which it may compare each row with each: so rows are
// looked up one by one, by an index. That is what OFFSET 0 makes sure of.
const IN_QUESTION = '($4::text[] IS NULL OR v.name = ANY($4))'
/** @param is what else has to hold of the listed version of `v` */
const isListed = (is = 'true') => `EXISTS (SELECT FROM listed_version l
  WHERE ${OF_RUN} AND l.name = v.name AND l.version = v.version AND ${is} OFFSET 0)`
const IS_KEPT = `EXISTS (SELECT FROM held_removal h WHERE h.tenant_id = $1 AND h.registry_id = $2
  AND h.pack_version_id = v.id AND h.kept_at IS NOT NULL OFFSET 0)`

// What a filter leaves out is listed, and not missing.
const MARK_MISSING = `INSERT INTO listed_version (tenant_id, registry_id, run_id, name, version, place, digest, tags,
    pack_version_id, is_same, was_here, is_missing)
  SELECT $1, $2, $3, v.name, v.version, 0, '', '{}', v.id, true, true, true FROM pack_version v
  WHERE v.tenant_id = $1 AND v.registry_id = $2 AND v.gone_at IS NULL AND ${IN_QUESTION} AND NOT ${isListed()}`

// As many were here as before the run wrote its own.
const ASK = `SELECT
  (SELECT count(*)::int FROM pack_version v
   WHERE v.tenant_id = $1 AND v.registry_id = $2 AND v.gone_at IS NULL AND NOT ${isListed('NOT l.was_here')})
    AS present,
  (SELECT count(*)::int FROM held_removal h
   CROSS JOIN LATERAL (SELECT v.name, v.version FROM pack_version v
     WHERE v.tenant_id = $1 AND v.id = h.pack_version_id OFFSET 0) AS v
   WHERE h.tenant_id = $1 AND h.registry_id = $2 AND h.kept_at IS NOT NULL AND ${isListed('l.is_missing')}) AS kept,
  (SELECT min(h.of_versions) FROM held_removal h
   WHERE h.tenant_id = $1 AND h.registry_id = $2 AND h.kept_at IS NULL) AS "heldOf"`

// Versions, and by which rule they are left out.
const MISSING = `SELECT l.pack_version_id AS id, '' AS rule FROM listed_version l WHERE ${OF_RUN} AND l.is_missing`
const LEFT_OUT = `SELECT l.pack_version_id AS id, l.left_out_by AS rule FROM listed_version l
  WHERE ${OF_RUN} AND l.left_out_by <> '' AND l.was_here`
const BACK = `SELECT l.pack_version_id AS id, '' AS rule FROM listed_version l
  WHERE ${OF_RUN} AND l.is_same AND NOT l.was_here AND ${TAKEN}`

const REMOVE = `UPDATE pack_version v SET gone_at = now(), updated_at = now()
  WHERE v.tenant_id = $1 AND NOT ${IS_KEPT} AND v.id = ANY(ARRAY(SELECT id FROM (${MISSING}) AS missing))
  RETURNING v.id`

const LEAVE_OUT = `UPDATE pack_version v
  SET gone_at = COALESCE(v.gone_at, now()), left_out_by = l.left_out_by, updated_at = now()
  FROM listed_version l
  WHERE ${OF_RUN} AND l.left_out_by <> '' AND v.tenant_id = $1 AND v.id = l.pack_version_id
    AND v.left_out_by <> l.left_out_by`

// It is no longer listed at all: that is another reason.
const LEAVE_OUT_NO_MORE = `UPDATE pack_version v SET left_out_by = '', updated_at = now()
  WHERE v.tenant_id = $1 AND v.registry_id = $2 AND v.left_out_by <> '' AND ${IN_QUESTION} AND NOT ${isListed()}`

const BRING_BACK = `UPDATE pack_version v SET gone_at = NULL, left_out_by = '', updated_at = now()
  WHERE v.tenant_id = $1 AND v.gone_at IS NOT NULL AND v.id = ANY(ARRAY(SELECT id FROM (${BACK}) AS back))
  RETURNING v.id`

const NOTE_FAILURES = `INSERT INTO sync_failure (tenant_id, registry_id, name, version, digest, tags, source, reason)
  SELECT $1, $2, l.name, l.version, l.digest, l.tags, l.source, l.reason FROM listed_version l
  WHERE ${OF_RUN} AND l.reason <> ''
  ON CONFLICT (tenant_id, registry_id, name, version) DO UPDATE SET digest = excluded.digest, tags = excluded.tags,
    source = excluded.source, reason = excluded.reason, last_failed_at = now()`

const HOLD_NO_MORE = `DELETE FROM held_removal h USING pack_version v
  WHERE h.tenant_id = $1 AND h.registry_id = $2 AND v.tenant_id = $1 AND v.id = h.pack_version_id AND ${IN_QUESTION}
    AND (v.gone_at IS NOT NULL OR NOT ${isListed('l.is_missing')})`

const HOLD = `INSERT INTO held_removal (tenant_id, registry_id, pack_version_id, of_versions)
  SELECT $1, $2, v.id, $4 FROM listed_version l
  CROSS JOIN LATERAL (SELECT v.id FROM pack_version v
    WHERE v.tenant_id = $1 AND v.id = l.pack_version_id AND v.gone_at IS NULL OFFSET 0) AS v
  WHERE ${OF_RUN} AND l.is_missing
  ON CONFLICT DO NOTHING`

const FIRST_HELD = `SELECT v.id FROM listed_version l
  CROSS JOIN LATERAL (SELECT l.pack_version_id AS id) AS v
  WHERE ${OF_RUN} AND l.is_missing AND NOT ${IS_KEPT} ORDER BY l.name, l.version LIMIT ${ITEMS_KEPT}`

const FORGET_FAILURES = `DELETE FROM sync_failure v WHERE v.tenant_id = $1 AND v.registry_id = $2 AND ${IN_QUESTION}
  AND NOT ${isListed(TAKEN)}`

// What points where it should is left alone: a conflict would lock its row.
const SET_TAGS = `INSERT INTO pack_tag (tenant_id, registry_id, name, tag, pack_version_id)
  SELECT DISTINCT ON (l.name, new.tag) $1, $2, l.name, new.tag, v.id
  FROM listed_version l
  CROSS JOIN LATERAL (SELECT v.id FROM pack_version v WHERE v.tenant_id = $1 AND v.registry_id = $2
    AND v.name = l.name AND v.version = l.version OFFSET 0) AS v
  CROSS JOIN LATERAL unnest(l.tags) AS new(tag)
  WHERE ${OF_RUN} AND ${TAKEN} AND NOT EXISTS (
    SELECT FROM pack_tag p WHERE p.tenant_id = $1 AND p.registry_id = $2 AND p.name = l.name AND p.tag = new.tag
      AND p.pack_version_id = v.id OFFSET 0)
  ORDER BY l.name, new.tag, l.place
  ON CONFLICT (tenant_id, registry_id, name, tag) DO UPDATE SET pack_version_id = excluded.pack_version_id`

// First those whose version does not bear them, which are few; of them those that no version of the pack bears. Tags
// of what is not listed and stays, stay too.
const TAKE_TAGS = `WITH doubtful AS MATERIALIZED (
    SELECT v.ctid AS at, v.name, v.tag, v.pack_version_id FROM pack_tag v
    CROSS JOIN LATERAL (SELECT its.version FROM pack_version its
      WHERE its.tenant_id = $1 AND its.id = v.pack_version_id OFFSET 0) AS its
    WHERE v.tenant_id = $1 AND v.registry_id = $2 AND ${IN_QUESTION} AND NOT EXISTS (
      SELECT FROM listed_version l WHERE ${OF_RUN} AND l.name = v.name AND l.version = its.version
        AND v.tag = ANY(l.tags) AND ${TAKEN} OFFSET 0))
  DELETE FROM pack_tag p USING doubtful d
  WHERE p.ctid = d.at AND p.tenant_id = $1 AND p.registry_id = $2
    AND NOT EXISTS (SELECT FROM listed_version l
      WHERE ${OF_RUN} AND l.name = d.name AND d.tag = ANY(l.tags) AND ${TAKEN} OFFSET 0)
    AND NOT EXISTS (SELECT FROM held_removal h WHERE h.tenant_id = $1 AND h.registry_id = $2
      AND h.pack_version_id = d.pack_version_id OFFSET 0)`

const FORGET_LEFT_OUT = `DELETE FROM left_out_tag o WHERE o.tenant_id = $1 AND o.registry_id = $2
  AND (o.name, o.tag) NOT IN (SELECT l.name, its.tag FROM listed_version l CROSS JOIN LATERAL unnest(l.tags) AS its(tag)
    WHERE ${OF_RUN} AND l.left_out_by <> '')`

// Those alone that are new, or point elsewhere.
const REMEMBER_LEFT_OUT = `INSERT INTO left_out_tag (tenant_id, registry_id, name, tag, digest)
  SELECT DISTINCT ON (l.name, its.tag) $1, $2, l.name, its.tag, l.digest
  FROM listed_version l CROSS JOIN LATERAL unnest(l.tags) AS its(tag)
  WHERE ${OF_RUN} AND l.left_out_by <> '' AND NOT EXISTS (
    SELECT FROM left_out_tag o WHERE o.tenant_id = $1 AND o.registry_id = $2 AND o.name = l.name AND o.tag = its.tag
      AND o.digest = l.digest OFFSET 0)
  ORDER BY l.name, its.tag, l.place
  ON CONFLICT (tenant_id, registry_id, name, tag) DO UPDATE SET digest = excluded.digest`
