-- What the tags of versions that a filter leaves out pointed at, for registries that have to be asked tag by tag.
CREATE TABLE "left_out_tag" (
    "tenant_id" TEXT NOT NULL,
    "registry_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "tag" TEXT NOT NULL,
    "digest" TEXT NOT NULL,

    CONSTRAINT "left_out_tag_pkey" PRIMARY KEY ("tenant_id","registry_id","name","tag")
);

ALTER TABLE "left_out_tag" ADD CONSTRAINT "left_out_tag_tenant_id_registry_id_fkey" FOREIGN KEY ("tenant_id", "registry_id") REFERENCES "registry"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "left_out_tag" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "left_out_tag" FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON "left_out_tag" TO packyard_tenant, packyard_system;
CREATE POLICY tenant ON "left_out_tag" TO packyard_tenant
  USING ("tenant_id" = packyard_tenant_id()) WITH CHECK ("tenant_id" = packyard_tenant_id());
CREATE POLICY system ON "left_out_tag" TO packyard_system USING (true) WITH CHECK (true);
