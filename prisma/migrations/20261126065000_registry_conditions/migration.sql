-- What people see of a registry's sync: its conditions with the times of their changes, how far a run is, who asked
-- for it, and what it did to which version.
ALTER TABLE "registry"
  ADD COLUMN "settings_revision" INTEGER NOT NULL DEFAULT 1,
  ADD COLUMN "run_revision" INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN "observed_revision" INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN "requested_actor" TEXT NOT NULL DEFAULT '',
  ADD COLUMN "cancelled_by" TEXT NOT NULL DEFAULT '',
  ADD COLUMN "paused_by" TEXT NOT NULL DEFAULT '',
  ADD COLUMN "progress" JSONB,
  ADD COLUMN "holding" BOOLEAN NOT NULL DEFAULT false,
  ADD COLUMN "ready_since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  ADD COLUMN "syncing_since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  ADD COLUMN "stalled_since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  ADD COLUMN "held_since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  ADD COLUMN "fresh_since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  ADD COLUMN "paused_since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;

ALTER TABLE "sync_run"
  ADD COLUMN "actor" TEXT NOT NULL DEFAULT '',
  ADD COLUMN "held" INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN "returned" INTEGER NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "sync_run_items" (
    "tenant_id" TEXT NOT NULL,
    "run_id" TEXT NOT NULL,
    "items" JSONB NOT NULL,

    CONSTRAINT "sync_run_items_pkey" PRIMARY KEY ("tenant_id","run_id")
);

-- AddForeignKey
ALTER TABLE "sync_run_items" ADD CONSTRAINT "sync_run_items_tenant_id_run_id_fkey" FOREIGN KEY ("tenant_id", "run_id") REFERENCES "sync_run"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "sync_run_items" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "sync_run_items" FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON "sync_run_items" TO packyard_tenant, packyard_system;
CREATE POLICY tenant ON "sync_run_items" TO packyard_tenant
  USING ("tenant_id" = packyard_tenant_id()) WITH CHECK ("tenant_id" = packyard_tenant_id());
CREATE POLICY system ON "sync_run_items" TO packyard_system USING (true) WITH CHECK (true);

-- Until when a catalog is as fresh as its interval promises: lib/registries/conditions.ts says the same.
CREATE FUNCTION packyard_fresh_until("read_at" timestamptz, "every_minutes" integer) RETURNS timestamptz
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT read_at + every_minutes * interval '66 seconds' + interval '10 minutes' $$;

-- Whoever changes a registry's row, and by whatever statement: since when each condition is so is kept right here.
CREATE FUNCTION packyard_keep_since() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.last_outcome = 'never', OLD.last_outcome = 'completed')
    <> (NEW.last_outcome = 'never', NEW.last_outcome = 'completed') THEN NEW.ready_since := now(); END IF;
  IF (OLD.run_id IS NULL) <> (NEW.run_id IS NULL) THEN NEW.syncing_since := now(); END IF;
  IF (OLD.last_outcome = 'stalled') <> (NEW.last_outcome = 'stalled') THEN NEW.stalled_since := now(); END IF;
  IF OLD.holding <> NEW.holding THEN NEW.held_since := now(); END IF;
  IF NEW.last_synced_at IS NOT NULL
    AND packyard_fresh_until(NEW.last_synced_at, NEW.sync_every_minutes) >= now()
    AND (OLD.last_synced_at IS NULL OR packyard_fresh_until(OLD.last_synced_at, OLD.sync_every_minutes) < now())
    THEN NEW.fresh_since := now(); END IF;
  IF OLD.paused <> NEW.paused THEN NEW.paused_since := now();
  ELSE NEW.paused_by := OLD.paused_by; -- saving a paused registry is not pausing it
  END IF;
  IF OLD.run_id IS DISTINCT FROM NEW.run_id THEN NEW.progress := NULL; END IF;
  RETURN NEW;
END $$;

-- What is there already: the times that its row and runs tell. For the owner of the tables the policies count too.
ALTER TABLE "registry" NO FORCE ROW LEVEL SECURITY;
ALTER TABLE "held_removal" NO FORCE ROW LEVEL SECURITY;
UPDATE "registry" r SET
  observed_revision = CASE WHEN last_outcome = 'never' THEN 0 ELSE 1 END,
  holding = EXISTS (SELECT FROM held_removal h
    WHERE h.tenant_id = r.tenant_id AND h.registry_id = r.id AND h.kept_at IS NULL),
  ready_since = COALESCE(last_run_at, created_at),
  syncing_since = COALESCE(last_run_at, created_at),
  stalled_since = COALESCE(last_run_at, created_at),
  held_since = COALESCE((SELECT min(held_at) FROM held_removal h
    WHERE h.tenant_id = r.tenant_id AND h.registry_id = r.id AND h.kept_at IS NULL), created_at),
  fresh_since = COALESCE(last_synced_at, created_at),
  paused_since = COALESCE(last_run_at, created_at);
ALTER TABLE "held_removal" FORCE ROW LEVEL SECURITY;
ALTER TABLE "registry" FORCE ROW LEVEL SECURITY;

CREATE TRIGGER keep_since BEFORE UPDATE ON "registry" FOR EACH ROW EXECUTE FUNCTION packyard_keep_since();
