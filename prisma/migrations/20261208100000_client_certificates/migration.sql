-- With which certificate the console shows a registry who it is, and its private key, sealed: lib/registries/secret.ts
ALTER TABLE "registry"
  ADD COLUMN "client_certificate" TEXT NOT NULL DEFAULT '',
  ADD COLUMN "sealed_key" TEXT;
ALTER TABLE "registry"
  ADD CONSTRAINT "registry_client_key" CHECK (("client_certificate" = '') = ("sealed_key" IS NULL));
