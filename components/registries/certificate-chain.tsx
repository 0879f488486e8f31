'use client'

import { ChevronRight, ShieldCheck } from 'lucide-react'
import { useState } from 'react'

import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { Mono } from '@/components/ui/mono'
import { mayTrust, type SeenCertificate, toColons } from './certificate'

const day = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeZone: 'UTC' })

/** What a server said of itself, leaf first. Open where that is what failed. */
export function CertificateChain({
  certificates,
  endpoint,
  isFailed,
  onTrust,
}: {
  certificates: SeenCertificate[]
  endpoint: string
  isFailed: boolean
  onTrust?: (pem: string) => void
}) {
  const [open, setOpen] = useState(isFailed)
  const trustable = isFailed && onTrust && mayTrust(certificates, endpoint, new Date())
  return (
    <div className="mt-2 flex flex-col items-start gap-2">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="-ml-0.5 inline-flex items-center gap-1 rounded-sm text-accent text-xs hover:underline"
      >
        <ChevronRight aria-hidden className={cn('size-3.5 transition-transform', open && 'rotate-90')} />
        {certificates.length === 1 ? 'The certificate' : `The chain of ${certificates.length} certificates`}
      </button>
      {open ? (
        <ol aria-label="Certificates" className="flex w-full flex-col gap-3">
          {certificates.map((one, index) => (
            <li key={one.fingerprint} className="border-l-2 pl-3">
              <Certificate certificate={one} />
              {trustable ? (
                <Button
                  size="small"
                  className="mt-2"
                  icon={<ShieldCheck aria-hidden />}
                  onClick={() => onTrust(one.pem)}
                >
                  {index === 0 ? 'Trust this certificate' : 'Trust this authority'}
                </Button>
              ) : null}
            </li>
          ))}
        </ol>
      ) : null}
      {trustable ? (
        <p className="text-ink-faint text-xs">
          Compare the fingerprint with one that you got in another way: whoever stands between could show you
          theirs.
        </p>
      ) : null}
    </div>
  )
}

const Certificate = ({ certificate }: { certificate: SeenCertificate }) => (
  <dl className="grid grid-cols-[5.5rem_minmax(0,1fr)] gap-x-3 gap-y-0.5 text-xs [&_dd]:[overflow-wrap:anywhere] [&_dt]:text-ink-faint">
    <dt>Subject</dt>
    <dd className="font-medium">{certificate.subject || 'none'}</dd>
    <dt>Issuer</dt>
    <dd>{certificate.issuer === certificate.subject ? 'itself' : certificate.issuer || 'none'}</dd>
    {certificate.names.length > 0 ? (
      <>
        <dt>Names</dt>
        <dd className="mono">{certificate.names.join(', ')}</dd>
      </>
    ) : null}
    <dt>Valid</dt>
    <dd>
      {day.format(new Date(certificate.validFrom))} to {day.format(new Date(certificate.validTo))}
    </dd>
    <dt>SHA-256</dt>
    <dd>
      <Mono
        text={toColons(certificate.fingerprint)}
        max={200}
        className="[&>span:first-child]:whitespace-normal"
      />
    </dd>
  </dl>
)
