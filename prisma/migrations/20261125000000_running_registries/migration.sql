-- The tick looks for runs that were left behind: few are running, however many registries there are.
CREATE INDEX "registry_run_id_idx" ON "registry"("run_id");
