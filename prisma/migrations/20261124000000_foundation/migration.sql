-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "tenant" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "tenant_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "project" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "project_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "app_user" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "password_hash" TEXT,
    "session_version" INTEGER NOT NULL DEFAULT 1,
    "role" TEXT NOT NULL DEFAULT 'tenant-admin',
    "disabled_at" TIMESTAMPTZ(3),
    "last_sign_in_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "app_user_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sign_in_throttle" (
    "key" TEXT NOT NULL,
    "failures" INTEGER NOT NULL,
    "last_failed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sign_in_throttle_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "api_key" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "hint" TEXT NOT NULL,
    "active" BOOLEAN NOT NULL DEFAULT true,
    "expires_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "registry" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "endpoint" TEXT NOT NULL,
    "auth_type" TEXT NOT NULL,
    "username" TEXT NOT NULL DEFAULT '',
    "sealed_secret" TEXT,
    "ca" TEXT NOT NULL DEFAULT '',
    "insecure_skip_verify" BOOLEAN NOT NULL DEFAULT false,
    "is_private" BOOLEAN NOT NULL DEFAULT true,
    "is_default" BOOLEAN NOT NULL DEFAULT false,
    "labels" JSONB NOT NULL DEFAULT '{}',
    "annotations" JSONB NOT NULL DEFAULT '{}',
    "sync_every_minutes" INTEGER NOT NULL DEFAULT 15,
    "paused" BOOLEAN NOT NULL DEFAULT false,
    "due_at" TIMESTAMPTZ(3),
    "run_id" TEXT,
    "requested_by" TEXT NOT NULL DEFAULT '',
    "revision" TEXT,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "last_outcome" TEXT NOT NULL DEFAULT 'never',
    "last_step" TEXT NOT NULL DEFAULT '',
    "last_message" TEXT NOT NULL DEFAULT '',
    "last_fix" TEXT NOT NULL DEFAULT '',
    "last_run_at" TIMESTAMPTZ(3),
    "last_synced_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "registry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sync_run" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "registry_id" TEXT NOT NULL,
    "trigger" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),
    "outcome" TEXT NOT NULL DEFAULT 'running',
    "step" TEXT NOT NULL DEFAULT '',
    "message" TEXT NOT NULL DEFAULT '',
    "listed" INTEGER NOT NULL DEFAULT 0,
    "added" INTEGER NOT NULL DEFAULT 0,
    "changed" INTEGER NOT NULL DEFAULT 0,
    "removed" INTEGER NOT NULL DEFAULT 0,
    "failed" INTEGER NOT NULL DEFAULT 0,
    "requests" INTEGER NOT NULL DEFAULT 0,
    "bytes" BIGINT NOT NULL DEFAULT 0,
    "rows" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "sync_run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sync_failure" (
    "tenant_id" TEXT NOT NULL,
    "registry_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "first_failed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_failed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sync_failure_pkey" PRIMARY KEY ("tenant_id","registry_id","name","version")
);

-- CreateTable
CREATE TABLE "content" (
    "tenant_id" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "bytes" BYTEA NOT NULL,

    CONSTRAINT "content_pkey" PRIMARY KEY ("tenant_id","digest")
);

-- CreateTable
CREATE TABLE "pack_version" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "registry_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "version_key" TEXT NOT NULL,
    "display_name" TEXT NOT NULL,
    "layer" TEXT NOT NULL,
    "addon_type" TEXT NOT NULL DEFAULT '',
    "addon_sub_type" TEXT NOT NULL DEFAULT '',
    "cloud_types" TEXT[],
    "pack_group" TEXT NOT NULL DEFAULT '',
    "eol" TEXT NOT NULL DEFAULT '',
    "annotations" JSONB NOT NULL DEFAULT '{}',
    "state" TEXT NOT NULL DEFAULT 'active',
    "digest" TEXT NOT NULL,
    "revision_id" TEXT NOT NULL,
    "logo_digest" TEXT,
    "gone_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "pack_version_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "pack_revision" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "pack_version_id" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "manifest_digest" TEXT NOT NULL,
    "values_digest" TEXT,
    "readme_digest" TEXT,
    "schema_digest" TEXT,
    "presets_digest" TEXT,
    "logo_digest" TEXT,
    "manifest" JSONB NOT NULL,
    "presets" JSONB NOT NULL DEFAULT '[]',
    "schema" JSONB NOT NULL DEFAULT '[]',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "pack_revision_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "pack_tag" (
    "tenant_id" TEXT NOT NULL,
    "registry_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "tag" TEXT NOT NULL,
    "pack_version_id" TEXT NOT NULL,

    CONSTRAINT "pack_tag_pkey" PRIMARY KEY ("tenant_id","registry_id","name","tag")
);

-- CreateTable
CREATE TABLE "profile" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "project_id" TEXT,
    "name" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "cloud_type" TEXT NOT NULL,
    "labels" JSONB NOT NULL DEFAULT '{}',
    "annotations" JSONB NOT NULL DEFAULT '{}',
    "variables" JSONB NOT NULL DEFAULT '[]',
    "published_at" TIMESTAMPTZ(3),
    "revision" INTEGER NOT NULL DEFAULT 1,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "profile_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "profile_layer" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "profile_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "display_name" TEXT NOT NULL,
    "layer" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "registry_id" TEXT,
    "pack_version_id" TEXT,
    "pack_revision_id" TEXT,
    "tag" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "values" TEXT NOT NULL,
    "manifests" JSONB NOT NULL DEFAULT '[]',

    CONSTRAINT "profile_layer_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_event" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor_kind" TEXT NOT NULL,
    "actor_id" TEXT NOT NULL,
    "actor_name" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "resource_kind" TEXT NOT NULL,
    "resource_id" TEXT NOT NULL,
    "resource_name" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "request_id" TEXT NOT NULL,

    CONSTRAINT "audit_event_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "tenant_name_key" ON "tenant"("name");

-- CreateIndex
CREATE UNIQUE INDEX "project_tenant_id_id_key" ON "project"("tenant_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "project_tenant_id_name_key" ON "project"("tenant_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "app_user_email_key" ON "app_user"("email");

-- CreateIndex
CREATE UNIQUE INDEX "app_user_tenant_id_id_key" ON "app_user"("tenant_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "api_key_hash_key" ON "api_key"("hash");

-- CreateIndex
CREATE UNIQUE INDEX "api_key_tenant_id_id_key" ON "api_key"("tenant_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "api_key_tenant_id_user_id_name_key" ON "api_key"("tenant_id", "user_id", "name");

-- CreateIndex
CREATE INDEX "registry_due_at_idx" ON "registry"("due_at");

-- CreateIndex
CREATE UNIQUE INDEX "registry_tenant_id_id_key" ON "registry"("tenant_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "registry_tenant_id_name_key" ON "registry"("tenant_id", "name");

-- CreateIndex
CREATE INDEX "sync_run_tenant_id_registry_id_started_at_idx" ON "sync_run"("tenant_id", "registry_id", "started_at" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "sync_run_tenant_id_id_key" ON "sync_run"("tenant_id", "id");

-- CreateIndex
CREATE INDEX "pack_version_tenant_id_name_version_key_idx" ON "pack_version"("tenant_id", "name", "version_key" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "pack_version_tenant_id_id_key" ON "pack_version"("tenant_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "pack_version_tenant_id_registry_id_name_version_key" ON "pack_version"("tenant_id", "registry_id", "name", "version");

-- CreateIndex
CREATE UNIQUE INDEX "pack_revision_tenant_id_id_key" ON "pack_revision"("tenant_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "pack_revision_tenant_id_pack_version_id_digest_key" ON "pack_revision"("tenant_id", "pack_version_id", "digest");

-- CreateIndex
CREATE INDEX "pack_tag_tenant_id_pack_version_id_idx" ON "pack_tag"("tenant_id", "pack_version_id");

-- CreateIndex
CREATE UNIQUE INDEX "profile_tenant_id_project_id_name_version_key" ON "profile"("tenant_id", "project_id", "name", "version");

-- CreateIndex
CREATE INDEX "profile_tenant_id_updated_at_idx" ON "profile"("tenant_id", "updated_at" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "profile_tenant_id_id_key" ON "profile"("tenant_id", "id");

-- CreateIndex
CREATE INDEX "profile_layer_tenant_id_pack_revision_id_idx" ON "profile_layer"("tenant_id", "pack_revision_id");

-- CreateIndex
CREATE UNIQUE INDEX "profile_layer_tenant_id_id_key" ON "profile_layer"("tenant_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "profile_layer_tenant_id_profile_id_position_key" ON "profile_layer"("tenant_id", "profile_id", "position");

-- CreateIndex
CREATE UNIQUE INDEX "profile_layer_tenant_id_profile_id_name_key" ON "profile_layer"("tenant_id", "profile_id", "name");

-- CreateIndex
CREATE INDEX "audit_event_tenant_id_at_idx" ON "audit_event"("tenant_id", "at" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "audit_event_tenant_id_id_key" ON "audit_event"("tenant_id", "id");

-- AddForeignKey
ALTER TABLE "project" ADD CONSTRAINT "project_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "app_user" ADD CONSTRAINT "app_user_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_tenant_id_user_id_fkey" FOREIGN KEY ("tenant_id", "user_id") REFERENCES "app_user"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sync_run" ADD CONSTRAINT "sync_run_tenant_id_registry_id_fkey" FOREIGN KEY ("tenant_id", "registry_id") REFERENCES "registry"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sync_failure" ADD CONSTRAINT "sync_failure_tenant_id_registry_id_fkey" FOREIGN KEY ("tenant_id", "registry_id") REFERENCES "registry"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "pack_version" ADD CONSTRAINT "pack_version_tenant_id_registry_id_fkey" FOREIGN KEY ("tenant_id", "registry_id") REFERENCES "registry"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "pack_revision" ADD CONSTRAINT "pack_revision_tenant_id_pack_version_id_fkey" FOREIGN KEY ("tenant_id", "pack_version_id") REFERENCES "pack_version"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "pack_tag" ADD CONSTRAINT "pack_tag_tenant_id_registry_id_fkey" FOREIGN KEY ("tenant_id", "registry_id") REFERENCES "registry"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "pack_tag" ADD CONSTRAINT "pack_tag_tenant_id_pack_version_id_fkey" FOREIGN KEY ("tenant_id", "pack_version_id") REFERENCES "pack_version"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "profile" ADD CONSTRAINT "profile_tenant_id_project_id_fkey" FOREIGN KEY ("tenant_id", "project_id") REFERENCES "project"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "profile_layer" ADD CONSTRAINT "profile_layer_tenant_id_profile_id_fkey" FOREIGN KEY ("tenant_id", "profile_id") REFERENCES "profile"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "profile_layer" ADD CONSTRAINT "profile_layer_tenant_id_pack_revision_id_fkey" FOREIGN KEY ("tenant_id", "pack_revision_id") REFERENCES "pack_revision"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;



-- From here on by hand: what Prisma has no words for.

-- Profiles of the tenant itself have no project: two of them may not share name and version either.
DROP INDEX "profile_tenant_id_project_id_name_version_key";
CREATE UNIQUE INDEX "profile_tenant_id_project_id_name_version_key"
  ON "profile" ("tenant_id", "project_id", "name", "version") NULLS NOT DISTINCT;

-- Bounds. One row that breaks them could stop a queue for everybody.
ALTER TABLE "app_user"
  ADD CONSTRAINT "app_user_role" CHECK ("role" IN ('tenant-admin', 'tenant-viewer')),
  ADD CONSTRAINT "app_user_email_lower" CHECK ("email" = lower("email"));
ALTER TABLE "registry"
  ADD CONSTRAINT "registry_kind" CHECK ("kind" IN ('pack')),
  ADD CONSTRAINT "registry_auth_type" CHECK ("auth_type" IN ('none', 'basic', 'token')),
  ADD CONSTRAINT "registry_interval" CHECK ("sync_every_minutes" BETWEEN 1 AND 10080),
  ADD CONSTRAINT "registry_outcome" CHECK ("last_outcome" IN ('never', 'completed', 'failed', 'stalled')),
  ADD CONSTRAINT "registry_paused_is_not_due" CHECK (NOT ("paused" AND "due_at" IS NOT NULL));
ALTER TABLE "sync_run"
  ADD CONSTRAINT "sync_run_outcome"
    CHECK ("outcome" IN ('running', 'completed', 'unchanged', 'failed', 'abandoned'));
ALTER TABLE "pack_version"
  ADD CONSTRAINT "pack_version_layer" CHECK ("layer" IN ('kernel', 'os', 'k8s', 'cni', 'csi', 'addon')),
  ADD CONSTRAINT "pack_version_state" CHECK ("state" IN ('active', 'deprecated', 'disabled', 'deleted'));
ALTER TABLE "content"
  ADD CONSTRAINT "content_digest" CHECK ("digest" ~ '^sha256:[0-9a-f]{64}$');
ALTER TABLE "profile"
  ADD CONSTRAINT "profile_type" CHECK ("type" IN ('cluster', 'infra', 'add-on'));
ALTER TABLE "profile_layer"
  ADD CONSTRAINT "profile_layer_layer" CHECK ("layer" IN ('kernel', 'os', 'k8s', 'cni', 'csi', 'addon')),
  ADD CONSTRAINT "profile_layer_type" CHECK ("type" IN ('spectro', 'helm', 'oci', 'manifest'));
-- A registry that profiles use is not deleted from under them: the layers' reference to a revision refuses it, since
-- deleting a registry would delete its revisions.

-- What is published never changes, whoever asks. Deleting the whole version is another matter.
CREATE FUNCTION packyard_published_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE layer record;
BEGIN
  IF TG_TABLE_NAME = 'profile' THEN
    IF OLD."published_at" IS NOT NULL AND (NEW."published_at" IS DISTINCT FROM OLD."published_at"
        OR NEW."name" <> OLD."name" OR NEW."version" <> OLD."version" OR NEW."type" <> OLD."type"
        OR NEW."cloud_type" <> OLD."cloud_type" OR NEW."variables" <> OLD."variables") THEN
      RAISE EXCEPTION 'a published profile version never changes' USING ERRCODE = 'PY001';
    END IF;
    RETURN NEW;
  END IF;
  layer := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
  IF EXISTS (SELECT FROM "profile" p WHERE p."tenant_id" = layer.tenant_id AND p."id" = layer.profile_id
             AND p."published_at" IS NOT NULL) THEN
    RAISE EXCEPTION 'a published profile version never changes' USING ERRCODE = 'PY001';
  END IF;
  RETURN layer;
END $$;
CREATE TRIGGER published_is_final BEFORE UPDATE ON "profile"
  FOR EACH ROW EXECUTE FUNCTION packyard_published_is_final();
CREATE TRIGGER published_is_final BEFORE INSERT OR UPDATE OR DELETE ON "profile_layer"
  FOR EACH ROW EXECUTE FUNCTION packyard_published_is_final();

-- Uids are 24 hex digits wherever they are a key of their own.
DO $$
DECLARE one text;
BEGIN
  FOREACH one IN ARRAY ARRAY['tenant','project','app_user','api_key','registry','sync_run','pack_version',
                             'pack_revision','profile','profile_layer','audit_event'] LOOP
    EXECUTE format('ALTER TABLE %I ADD CONSTRAINT %I CHECK ("id" ~ ''^[0-9a-f]{24}$'')', one, one || '_uid');
  END LOOP;
END $$;

-- Two roles without a login, of which the launcher makes its login roles members: app_tenant sees one tenant's rows,
-- app_system all. They are the cluster's, not the database's, so they may exist already.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'packyard_tenant') THEN CREATE ROLE packyard_tenant NOLOGIN; END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'packyard_system') THEN CREATE ROLE packyard_system NOLOGIN; END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;

GRANT USAGE ON SCHEMA public TO packyard_tenant, packyard_system;

-- After a transaction the setting is '', not NULL.
CREATE FUNCTION packyard_tenant_id() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT NULLIF(current_setting('packyard.tenant_id', true), '') $$;

DO $$
DECLARE one text;
BEGIN
  FOREACH one IN ARRAY ARRAY['project','app_user','api_key','registry','sync_run','sync_failure','content',
                             'pack_version','pack_revision','pack_tag','profile','profile_layer'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', one);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', one);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO packyard_tenant, packyard_system', one);
    EXECUTE format('CREATE POLICY tenant ON %I TO packyard_tenant USING ("tenant_id" = packyard_tenant_id()) WITH CHECK ("tenant_id" = packyard_tenant_id())', one);
    EXECUTE format('CREATE POLICY system ON %I TO packyard_system USING (true) WITH CHECK (true)', one);
  END LOOP;
END $$;

-- The tenant itself: read by its own, made by the system only.
ALTER TABLE "tenant" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "tenant" FORCE ROW LEVEL SECURITY;
GRANT SELECT ON "tenant" TO packyard_tenant;
GRANT SELECT, INSERT, UPDATE ON "tenant" TO packyard_system;
CREATE POLICY tenant ON "tenant" TO packyard_tenant USING ("id" = packyard_tenant_id());
CREATE POLICY system ON "tenant" TO packyard_system USING (true) WITH CHECK (true);

-- Audit events are written and read, never changed.
ALTER TABLE "audit_event" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "audit_event" FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON "audit_event" TO packyard_tenant, packyard_system;
CREATE POLICY tenant ON "audit_event" TO packyard_tenant
  USING ("tenant_id" = packyard_tenant_id()) WITH CHECK ("tenant_id" = packyard_tenant_id());
CREATE POLICY system ON "audit_event" TO packyard_system USING (true) WITH CHECK (true);

-- Before a person is known there is no tenant.
GRANT SELECT, INSERT, UPDATE, DELETE ON "sign_in_throttle" TO packyard_system;
