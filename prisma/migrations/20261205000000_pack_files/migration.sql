-- The files of a revision, once somebody looked at them: lib/catalog/files.ts. Their texts are contents.
CREATE TABLE "pack_files" (
    "tenant_id" TEXT NOT NULL,
    "pack_revision_id" TEXT NOT NULL,
    "listing" JSONB NOT NULL,
    "read_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "pack_files_pkey" PRIMARY KEY ("tenant_id","pack_revision_id")
);

-- AddForeignKey
ALTER TABLE "pack_files" ADD CONSTRAINT "pack_files_tenant_id_pack_revision_id_fkey" FOREIGN KEY ("tenant_id", "pack_revision_id") REFERENCES "pack_revision"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "pack_files" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "pack_files" FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON "pack_files" TO packyard_tenant, packyard_system;
CREATE POLICY tenant ON "pack_files" TO packyard_tenant
  USING ("tenant_id" = packyard_tenant_id()) WITH CHECK ("tenant_id" = packyard_tenant_id());
CREATE POLICY system ON "pack_files" TO packyard_system USING (true) WITH CHECK (true);
