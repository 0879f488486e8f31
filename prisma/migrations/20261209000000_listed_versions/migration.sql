-- What a running sync read of a listing, and what it finds about it: compared, judged and settled in here, so that a
-- sync needs the same memory for a thousand versions and for a million. Of no worth after the run, so it is not logged:
-- after a crash of the database it is empty, which the run notices by how many versions it had listed.
CREATE UNLOGGED TABLE "listed_version" (
    "tenant_id" TEXT NOT NULL,
    "registry_id" TEXT NOT NULL,
    "run_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "place" INTEGER NOT NULL,
    "digest" TEXT NOT NULL,
    "tags" TEXT[],
    "source" TEXT NOT NULL DEFAULT '',
    "fault" TEXT NOT NULL DEFAULT '',
    "pack_version_id" TEXT,
    "is_same" BOOLEAN NOT NULL,
    "was_here" BOOLEAN NOT NULL,
    "is_missing" BOOLEAN NOT NULL DEFAULT false,
    "left_out_by" TEXT NOT NULL DEFAULT '',
    "reason" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "listed_version_pkey" PRIMARY KEY ("tenant_id","registry_id","run_id","name","version")
);

-- What is to be fetched, in its order. Prisma leaves partial indexes alone.
CREATE INDEX "listed_version_unread" ON "listed_version" ("tenant_id", "registry_id", "run_id", "place")
  WHERE NOT "is_same";

ALTER TABLE "listed_version" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "listed_version" FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON "listed_version" TO packyard_tenant, packyard_system;
CREATE POLICY tenant ON "listed_version" TO packyard_tenant
  USING ("tenant_id" = packyard_tenant_id()) WITH CHECK ("tenant_id" = packyard_tenant_id());
CREATE POLICY system ON "listed_version" TO packyard_system USING (true) WITH CHECK (true);

-- Where the adapter finds what failed, as it was listed.
ALTER TABLE "sync_failure" ADD COLUMN "source" TEXT NOT NULL DEFAULT '';
