-- What happened to versions in the catalog, written by whatever changed them and in the same transaction. Rows are added
-- and, when they are old, deleted; nobody changes one.

-- CreateTable
CREATE TABLE "catalog_event" (
    "id" BIGINT GENERATED ALWAYS AS IDENTITY,
    "tenant_id" TEXT NOT NULL,
    "registry_id" TEXT NOT NULL,
    "run_id" TEXT NOT NULL DEFAULT '',
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL DEFAULT '',
    "version" TEXT NOT NULL DEFAULT '',
    "was" TEXT NOT NULL DEFAULT '',
    "became" TEXT NOT NULL DEFAULT '',
    "versions" INTEGER NOT NULL DEFAULT 1,
    "packs" INTEGER NOT NULL DEFAULT 1,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "catalog_event_pkey" PRIMARY KEY ("tenant_id","id")
);

CREATE INDEX "catalog_event_of_registry" ON "catalog_event" ("tenant_id", "registry_id", "id" DESC);
CREATE INDEX "catalog_event_of_pack" ON "catalog_event" ("tenant_id", "name", "id" DESC);
CREATE INDEX "catalog_event_of_run" ON "catalog_event" ("tenant_id", "run_id", "id" DESC);

-- AddForeignKey
ALTER TABLE "catalog_event" ADD CONSTRAINT "catalog_event_tenant_id_registry_id_fkey" FOREIGN KEY ("tenant_id", "registry_id") REFERENCES "registry"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "catalog_event" ADD CONSTRAINT "catalog_event_kind" CHECK ("kind" IN ('arrived', 'added', 'repushed',
  'deprecated', 'disabled', 'deleted', 'reinstated', 'gone', 'returned', 'eolSet', 'eolNear', 'eolReached', 'leftOut',
  'takenIn'));

ALTER TABLE "catalog_event" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "catalog_event" FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON "catalog_event" TO packyard_tenant;
GRANT SELECT, INSERT, DELETE ON "catalog_event" TO packyard_system;
CREATE POLICY tenant ON "catalog_event" TO packyard_tenant
  USING ("tenant_id" = packyard_tenant_id()) WITH CHECK ("tenant_id" = packyard_tenant_id());
CREATE POLICY system ON "catalog_event" TO packyard_system USING (true) WITH CHECK (true);
