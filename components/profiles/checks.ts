import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useRef, useState } from 'react'

import type { Finding } from '@/lib/profiles/rules/finding'
import { checkLayers } from '@/lib/profiles/rules/layers'
import type { PackFacts, Subject } from '@/lib/profiles/rules/subject'
import { beside } from './beside'
import type { Draft } from './draft'
import { checkQuery } from './queries'

const PAUSE_MS = 150

/** A draft as the rules look at it, with what the catalog knows of its packs. */
export function toSubject(
  { type, cloudType, layers, variables }: Draft,
  facts: ReadonlyMap<string, PackFacts>,
  before: Subject['before'] = [],
): Subject {
  return {
    ...{ type, cloudType, variables, before },
    today: new Date().toISOString().slice(0, 10),
    layers: layers.map((one) => ({
      ...{ name: one.name, displayName: one.displayName, version: one.version, layer: one.layer },
      ...{ type: one.type, values: one.values, manifests: one.manifests, digest: one.digest },
      pack: facts.get(one.name),
    })),
  }
}

/**
 * What is wrong with a draft: the rules, asked beside the page whenever the draft rests a moment; and packs that are not
 * there, which only the server can tell.
 */
export function useChecks(draft: Draft, uid: string) {
  const remote = useQuery(checkQuery(draft, uid))
  const facts = useMemo(
    () => new Map((remote.data?.packyard.facts ?? []).map((one) => [one.pack, one.facts as PackFacts])),
    [remote.data],
  )
  const before = remote.data?.packyard.before
  const [found, setFound] = useState<Finding[]>(() => checkLayers(draft))
  const [isChecked, setChecked] = useState(false)
  const asked = useRef(0)

  useEffect(() => {
    const timer = setTimeout(async () => {
      const turn = ++asked.current
      const findings = await beside('check', toSubject(draft, facts, before))
      if (turn !== asked.current) return
      setFound(findings)
      setChecked(remote.isFetched)
    }, PAUSE_MS)
    return () => clearTimeout(timer)
  }, [draft, facts, before, remote.isFetched])

  return useMemo(() => {
    const names = new Set(draft.layers.map((one) => one.name))
    const missing = (remote.data?.packyard.findings ?? []).filter(
      (one) => one.code === 'PackMissing' && names.has(one.pack),
    ) as Finding[]
    // A finding of a layer that went since has no place any more.
    const held = found.filter((one) => one.pack === '' || names.has(one.pack))
    return { findings: [...missing, ...held], isChecked, failure: remote.error }
  }, [draft.layers, remote.data, remote.error, found, isChecked])
}
