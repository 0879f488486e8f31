-- How often what people search has changed, so that what is remembered of it can be told from what is so. One row a
-- registry: syncs of two registries do not wait for each other.
CREATE TABLE "catalog_version" (
    "tenant_id" TEXT NOT NULL,
    "registry_id" TEXT NOT NULL,
    "changes" BIGINT NOT NULL,

    CONSTRAINT "catalog_version_pkey" PRIMARY KEY ("tenant_id","registry_id")
);
ALTER TABLE "catalog_version" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "catalog_version" FORCE ROW LEVEL SECURITY;
GRANT SELECT ON "catalog_version" TO packyard_tenant;
GRANT SELECT, INSERT, UPDATE ON "catalog_version" TO packyard_system;
CREATE POLICY tenant ON "catalog_version" TO packyard_tenant USING ("tenant_id" = packyard_tenant_id());
CREATE POLICY system ON "catalog_version" TO packyard_system USING (true) WITH CHECK (true);

DO $$ BEGIN
  IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = CURRENT_USER) THEN GRANT packyard_system TO CURRENT_USER; END IF;
  GRANT CREATE ON SCHEMA public TO packyard_system;
END $$;

CREATE OR REPLACE FUNCTION packyard_versions_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp AS $$
DECLARE
  tenants text[];
  names text[];
  owners text[];
  registries text[];
BEGIN
  IF TG_OP = 'DELETE' THEN
    SELECT array_agg(tenant_id), array_agg(name) INTO tenants, names
    FROM (SELECT DISTINCT tenant_id, name FROM was) AS touched;
    SELECT array_agg(tenant_id), array_agg(registry_id) INTO owners, registries
    FROM (SELECT DISTINCT tenant_id, registry_id FROM was) AS touched;
  ELSE
    SELECT array_agg(tenant_id), array_agg(name) INTO tenants, names
    FROM (SELECT DISTINCT tenant_id, name FROM became) AS touched;
    SELECT array_agg(tenant_id), array_agg(registry_id) INTO owners, registries
    FROM (SELECT DISTINCT tenant_id, registry_id FROM became) AS touched;
  END IF;
  IF tenants IS NOT NULL THEN
    PERFORM packyard_refresh_packs(tenants, names);
    INSERT INTO catalog_version AS v (tenant_id, registry_id, changes)
    SELECT t, r, 1 FROM unnest(owners, registries) AS touched(t, r) ORDER BY t, r
    ON CONFLICT (tenant_id, registry_id) DO UPDATE SET changes = v.changes + 1;
  END IF;
  RETURN NULL;
END $$;

-- A registry's name stands beside each pack.
CREATE FUNCTION packyard_registry_renamed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO catalog_version AS v (tenant_id, registry_id, changes) VALUES (NEW.tenant_id, NEW.id, 1)
  ON CONFLICT (tenant_id, registry_id) DO UPDATE SET changes = v.changes + 1;
  RETURN NULL;
END $$;
CREATE TRIGGER catalog_follows_names AFTER UPDATE OF "name" ON "registry"
  FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION packyard_registry_renamed();

-- The packs of the tenant that match a phrase and facets, with what they are ranked and sorted by, and a tier: 0 the very
-- name, 1 a name that begins so, 2 all words in the name, 3 all words anywhere, 4 no words were asked for. The last word
-- may be a beginning. Fewer than "most" are all there are; else there are some times as many at most, and what is most
-- prominent is among them.
--
-- Full-text and array operators are not leakproof: under a policy their indexes are not used. So this reads past the
-- policies, and asks for the tenant itself. Of words that few packs have, their index is read and nothing else. Else one
-- index is read, that of the words or that of the narrowest choice, by how many packs they let through; all else is
-- looked at in the rows that it finds.
--
-- @param narrowest the choice that fits fewest packs, narrowest_packs of the tenant's all_packs; NULL: none is made
CREATE FUNCTION packyard_find_packs(phrase text, layers text[], addon_types text[], addon_sub_types text[],
  clouds text[], registries text[], states text[], narrowest text[], narrowest_packs integer, all_packs integer,
  most integer)
RETURNS TABLE (name text, tier integer, display_name text, sort_name text, layer_order smallint, addon_type text,
  changed_at timestamptz, state text, prominence smallint) LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = public, pg_temp AS $$
DECLARE
  tenant constant text := packyard_tenant_id();
  query constant tsquery := packyard_query(phrase);
  start constant text := lower(btrim(phrase));
  fits constant text := 'p.tenant_id = $2'
    || CASE WHEN layers IS NULL THEN '' ELSE ' AND COALESCE(p.facets && $3, false)' END
    || CASE WHEN addon_types IS NULL THEN '' ELSE ' AND COALESCE(p.facets && $4, false)' END
    || CASE WHEN addon_sub_types IS NULL THEN '' ELSE ' AND COALESCE(p.facets && $5, false)' END
    || CASE WHEN clouds IS NULL THEN '' ELSE ' AND COALESCE(p.facets && $6, false)' END
    || CASE WHEN registries IS NULL THEN '' ELSE ' AND COALESCE(p.facets && $7, false)' END
    || CASE WHEN states IS NULL THEN '' ELSE ' AND COALESCE(p.facets && $8, false)' END;
  shown constant text := 'p.name, CASE WHEN $1 IS NULL THEN 4 WHEN p.name = $10 THEN 0 WHEN p.name ^@ $10 THEN 1
    WHEN p.name_words @@ $1 THEN 2 ELSE 3 END AS tier, p.display_name, p.sort_name, p.layer_order, p.addon_type,
    p.changed_at, p.state, p.prominence';
  -- So many of the most prominent packs tell how common the words are.
  looked_at constant integer := 200;
  hits integer := 0;
  is_by_choice boolean;
BEGIN
  IF query IS NOT NULL THEN
    SELECT count(*) INTO hits
    FROM (SELECT p.words FROM pack p WHERE p.tenant_id = tenant ORDER BY p.prominence DESC, p.name LIMIT looked_at) AS p
    WHERE p.words @@ query;
  END IF;
  IF query IS NULL OR hits = 0 THEN
    -- All that there are: the bound is for words that many packs have, and none of the most prominent.
    RETURN QUERY EXECUTE 'SELECT ' || shown || ' FROM pack p WHERE '
      || CASE WHEN query IS NULL THEN 'p.facets && $11' ELSE 'p.words @@ $1' END || ' AND ' || fits || ' LIMIT $9'
    USING query, tenant, layers, addon_types, addon_sub_types, clouds, registries, states, most * 10, start, narrowest;
    RETURN;
  END IF;
  is_by_choice := narrowest_packs < hits::bigint * all_packs / looked_at;
  RETURN QUERY EXECUTE $q$
    WITH prominent AS MATERIALIZED (
      SELECT $q$ || shown || $q$
      FROM (SELECT * FROM pack WHERE tenant_id = $2 ORDER BY prominence DESC, name LIMIT 2000) AS p
      WHERE COALESCE(p.words @@ $1, false) AND $q$ || fits || $q$ LIMIT $9),
    named AS MATERIALIZED (SELECT $q$ || shown || $q$ FROM pack p WHERE p.name_words @@ $1 AND $q$ || fits || $q$ LIMIT $9)
    SELECT DISTINCT ON (m.name) m.* FROM (
      (SELECT $q$ || shown || $q$ FROM pack p
       WHERE p.name ~>=~ $10 AND p.name ~<~ $11 AND $q$ || fits || $q$ ORDER BY p.name USING ~<~ LIMIT 100)
      UNION ALL SELECT * FROM prominent UNION ALL SELECT * FROM named
      UNION ALL
      (SELECT $q$ || shown || $q$ FROM pack p
       WHERE (SELECT count(*) FROM prominent) + (SELECT count(*) FROM named) < $9
         AND $q$ || CASE WHEN is_by_choice THEN 'p.facets && $12 AND COALESCE(p.words @@ $1, false)' ELSE 'p.words @@ $1' END
      || ' AND ' || fits || ' LIMIT $9)) AS m ORDER BY m.name'
  USING query, tenant, layers, addon_types, addon_sub_types, clouds, registries, states, most, start,
    start || chr(1114111), narrowest;
END $$;
REVOKE EXECUTE ON FUNCTION packyard_find_packs FROM PUBLIC;
GRANT EXECUTE ON FUNCTION packyard_find_packs TO packyard_tenant, packyard_system;

-- How many of the packs that match a phrase share each set of facets, of the first so many. Where most packs have the
-- words, they are found by going through the packs, and not by the index of the words, which would be read whole.
CREATE OR REPLACE FUNCTION packyard_count_matches(phrase text, most integer)
RETURNS TABLE (facets text[], packs bigint) LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = public, pg_temp AS $$
DECLARE
  tenant constant text := packyard_tenant_id();
  query constant tsquery := packyard_query(phrase);
  looked_at constant integer := 200;
  hits integer;
BEGIN
  SELECT count(*) INTO hits
  FROM (SELECT p.words FROM pack p WHERE p.tenant_id = tenant ORDER BY p.prominence DESC, p.name LIMIT looked_at) AS p
  WHERE p.words @@ query;
  RETURN QUERY EXECUTE 'SELECT m.facets, count(*) FROM (SELECT p.facets FROM '
    || CASE WHEN hits * 2 > looked_at
       THEN '(SELECT * FROM pack WHERE tenant_id = $2 ORDER BY prominence DESC, name) AS p WHERE COALESCE(p.words @@ $1, false)'
       ELSE 'pack p WHERE p.words @@ $1 AND p.tenant_id = $2' END
    || ' LIMIT $3) AS m GROUP BY m.facets'
  USING query, tenant, most;
END $$;

-- The packs of the tenant whose name or display name is written much like a phrase: the nearest first
-- of 300.
CREATE OR REPLACE FUNCTION packyard_similar_packs(phrase text, layers text[], addon_types text[], addon_sub_types text[],
  clouds text[], registries text[], states text[], most integer)
RETURNS TABLE (name text, likeness real) LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = public, pg_temp SET pg_trgm.word_similarity_threshold = 0.5 SET enable_seqscan = off AS $$
BEGIN
  RETURN QUERY EXECUTE $q$
    SELECT m.name, m.likeness FROM (
      SELECT p.name, word_similarity($1, p.spelling) AS likeness FROM pack p
      WHERE p.tenant_id = $2 AND $1 <% p.spelling
        AND ($3 IS NULL OR COALESCE(p.facets && $3, false)) AND ($4 IS NULL OR COALESCE(p.facets && $4, false))
        AND ($5 IS NULL OR COALESCE(p.facets && $5, false)) AND ($6 IS NULL OR COALESCE(p.facets && $6, false))
        AND ($7 IS NULL OR COALESCE(p.facets && $7, false)) AND ($8 IS NULL OR COALESCE(p.facets && $8, false))
      LIMIT 300) AS m
    ORDER BY m.likeness DESC, length(m.name), m.name LIMIT $9 $q$
  USING left(lower(unaccent(phrase)), 64), packyard_tenant_id(), layers, addon_types, addon_sub_types, clouds,
    registries, states, most;
END $$;

DROP FUNCTION packyard_match_packs;
DO $$
DECLARE is_superuser boolean := (SELECT rolsuper FROM pg_roles WHERE rolname = CURRENT_USER);
BEGIN
  ALTER FUNCTION packyard_find_packs OWNER TO packyard_system;
  ALTER FUNCTION packyard_registry_renamed OWNER TO packyard_system;
  REVOKE CREATE ON SCHEMA public FROM packyard_system;
  IF NOT is_superuser THEN REVOKE packyard_system FROM CURRENT_USER; END IF;
END $$;
