-- Registries tell what changed since they were last read. What is held by that is checked against everything from time
-- to time; and a version that failed keeps its tags, which are not told again when it can be read.
ALTER TABLE "registry" ADD COLUMN "reread_at" TIMESTAMPTZ(3);
ALTER TABLE "sync_failure" ADD COLUMN "tags" TEXT[] NOT NULL DEFAULT '{}';

-- The tags of what failed before stand in the next whole listing. For the owner of the tables the policies count too.
ALTER TABLE "registry" NO FORCE ROW LEVEL SECURITY;
ALTER TABLE "sync_failure" NO FORCE ROW LEVEL SECURITY;
UPDATE "registry" r SET revision = NULL WHERE EXISTS (
  SELECT FROM sync_failure f WHERE f.tenant_id = r.tenant_id AND f.registry_id = r.id);
ALTER TABLE "sync_failure" FORCE ROW LEVEL SECURITY;
ALTER TABLE "registry" FORCE ROW LEVEL SECURITY;
