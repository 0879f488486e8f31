-- Logos as people are shown them: drawn anew from what the registries gave, when somebody first looks.

-- CreateTable
CREATE TABLE "logo_picture" (
    "tenant_id" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "small" BYTEA,
    "large" BYTEA,
    "refused" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "logo_picture_pkey" PRIMARY KEY ("tenant_id","digest")
);

-- AddForeignKey
ALTER TABLE "logo_picture" ADD CONSTRAINT "logo_picture_tenant_id_digest_fkey" FOREIGN KEY ("tenant_id", "digest") REFERENCES "content"("tenant_id", "digest") ON DELETE CASCADE ON UPDATE CASCADE;

-- There is a picture, or a reason why there is none.
ALTER TABLE "logo_picture" ADD CONSTRAINT "logo_picture_or_reason"
  CHECK (("refused" = '') = ("small" IS NOT NULL) AND ("refused" = '') = ("large" IS NOT NULL));

ALTER TABLE "logo_picture" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "logo_picture" FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON "logo_picture" TO packyard_tenant, packyard_system;
CREATE POLICY tenant ON "logo_picture" TO packyard_tenant
  USING ("tenant_id" = packyard_tenant_id()) WITH CHECK ("tenant_id" = packyard_tenant_id());
CREATE POLICY system ON "logo_picture" TO packyard_system USING (true) WITH CHECK (true);
