-- Which packs a revision asks for, so that "what requires this one?" is read along an index. It follows from the manifest,
-- and a trigger keeps it.
CREATE TABLE "pack_dependency" (
    "tenant_id" TEXT NOT NULL,
    "pack_revision_id" TEXT NOT NULL,
    "place" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "min_version" TEXT NOT NULL,
    "max_version" TEXT NOT NULL,

    CONSTRAINT "pack_dependency_pkey" PRIMARY KEY ("tenant_id","pack_revision_id","place")
);

-- CreateIndex
CREATE INDEX "pack_dependency_tenant_id_name_idx" ON "pack_dependency"("tenant_id", "name");

-- AddForeignKey
ALTER TABLE "pack_dependency" ADD CONSTRAINT "pack_dependency_tenant_id_pack_revision_id_fkey" FOREIGN KEY ("tenant_id", "pack_revision_id") REFERENCES "pack_revision"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "pack_dependency" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "pack_dependency" FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON "pack_dependency" TO packyard_tenant, packyard_system;
CREATE POLICY tenant ON "pack_dependency" TO packyard_tenant
  USING ("tenant_id" = packyard_tenant_id()) WITH CHECK ("tenant_id" = packyard_tenant_id());
CREATE POLICY system ON "pack_dependency" TO packyard_system USING (true) WITH CHECK (true);

CREATE FUNCTION packyard_keep_dependencies() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO pack_dependency (tenant_id, pack_revision_id, place, name, kind, min_version, max_version)
  SELECT r.tenant_id, r.id, d.place, left(d.one->>'packName', 256), left(d.one->>'type', 64),
    left(coalesce(trim(d.one->>'minVersion'), ''), 256), left(coalesce(trim(d.one->>'maxVersion'), ''), 256)
  FROM added r CROSS JOIN LATERAL jsonb_array_elements(
    CASE jsonb_typeof(r.manifest #> '{constraints,dependencies}') WHEN 'array'
      THEN r.manifest #> '{constraints,dependencies}' END) WITH ORDINALITY AS d(one, place)
  WHERE d.one->>'packName' IS NOT NULL AND d.one->>'type' IS NOT NULL;
  RETURN NULL;
END $$;
CREATE TRIGGER keep_dependencies AFTER INSERT ON "pack_revision"
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION packyard_keep_dependencies();

-- What is there already, of every tenant.
CREATE FUNCTION packyard_read_dependencies() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO pack_dependency (tenant_id, pack_revision_id, place, name, kind, min_version, max_version)
  SELECT r.tenant_id, r.id, d.place, left(d.one->>'packName', 256), left(d.one->>'type', 64),
    left(coalesce(trim(d.one->>'minVersion'), ''), 256), left(coalesce(trim(d.one->>'maxVersion'), ''), 256)
  FROM pack_revision r CROSS JOIN LATERAL jsonb_array_elements(
    CASE jsonb_typeof(r.manifest #> '{constraints,dependencies}') WHEN 'array'
      THEN r.manifest #> '{constraints,dependencies}' END) WITH ORDINALITY AS d(one, place)
  WHERE d.one->>'packName' IS NOT NULL AND d.one->>'type' IS NOT NULL
$$;
DO $$
DECLARE is_superuser boolean := (SELECT rolsuper FROM pg_roles WHERE rolname = CURRENT_USER);
BEGIN
  IF NOT is_superuser THEN GRANT packyard_system TO CURRENT_USER; END IF;
  GRANT CREATE ON SCHEMA public TO packyard_system;
  ALTER FUNCTION packyard_read_dependencies OWNER TO packyard_system;
  REVOKE CREATE ON SCHEMA public FROM packyard_system;
  PERFORM packyard_read_dependencies();
  DROP FUNCTION packyard_read_dependencies;
  IF NOT is_superuser THEN REVOKE packyard_system FROM CURRENT_USER; END IF;
END $$;
