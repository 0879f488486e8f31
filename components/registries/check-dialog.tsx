'use client'

import { type CSSProperties, useEffect } from 'react'

import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Dialog } from '@/components/ui/dialog'
import { CheckLadder } from './check-ladder'
import { type Registry, useCheckRegistry } from './queries'
import { Verdict } from './verdict'

/** Tests the connection of a registry as it is stored. */
export function CheckDialog({ registry, onClose }: { registry: Registry; onClose: () => void }) {
  const { mutate, data, error, isPending } = useCheckRegistry()
  const { uid, name } = registry.metadata
  const run = () => mutate({ body: { registryUid: uid } })
  // biome-ignore lint/correctness/useExhaustiveDependencies: it begins when it opens
  useEffect(run, [uid])
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Connection test of ${name}`}
      description="With the settings and the secret that are stored."
      footer={
        <>
          <Button busy={isPending} onClick={run}>
            Test again
          </Button>
          <Button look="primary" onClick={onClose}>
            Done
          </Button>
        </>
      }
    >
      <div className="mb-1 flex justify-end">
        <Verdict isRunning={isPending} steps={data?.steps ?? null} kind={registry.kind} />
      </div>
      {error ? (
        <Callout tone="bad" title="The test could not run">
          {error.message}
        </Callout>
      ) : (
        <div style={{ '--ground': 'var(--surface)' } as CSSProperties}>
          <CheckLadder
            steps={data?.steps ?? null}
            isRunning={isPending}
            kind={registry.kind}
            endpoint={data?.endpoint}
          />
        </div>
      )}
    </Dialog>
  )
}
