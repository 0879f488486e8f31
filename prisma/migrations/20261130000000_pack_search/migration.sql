-- What people search: one row for each pack name of a tenant, however many registries and versions carry it. It follows
-- from pack_version alone and is kept by triggers, so that whoever writes versions need not think of it.

CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gin;
CREATE EXTENSION IF NOT EXISTS unaccent;

-- CreateTable
CREATE TABLE "pack" (
    "tenant_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "display_name" TEXT NOT NULL,
    "sort_name" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "layer" TEXT NOT NULL,
    "layer_order" SMALLINT NOT NULL,
    "addon_type" TEXT NOT NULL,
    "addon_sub_type" TEXT NOT NULL,
    "cloud_types" TEXT[],
    "pack_group" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "eol_on" DATE,
    "versions" INTEGER NOT NULL,
    "newest_id" TEXT NOT NULL,
    "prominence" SMALLINT NOT NULL,
    "facets" TEXT[],
    "name_words" tsvector NOT NULL,
    "words" tsvector NOT NULL,
    "spelling" TEXT NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "pack_pkey" PRIMARY KEY ("tenant_id","name")
);

-- CreateTable
CREATE TABLE "pack_cell" (
    "tenant_id" TEXT NOT NULL,
    "facets" TEXT NOT NULL,
    "packs" INTEGER NOT NULL,

    CONSTRAINT "pack_cell_pkey" PRIMARY KEY ("tenant_id","facets")
);

CREATE INDEX "pack_sort_display_name" ON "pack" ("tenant_id", "sort_name", "name");
CREATE INDEX "pack_sort_changed" ON "pack" ("tenant_id", "changed_at" DESC, "name");
CREATE INDEX "pack_sort_layer" ON "pack" ("tenant_id", "layer_order", "name");
CREATE INDEX "pack_sort_addon_type" ON "pack" ("tenant_id", "addon_type", "name");
CREATE INDEX "pack_best" ON "pack" ("tenant_id", "prominence" DESC, "name");
CREATE INDEX "pack_name_words" ON "pack" USING gin ("name_words") WITH (fastupdate = off);
CREATE INDEX "pack_words" ON "pack" USING gin ("words") WITH (fastupdate = off);
-- Prisma has no words for these, and leaves partial indexes alone: their condition holds for every row.
CREATE INDEX "pack_prefix" ON "pack" ("tenant_id", "name" text_pattern_ops) WHERE "tenant_id" IS NOT NULL;
CREATE INDEX "pack_facets" ON "pack" USING gin ("tenant_id", "facets") WITH (fastupdate = off)
  WHERE "tenant_id" IS NOT NULL;
CREATE INDEX "pack_spelling" ON "pack" USING gin ("tenant_id", "spelling" gin_trgm_ops) WITH (fastupdate = off)
  WHERE "tenant_id" IS NOT NULL;

ALTER TABLE "pack" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "pack" FORCE ROW LEVEL SECURITY;
GRANT SELECT ON "pack" TO packyard_tenant;
GRANT SELECT, INSERT, UPDATE, DELETE ON "pack" TO packyard_system;
CREATE POLICY tenant ON "pack" TO packyard_tenant USING ("tenant_id" = packyard_tenant_id());
CREATE POLICY system ON "pack" TO packyard_system USING (true) WITH CHECK (true);
ALTER TABLE "pack_cell" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "pack_cell" FORCE ROW LEVEL SECURITY;
GRANT SELECT ON "pack_cell" TO packyard_tenant;
GRANT SELECT, INSERT, UPDATE, DELETE ON "pack_cell" TO packyard_system;
CREATE POLICY tenant ON "pack_cell" TO packyard_tenant USING ("tenant_id" = packyard_tenant_id());
CREATE POLICY system ON "pack_cell" TO packyard_system USING (true) WITH CHECK (true);

-- The words of a text, without accents and punctuation.
CREATE FUNCTION packyard_words(text) RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE SET search_path = public, pg_temp AS $$
  SELECT COALESCE(array_agg(DISTINCT left(word, 64)), '{}')
  FROM regexp_split_to_table(lower(unaccent($1)), '[][[:space:]!-/:-@\\^_`{-~]+') AS word WHERE word <> ''
$$;

-- One index holds the words of all tenants: each word says whose it is.
CREATE FUNCTION packyard_own_words(tenant text, words text[]) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT COALESCE(array_agg(right(tenant, 6) || word), '{}') FROM unnest(words) AS word
$$;

-- All words of a phrase, eight at most; the last may be the beginning of one. NULL: there is none.
CREATE FUNCTION packyard_query(phrase text) RETURNS tsquery LANGUAGE sql STABLE PARALLEL SAFE
  SET search_path = public, pg_temp AS $$
  SELECT string_agg(quote_literal(right(packyard_tenant_id(), 6) || left(word, 64))
    || CASE WHEN is_last THEN ':*' ELSE '' END, ' & ')::tsquery
  FROM (
    SELECT word, lead(word) OVER (ORDER BY n) IS NULL AS is_last
    FROM regexp_split_to_table(lower(unaccent(left(phrase, 256))), '[][[:space:]!-/:-@\\^_`{-~]+')
      WITH ORDINALITY AS one(word, n)
    WHERE word <> '' ORDER BY n LIMIT 8) AS words
$$;

CREATE FUNCTION packyard_as_date(text) RETURNS date LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  IF $1 !~ '^\d{4}-\d{2}-\d{2}' THEN RETURN NULL; END IF;
  RETURN left($1, 10)::date;
EXCEPTION WHEN datetime_field_overflow OR invalid_datetime_format THEN RETURN NULL;
END $$;

-- Makes the rows of these packs anew. Locks come first and in one order: what two syncs write at the same time is read
-- after the one that was first has ended.
CREATE FUNCTION packyard_refresh_packs(tenants text[], names text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(4203207, bucket) FROM (
    SELECT DISTINCT hashtext(t || n) & 63 | (hashtext(t) << 6) AS bucket
    FROM unnest(tenants, names) AS touched(t, n) ORDER BY 1) AS buckets;

  WITH touched AS (SELECT DISTINCT t, n FROM unnest(tenants, names) AS one(t, n)),
  versions AS (
    SELECT v.* FROM touched JOIN pack_version v ON v.tenant_id = touched.t AND v.name = touched.n),
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
    array_to_tsvector(packyard_own_words(n.tenant_id, packyard_words(n.name))),
    array_to_tsvector(packyard_own_words(n.tenant_id, packyard_words(concat_ws(' ', n.name, n.display_name,
      n.addon_type, n.addon_sub_type, left(n.description, 4096), left(n.annotations->>'keywords', 1024))))),
    left(lower(unaccent(n.name || ' ' || n.display_name)), 256),
    t.changed_at
  FROM newest n JOIN totals t USING (tenant_id, name)
  ORDER BY n.tenant_id, n.name
  ON CONFLICT (tenant_id, name) DO UPDATE SET
    display_name = excluded.display_name, sort_name = excluded.sort_name, description = excluded.description,
    layer = excluded.layer, layer_order = excluded.layer_order,
    addon_type = excluded.addon_type, addon_sub_type = excluded.addon_sub_type, cloud_types = excluded.cloud_types,
    pack_group = excluded.pack_group, state = excluded.state, eol_on = excluded.eol_on, versions = excluded.versions,
    newest_id = excluded.newest_id, prominence = excluded.prominence, facets = excluded.facets,
    name_words = excluded.name_words, words = excluded.words, spelling = excluded.spelling,
    changed_at = excluded.changed_at;

  DELETE FROM pack p USING unnest(tenants, names) AS touched(t, n)
  WHERE p.tenant_id = touched.t AND p.name = touched.n AND NOT EXISTS (
    SELECT FROM pack_version v WHERE v.tenant_id = touched.t AND v.name = touched.n);
END $$;

CREATE FUNCTION packyard_versions_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp AS $$
DECLARE
  tenants text[];
  names text[];
BEGIN
  IF TG_OP = 'DELETE' THEN
    SELECT array_agg(tenant_id), array_agg(name) INTO tenants, names
    FROM (SELECT DISTINCT tenant_id, name FROM was) AS touched;
  ELSE
    SELECT array_agg(tenant_id), array_agg(name) INTO tenants, names
    FROM (SELECT DISTINCT tenant_id, name FROM became) AS touched;
  END IF;
  IF tenants IS NOT NULL THEN PERFORM packyard_refresh_packs(tenants, names); END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER packs_follow_insert AFTER INSERT ON "pack_version"
  REFERENCING NEW TABLE AS became FOR EACH STATEMENT EXECUTE FUNCTION packyard_versions_changed();
CREATE TRIGGER packs_follow_update AFTER UPDATE ON "pack_version"
  REFERENCING NEW TABLE AS became FOR EACH STATEMENT EXECUTE FUNCTION packyard_versions_changed();
CREATE TRIGGER packs_follow_delete AFTER DELETE ON "pack_version"
  REFERENCING OLD TABLE AS was FOR EACH STATEMENT EXECUTE FUNCTION packyard_versions_changed();

-- How many packs share each set of facets: counts for any choice are sums over few rows.
CREATE FUNCTION packyard_packs_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO pack_cell AS c (tenant_id, facets, packs)
    SELECT tenant_id, array_to_json(facets)::text, count(*) FROM became GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (tenant_id, facets) DO UPDATE SET packs = c.packs + excluded.packs;
  ELSIF TG_OP = 'DELETE' THEN
    UPDATE pack_cell c SET packs = c.packs - fewer.packs
    FROM (SELECT tenant_id, array_to_json(facets)::text AS facets, count(*) AS packs FROM was GROUP BY 1, 2 ORDER BY 1, 2) AS fewer
    WHERE c.tenant_id = fewer.tenant_id AND c.facets = fewer.facets;
  ELSE
    INSERT INTO pack_cell AS c (tenant_id, facets, packs)
    SELECT tenant_id, facets, sum(n) FROM (
      SELECT tenant_id, array_to_json(facets)::text AS facets, 1 AS n FROM became
      UNION ALL SELECT tenant_id, array_to_json(facets)::text, -1 FROM was) AS moved
    GROUP BY 1, 2 HAVING sum(n) <> 0 ORDER BY 1, 2
    ON CONFLICT (tenant_id, facets) DO UPDATE SET packs = c.packs + excluded.packs;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER cells_follow_insert AFTER INSERT ON "pack"
  REFERENCING NEW TABLE AS became FOR EACH STATEMENT EXECUTE FUNCTION packyard_packs_changed();
CREATE TRIGGER cells_follow_update AFTER UPDATE ON "pack"
  REFERENCING OLD TABLE AS was NEW TABLE AS became FOR EACH STATEMENT EXECUTE FUNCTION packyard_packs_changed();
CREATE TRIGGER cells_follow_delete AFTER DELETE ON "pack"
  REFERENCING OLD TABLE AS was FOR EACH STATEMENT EXECUTE FUNCTION packyard_packs_changed();

-- The packs of the tenant that match a phrase and facets, with a tier: 0 the very name, 1 a name that begins so, 2 all
-- words in the name, 3 all words anywhere, 4 no words were asked for. The last word may be a beginning. A few times
-- "most" at most, so that a common word costs hardly more than a rare one; fewer than "most" are all there are. What is
-- most prominent is always among them.
--
-- Full-text and array operators are not leakproof: under a policy their indexes are not used. So this reads past the
-- policies, and asks for the tenant itself. One index is read, that of the words or that of the narrowest choice, by
-- how many packs they let through; all else is looked at in the rows that it finds.
--
-- @param narrowest the choice that fits fewest packs, narrowest_packs of the tenant's all_packs; NULL: none is made
CREATE FUNCTION packyard_match_packs(phrase text, layers text[], addon_types text[], addon_sub_types text[],
  clouds text[], registries text[], states text[], narrowest text[], narrowest_packs integer, all_packs integer,
  most integer)
RETURNS TABLE (name text, tier integer) LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = public, pg_temp AS $$
DECLARE
  tenant constant text := packyard_tenant_id();
  query constant tsquery := packyard_query(phrase);
  start constant text := lower(btrim(phrase));
  fits constant text := 'p.tenant_id = $2
    AND ($3 IS NULL OR COALESCE(p.facets && $3, false)) AND ($4 IS NULL OR COALESCE(p.facets && $4, false))
    AND ($5 IS NULL OR COALESCE(p.facets && $5, false)) AND ($6 IS NULL OR COALESCE(p.facets && $6, false))
    AND ($7 IS NULL OR COALESCE(p.facets && $7, false)) AND ($8 IS NULL OR COALESCE(p.facets && $8, false))';
  word_packs bigint;
  by_choice text;
BEGIN
  IF query IS NULL THEN
    RETURN QUERY EXECUTE 'SELECT p.name, 4 FROM pack p WHERE p.facets && $1 AND ' || fits || ' LIMIT $9'
    USING narrowest, tenant, layers, addon_types, addon_sub_types, clouds, registries, states, most;
    RETURN;
  END IF;
  SELECT count(*) * all_packs / 1000 INTO word_packs
  FROM (SELECT p.words FROM pack p WHERE p.tenant_id = tenant ORDER BY p.prominence DESC, p.name LIMIT 1000) AS p
  WHERE p.words @@ query;
  by_choice := CASE WHEN narrowest_packs < word_packs
    THEN 'p.facets && $12 AND COALESCE(p.words @@ $1, false)' ELSE 'p.words @@ $1' END;
  RETURN QUERY EXECUTE $q$
    WITH prominent AS MATERIALIZED (
      SELECT p.name, CASE WHEN p.name_words @@ $1 THEN 2 ELSE 3 END AS tier
      FROM (SELECT * FROM pack WHERE tenant_id = $2 ORDER BY prominence DESC, name LIMIT 2000) AS p
      WHERE COALESCE(p.words @@ $1, false) AND $q$ || fits || $q$ LIMIT $9),
    named AS MATERIALIZED (
      SELECT p.name, 2 AS tier FROM pack p WHERE p.name_words @@ $1 AND $q$ || fits || $q$ LIMIT $9)
    SELECT m.name, min(m.tier)::integer FROM (
      (SELECT p.name, CASE WHEN p.name = $10 THEN 0 ELSE 1 END AS tier FROM pack p
       WHERE p.name ~>=~ $10 AND p.name ~<~ $11 AND $q$ || fits || $q$ ORDER BY p.name USING ~<~ LIMIT 100)
      UNION ALL SELECT * FROM prominent UNION ALL SELECT * FROM named
      UNION ALL
      (SELECT p.name, 3 FROM pack p
       WHERE (SELECT count(*) FROM prominent) + (SELECT count(*) FROM named) < $9
         AND $q$ || by_choice || ' AND ' || fits || $q$ LIMIT $9)) AS m
    GROUP BY m.name $q$
  USING query, tenant, layers, addon_types, addon_sub_types, clouds, registries, states, most, start,
    start || chr(1114111), narrowest;
END $$;

-- How many of the packs that match a phrase share each set of facets, of the first so many.
CREATE FUNCTION packyard_count_matches(phrase text, most integer)
RETURNS TABLE (facets text[], packs bigint) LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = public, pg_temp AS $$
BEGIN
  RETURN QUERY EXECUTE $q$
    SELECT m.facets, count(*) FROM (
      SELECT p.facets FROM pack p WHERE p.words @@ $1 AND p.tenant_id = $2 LIMIT $3) AS m
    GROUP BY m.facets $q$
  USING packyard_query(phrase), packyard_tenant_id(), most;
END $$;

-- The packs of the tenant whose name or display name is written much like a phrase: the nearest first.
CREATE FUNCTION packyard_similar_packs(phrase text, layers text[], addon_types text[], addon_sub_types text[],
  clouds text[], registries text[], states text[], most integer)
RETURNS TABLE (name text, likeness real) LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = public, pg_temp SET pg_trgm.word_similarity_threshold = 0.5 AS $$
BEGIN
  RETURN QUERY EXECUTE $q$
    SELECT m.name, m.likeness FROM (
      SELECT p.name, word_similarity($1, p.spelling) AS likeness FROM pack p
      WHERE p.tenant_id = $2 AND $1 <% p.spelling
        AND ($3 IS NULL OR COALESCE(p.facets && $3, false)) AND ($4 IS NULL OR COALESCE(p.facets && $4, false))
        AND ($5 IS NULL OR COALESCE(p.facets && $5, false)) AND ($6 IS NULL OR COALESCE(p.facets && $6, false))
        AND ($7 IS NULL OR COALESCE(p.facets && $7, false)) AND ($8 IS NULL OR COALESCE(p.facets && $8, false))
      LIMIT 1000) AS m
    ORDER BY m.likeness DESC, length(m.name), m.name LIMIT $9 $q$
  USING left(lower(unaccent(phrase)), 64), packyard_tenant_id(), layers, addon_types, addon_sub_types, clouds,
    registries, states, most;
END $$;

REVOKE EXECUTE ON FUNCTION packyard_match_packs, packyard_similar_packs, packyard_count_matches FROM PUBLIC;
GRANT EXECUTE ON FUNCTION packyard_match_packs, packyard_similar_packs, packyard_count_matches
  TO packyard_tenant, packyard_system;

-- Those functions work as the operator does, whoever asks.
DO $$
DECLARE is_superuser boolean := (SELECT rolsuper FROM pg_roles WHERE rolname = CURRENT_USER);
BEGIN
  IF NOT is_superuser THEN GRANT packyard_system TO CURRENT_USER; END IF;
  GRANT CREATE ON SCHEMA public TO packyard_system;
  ALTER FUNCTION packyard_refresh_packs OWNER TO packyard_system;
  ALTER FUNCTION packyard_versions_changed OWNER TO packyard_system;
  ALTER FUNCTION packyard_packs_changed OWNER TO packyard_system;
  ALTER FUNCTION packyard_match_packs OWNER TO packyard_system;
  ALTER FUNCTION packyard_similar_packs OWNER TO packyard_system;
  ALTER FUNCTION packyard_count_matches OWNER TO packyard_system;
  REVOKE CREATE ON SCHEMA public FROM packyard_system;
  IF NOT is_superuser THEN REVOKE packyard_system FROM CURRENT_USER; END IF;
END $$;

-- What is there already.
CREATE FUNCTION packyard_refresh_all() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT packyard_refresh_packs(array_agg(tenant_id), array_agg(name))
  FROM (SELECT DISTINCT tenant_id, name FROM pack_version) AS every HAVING count(*) > 0
$$;
DO $$
DECLARE is_superuser boolean := (SELECT rolsuper FROM pg_roles WHERE rolname = CURRENT_USER);
BEGIN
  IF NOT is_superuser THEN GRANT packyard_system TO CURRENT_USER; END IF;
  GRANT CREATE ON SCHEMA public TO packyard_system;
  ALTER FUNCTION packyard_refresh_all OWNER TO packyard_system;
  REVOKE CREATE ON SCHEMA public FROM packyard_system;
  PERFORM packyard_refresh_all();
  DROP FUNCTION packyard_refresh_all;
  IF NOT is_superuser THEN REVOKE packyard_system FROM CURRENT_USER; END IF;
END $$;
