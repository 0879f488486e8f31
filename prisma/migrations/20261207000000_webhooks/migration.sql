-- The console tells others of changes in the catalog.

-- CreateTable
CREATE TABLE "webhook" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "sealed_webhook" TEXT NOT NULL,
    "kinds" TEXT[],
    "registries" TEXT[],
    "packs" TEXT[],
    "paused" BOOLEAN NOT NULL DEFAULT false,
    "paused_reason" TEXT NOT NULL DEFAULT '',
    "failures" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "webhook_pkey" PRIMARY KEY ("id")
);

-- CreateTable: what waits to be told.
CREATE TABLE "webhook_event" (
    "tenant_id" TEXT NOT NULL,
    "webhook_id" TEXT NOT NULL,
    "event_id" BIGINT NOT NULL,

    CONSTRAINT "webhook_event_pkey" PRIMARY KEY ("tenant_id","webhook_id","event_id")
);

-- CreateTable: what was told, and is being told.
CREATE TABLE "webhook_delivery" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "webhook_id" TEXT NOT NULL,
    "event" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "changes" INTEGER NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'waiting',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "status" INTEGER,
    "reason" TEXT NOT NULL DEFAULT '',
    "ms" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "webhook_delivery_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "webhook_tenant_id_id_key" ON "webhook"("tenant_id", "id");
CREATE UNIQUE INDEX "webhook_tenant_id_name_key" ON "webhook"("tenant_id", "name");
CREATE INDEX "webhook_delivery_tenant_id_webhook_id_id_idx" ON "webhook_delivery"("tenant_id", "webhook_id", "id" DESC);
CREATE INDEX "webhook_delivery_due" ON "webhook_delivery" ("next_at") WHERE "state" = 'waiting';
-- One at a time: what is told comes in its order.
CREATE UNIQUE INDEX "webhook_delivery_one" ON "webhook_delivery" ("webhook_id") WHERE "state" = 'waiting';

-- AddForeignKey
ALTER TABLE "webhook_event" ADD CONSTRAINT "webhook_event_tenant_id_webhook_id_fkey" FOREIGN KEY ("tenant_id", "webhook_id") REFERENCES "webhook"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "webhook_delivery" ADD CONSTRAINT "webhook_delivery_tenant_id_webhook_id_fkey" FOREIGN KEY ("tenant_id", "webhook_id") REFERENCES "webhook"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "webhook_delivery"
  ADD CONSTRAINT "webhook_delivery_state" CHECK ("state" IN ('waiting', 'delivered', 'failed'));

DO $$
DECLARE one text;
BEGIN
  FOREACH one IN ARRAY ARRAY['webhook','webhook_delivery'] LOOP
    EXECUTE format('ALTER TABLE %I ADD CONSTRAINT %I CHECK ("id" ~ ''^[0-9a-f]{24}$'')', one, one || '_uid');
  END LOOP;
  FOREACH one IN ARRAY ARRAY['webhook','webhook_event','webhook_delivery'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', one);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', one);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO packyard_tenant, packyard_system', one);
    EXECUTE format('CREATE POLICY tenant ON %I TO packyard_tenant USING ("tenant_id" = packyard_tenant_id()) WITH CHECK ("tenant_id" = packyard_tenant_id())', one);
    EXECUTE format('CREATE POLICY system ON %I TO packyard_system USING (true) WITH CHECK (true)', one);
  END LOOP;
END $$;

-- Whoever notes what happened: it waits for every webhook that wants to know, in the same transaction.
CREATE FUNCTION packyard_events_wait() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO webhook_event (tenant_id, webhook_id, event_id)
  SELECT e.tenant_id, w.id, e.id FROM noted e
  JOIN webhook w ON w.tenant_id = e.tenant_id AND NOT w.paused AND e.kind = ANY(w.kinds);
  RETURN NULL;
END $$;
CREATE TRIGGER events_wait AFTER INSERT ON "catalog_event"
  REFERENCING NEW TABLE AS noted FOR EACH STATEMENT EXECUTE FUNCTION packyard_events_wait();
