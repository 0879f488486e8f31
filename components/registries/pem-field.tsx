'use client'

import { Upload } from 'lucide-react'
import { useId, useState } from 'react'

import { TextAreaField } from '@/components/ui/field'
import { count } from '@/components/ui/numbers'
import { toPem } from './certificate'

const MAX_FILE_BYTES = 256 * 1024
const PRIVATE_KEY = /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/

interface Given {
  value: string
  error?: string
  onChange: (pem: string) => void
}

/** Certificates that are trusted besides the host's own: pasted, or from a file. */
export function CaField(given: Given) {
  const certificates = countOf(given.value)
  return (
    <PemField
      label="CA certificate"
      what="certificate"
      hint={
        certificates > 0
          ? `${count(certificates, 'certificate')}, trusted for this registry alone.`
          : 'For a certificate that the host does not trust. Connection test shows the one that is presented.'
      }
      rows={certificates > 0 ? 8 : 4}
      {...given}
    />
  )
}

/** With which the console shows a registry who it is; the key only once there is a certificate. */
export function ClientCertificateFields({
  certificate,
  privateKey,
  isKeyStored,
}: {
  certificate: Given
  privateKey: Given
  isKeyStored: boolean
}) {
  const certificates = countOf(certificate.value)
  return (
    <>
      <PemField
        label="Client certificate"
        what="certificate"
        hint={
          certificates > 0
            ? `${count(certificates, 'certificate')}, shown to this registry alone.`
            : 'Where the registry wants to see who is asking (mTLS).'
        }
        rows={certificates > 0 ? 8 : 4}
        {...certificate}
      />
      {certificate.value.trim() !== '' || privateKey.value !== '' ? (
        <PemField
          label="Private key"
          what="private key"
          hint={
            isKeyStored ? 'Stored. Leave empty to keep it.' : 'Of the client certificate, without a password.'
          }
          rows={4}
          {...privateKey}
        />
      ) : null}
    </>
  )
}

const countOf = (pem: string) => pem.match(/-----BEGIN CERTIFICATE-----/g)?.length ?? 0

/** Text in PEM form: pasted, or from a file. */
function PemField({
  label,
  what,
  hint,
  rows,
  value,
  error,
  onChange,
}: Given & { label: string; what: 'certificate' | 'private key'; hint: string; rows: number }) {
  const id = useId()
  const [problem, setProblem] = useState('')

  async function take(file: File | undefined) {
    if (!file) return
    if (file.size > MAX_FILE_BYTES) return setProblem(`${file.name} is too large for a ${what}.`)
    const bytes = new Uint8Array(await file.arrayBuffer())
    const pem = what === 'certificate' ? toPem(bytes) : toKey(bytes)
    const forms = what === 'certificate' ? 'PEM or DER form' : 'PEM form'
    if (pem === null) return setProblem(`${file.name} is no ${what} in ${forms}.`)
    setProblem('')
    onChange(pem)
  }

  return (
    <div className="flex flex-col gap-2">
      <TextAreaField
        label={label}
        optional={what === 'certificate'}
        mono
        rows={rows}
        spellCheck={false}
        autoComplete="off"
        placeholder={`-----BEGIN ${what.toUpperCase()}-----\n…\n-----END ${what.toUpperCase()}-----`}
        hint={hint}
        error={error ?? (problem || undefined)}
        value={value}
        onChange={(event) => {
          setProblem('')
          onChange(event.target.value)
        }}
      />
      <div>
        <input
          id={id}
          type="file"
          accept={
            what === 'certificate'
              ? '.pem,.crt,.cer,.der,.cert,application/x-x509-ca-cert,application/x-pem-file'
              : '.pem,.key,application/x-pem-file'
          }
          className="peer sr-only"
          onChange={(event) => {
            void take(event.target.files?.[0])
            event.target.value = ''
          }}
        />
        <label
          htmlFor={id}
          className="inline-flex h-7 items-center gap-2 rounded border border-line-strong bg-surface px-2.5 font-medium text-xs hover:bg-sunken peer-focus-visible:outline-2 peer-focus-visible:outline-focus peer-focus-visible:outline-offset-2"
        >
          <Upload aria-hidden className="size-3.5" />
          Upload a file<span className="sr-only"> of the {label}</span>
        </label>
      </div>
    </div>
  )
}

function toKey(bytes: Uint8Array): string | null {
  const text = new TextDecoder().decode(bytes)
  return PRIVATE_KEY.test(text) ? text.trim() : null
}
