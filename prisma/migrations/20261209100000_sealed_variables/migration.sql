-- Defaults of masked profile variables, sealed together: the variables themselves say that there is one, and not what.
ALTER TABLE "profile" ADD COLUMN "sealed_variables" TEXT;

-- What is published never changes, whoever asks; it may be sealed anew with another key (the second part says which).
CREATE OR REPLACE FUNCTION packyard_published_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE layer record;
BEGIN
  IF TG_TABLE_NAME = 'profile' THEN
    IF OLD."published_at" IS NOT NULL AND (NEW."published_at" IS DISTINCT FROM OLD."published_at"
        OR NEW."name" <> OLD."name" OR NEW."version" <> OLD."version" OR NEW."type" <> OLD."type"
        OR NEW."cloud_type" <> OLD."cloud_type" OR NEW."variables" <> OLD."variables"
        OR (NEW."sealed_variables" IS DISTINCT FROM OLD."sealed_variables"
          AND (NEW."sealed_variables" IS NULL OR OLD."sealed_variables" IS NULL
            OR split_part(NEW."sealed_variables", '.', 2) = split_part(OLD."sealed_variables", '.', 2)))) THEN
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
