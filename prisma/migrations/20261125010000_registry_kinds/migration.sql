-- What an OCI registry needs besides an address: what it holds, where, and who may be given its credentials.
ALTER TABLE "registry" ADD COLUMN     "base_content_path" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "base_path" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "provider_type" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "repositories" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "token_server" TEXT NOT NULL DEFAULT '';

ALTER TABLE "registry"
  DROP CONSTRAINT "registry_kind",
  ADD CONSTRAINT "registry_kind" CHECK ("kind" IN ('pack', 'oci', 'helm')),
  ADD CONSTRAINT "registry_provider_type" CHECK (
    CASE WHEN "kind" = 'oci' THEN "provider_type" IN ('pack', 'helm') ELSE "provider_type" = '' END
  );
