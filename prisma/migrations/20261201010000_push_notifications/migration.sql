-- A registry tells the console when packs have changed: the secret that signs it, sealed, and when it was last heard.
ALTER TABLE "registry"
  ADD COLUMN "sealed_hook" TEXT,
  ADD COLUMN "hook_made_at" TIMESTAMPTZ(3),
  ADD COLUMN "hook_heard_at" TIMESTAMPTZ(3),
  -- The registry asked to wait: no notification has it read before.
  ADD COLUMN "wait_until" TIMESTAMPTZ(3);
