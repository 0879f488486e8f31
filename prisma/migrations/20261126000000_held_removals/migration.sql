-- A person asked the running sync to end.
ALTER TABLE "registry" ADD COLUMN "cancel_requested" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "held_removal" (
    "tenant_id" TEXT NOT NULL,
    "registry_id" TEXT NOT NULL,
    "pack_version_id" TEXT NOT NULL,
    "of_versions" INTEGER NOT NULL,
    "held_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "kept_at" TIMESTAMPTZ(3),

    CONSTRAINT "held_removal_pkey" PRIMARY KEY ("tenant_id","registry_id","pack_version_id")
);

-- CreateIndex
CREATE INDEX "held_removal_tenant_id_pack_version_id_idx" ON "held_removal"("tenant_id", "pack_version_id");

-- AddForeignKey
ALTER TABLE "held_removal" ADD CONSTRAINT "held_removal_tenant_id_registry_id_fkey" FOREIGN KEY ("tenant_id", "registry_id") REFERENCES "registry"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "held_removal" ADD CONSTRAINT "held_removal_tenant_id_pack_version_id_fkey" FOREIGN KEY ("tenant_id", "pack_version_id") REFERENCES "pack_version"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "held_removal" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "held_removal" FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON "held_removal" TO packyard_tenant, packyard_system;
CREATE POLICY tenant ON "held_removal" TO packyard_tenant
  USING ("tenant_id" = packyard_tenant_id()) WITH CHECK ("tenant_id" = packyard_tenant_id());
CREATE POLICY system ON "held_removal" TO packyard_system USING (true) WITH CHECK (true);

ALTER TABLE "sync_run"
  DROP CONSTRAINT "sync_run_outcome",
  ADD CONSTRAINT "sync_run_outcome"
    CHECK ("outcome" IN ('running', 'completed', 'unchanged', 'failed', 'abandoned', 'cancelled'));
