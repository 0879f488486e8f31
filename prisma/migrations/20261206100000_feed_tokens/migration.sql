-- Programs that read feeds send no headers: a token in the address, of one person, that reads feeds and nothing else.

-- CreateTable
CREATE TABLE "feed_token" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "last_used_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "feed_token_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "feed_token_hash_key" ON "feed_token"("hash");
CREATE UNIQUE INDEX "feed_token_tenant_id_user_id_name_key" ON "feed_token"("tenant_id", "user_id", "name");

-- AddForeignKey
ALTER TABLE "feed_token" ADD CONSTRAINT "feed_token_tenant_id_user_id_fkey" FOREIGN KEY ("tenant_id", "user_id") REFERENCES "app_user"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "feed_token" ADD CONSTRAINT "feed_token_uid" CHECK ("id" ~ '^[0-9a-f]{24}$');
ALTER TABLE "feed_token" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "feed_token" FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON "feed_token" TO packyard_tenant, packyard_system;
CREATE POLICY tenant ON "feed_token" TO packyard_tenant
  USING ("tenant_id" = packyard_tenant_id()) WITH CHECK ("tenant_id" = packyard_tenant_id());
CREATE POLICY system ON "feed_token" TO packyard_system USING (true) WITH CHECK (true);
