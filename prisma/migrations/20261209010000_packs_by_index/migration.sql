-- The rows of packs are made in less time.
--
-- Words are split in the statement itself: a function with a search path of its own is started for each row.
CREATE FUNCTION packyard_split(phrase text) RETURNS SETOF text LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT left(word, 64) FROM regexp_split_to_table(lower(unaccent(phrase)), '[][[:space:]!-/:-@\\^_`{-~]+') AS word
  WHERE word <> ''
$$;

-- The rows of packs are made anew from versions that are looked up pack by pack, by their index (OFFSET 0): without
-- statistics, which a table that just grew does not have, all versions of all tenants were compared with each pack. The
-- function belongs to the operator's role.
DO $$ BEGIN
  IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = CURRENT_USER) THEN GRANT packyard_system TO CURRENT_USER; END IF;
  GRANT CREATE ON SCHEMA public TO packyard_system;
END $$;
CREATE OR REPLACE FUNCTION packyard_refresh_packs(tenants text[], names text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  gone_tenants text[];
  gone_names text[];
BEGIN
  PERFORM pg_advisory_xact_lock(4203207, bucket) FROM (
    SELECT DISTINCT hashtext(t || n) & 63 | (hashtext(t) << 6) AS bucket
    FROM unnest(tenants, names) AS touched(t, n) ORDER BY 1) AS buckets;

  WITH touched AS (SELECT DISTINCT t, n FROM unnest(tenants, names) AS one(t, n)),
  versions AS (
    SELECT v.* FROM touched CROSS JOIN LATERAL (
      SELECT * FROM pack_version WHERE tenant_id = touched.t AND name = touched.n AND left_out_by = '' OFFSET 0) AS v),
  newest AS (
    SELECT DISTINCT ON (tenant_id, name) *, annotations->>'description' AS description,
      packyard_as_date(eol) AS eol_on
    FROM versions
    ORDER BY tenant_id, name, gone_at IS NOT NULL, state IN ('disabled', 'deleted'), version_key DESC, id),
  totals AS (
    SELECT tenant_id, name, count(*) FILTER (WHERE gone_at IS NULL) AS versions, max(updated_at) AS changed_at,
      array_agg(DISTINCT 'r:' || registry_id) FILTER (WHERE gone_at IS NULL) AS registries,
      bool_or(gone_at IS NULL) AS is_listed
    FROM versions GROUP BY tenant_id, name)
  INSERT INTO pack (tenant_id, name, display_name, sort_name, description, layer, layer_order, addon_type, addon_sub_type, cloud_types,
    pack_group, state, eol_on, versions, newest_id, prominence, facets, name_words, words, spelling, changed_at)
  SELECT n.tenant_id, n.name, n.display_name, lower(n.display_name), COALESCE(n.description, ''), n.layer,
    array_position(ARRAY['kernel','os','k8s','cni','csi','addon'], n.layer), n.addon_type, n.addon_sub_type,
    n.cloud_types, n.pack_group, n.state, n.eol_on, t.versions, n.id,
    CASE n.annotations->>'source' WHEN 'spectrocloud' THEN 2 WHEN 'verified' THEN 1 ELSE 0 END,
    (SELECT array_agg(DISTINCT f ORDER BY f) FROM unnest(
       ARRAY['l:' || n.layer, 'a:' || n.addon_type, 'u:' || n.addon_sub_type,
         's:' || CASE WHEN t.is_listed THEN n.state ELSE 'gone' END]
       || CASE WHEN t.is_listed AND n.eol_on <= current_date THEN ARRAY['s:eol'] END
       || COALESCE(t.registries, '{}')
       || CASE WHEN n.cloud_types = '{}' THEN ARRAY['c:all']
          ELSE (SELECT array_agg('c:' || c) FROM unnest(n.cloud_types) AS c) END) AS f),
    name_words.v, words.v,
    left(lower(unaccent(n.name || ' ' || n.display_name)), 256),
    t.changed_at
  FROM newest n JOIN totals t USING (tenant_id, name)
  CROSS JOIN LATERAL (
    SELECT array_to_tsvector(COALESCE(array_agg(right(n.tenant_id, 6) || word), '{}')) AS v
    FROM packyard_split(n.name) AS word) AS name_words
  CROSS JOIN LATERAL (
    SELECT array_to_tsvector(COALESCE(array_agg(right(n.tenant_id, 6) || word), '{}')) AS v
    FROM packyard_split(concat_ws(' ', n.name, n.display_name, n.addon_type, n.addon_sub_type, left(n.description, 4096),
      left(n.annotations->>'keywords', 1024))) AS word) AS words
  ORDER BY n.tenant_id, n.name
  ON CONFLICT (tenant_id, name) DO UPDATE SET
    display_name = excluded.display_name, sort_name = excluded.sort_name, description = excluded.description,
    layer = excluded.layer, layer_order = excluded.layer_order,
    addon_type = excluded.addon_type, addon_sub_type = excluded.addon_sub_type, cloud_types = excluded.cloud_types,
    pack_group = excluded.pack_group, state = excluded.state, eol_on = excluded.eol_on, versions = excluded.versions,
    newest_id = excluded.newest_id, prominence = excluded.prominence, facets = excluded.facets,
    name_words = excluded.name_words, words = excluded.words, spelling = excluded.spelling,
    changed_at = excluded.changed_at;

  SELECT array_agg(t), array_agg(n) INTO gone_tenants, gone_names FROM unnest(tenants, names) AS touched(t, n)
  WHERE NOT EXISTS (SELECT FROM pack_version WHERE tenant_id = t AND name = n AND left_out_by = '' OFFSET 0);
  IF gone_tenants IS NOT NULL THEN
    DELETE FROM pack p USING unnest(gone_tenants, gone_names) AS gone(t, n)
    WHERE p.tenant_id = gone.t AND p.name = gone.n;
  END IF;
END $$;
DO $$ BEGIN
  REVOKE CREATE ON SCHEMA public FROM packyard_system;
  IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = CURRENT_USER) THEN REVOKE packyard_system FROM CURRENT_USER; END IF;
END $$;
DROP FUNCTION packyard_words;
DROP FUNCTION packyard_own_words;
