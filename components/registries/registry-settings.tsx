'use client'

import { count, formatMinutes } from '@/components/ui/numbers'
import { Panel } from '@/components/ui/panel'
import { RelativeTime } from '@/components/ui/time'
import { filterWords } from './filter-words'
import { KIND_WORDS, PROVIDER_WORDS, whereOf } from './kinds'
import type { Registry } from './queries'
import { isPlain } from './state'

const AUTH_WORDS = { noAuth: 'None', basic: 'User name and password', token: 'Token' } as const

const countPem = (pem: string) => pem.match(/-----BEGIN CERTIFICATE-----/g)?.length ?? 0

/** What a registry is set to. */
export function Settings({ registry }: { registry: Registry }) {
  const { auth, endpoint, syncEveryMinutes, oci, filter } = registry.spec
  const certificates = countPem(auth.tls.ca)
  return (
    <Panel title="Settings">
      <dl className="grid grid-cols-[7.5rem_minmax(0,1fr)] gap-x-4 gap-y-2 [&_dt]:text-ink-faint">
        <dt>Kind</dt>
        <dd>
          {KIND_WORDS[registry.kind].name}
          {oci ? <span className="text-ink-soft"> · {PROVIDER_WORDS[oci.providerType]}</span> : null}
        </dd>
        {oci ? (
          <>
            <dt>Looked into</dt>
            <dd className="mono [overflow-wrap:anywhere]">{whereOf(oci)}</dd>
          </>
        ) : null}
        {oci?.tokenServer ? (
          <>
            <dt>Token server</dt>
            <dd className="mono [overflow-wrap:anywhere]">{oci.tokenServer}</dd>
          </>
        ) : null}
        <dt>Sign in with</dt>
        <dd>
          {AUTH_WORDS[auth.type]}
          {auth.username ? <span className="mono text-ink-soft"> · {auth.username}</span> : null}
        </dd>
        <dt>TLS</dt>
        <dd>
          {isPlain(endpoint)
            ? 'None: plain HTTP'
            : auth.tls.insecureSkipVerify
              ? 'Not verified (Insecure skip TLS verify)'
              : 'Verified'}
        </dd>
        <dt>CA certificate</dt>
        <dd>{certificates === 0 ? 'None: what the host trusts' : count(certificates, 'certificate')}</dd>
        {auth.tls.certificate ? (
          <>
            <dt>Client certificate</dt>
            <dd>{count(countPem(auth.tls.certificate), 'certificate')}</dd>
          </>
        ) : null}
        <dt>Sync every</dt>
        <dd>{formatMinutes(syncEveryMinutes)}</dd>
        <dt>Packs to take</dt>
        <dd className="[overflow-wrap:anywhere]">{filterWords(filter) || 'All'}</dd>
        <dt>Added</dt>
        <dd>
          <RelativeTime time={registry.metadata.creationTimestamp} />
        </dd>
      </dl>
    </Panel>
  )
}
