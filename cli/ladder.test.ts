import { expect, test } from 'vitest'

import { ladderLines } from './ladder'

const shown = {
  ...{ subject: 'localhost', issuer: 'localhost', names: ['localhost'], fingerprint: 'ab01', pem: '' },
  ...{ validFrom: '2026-01-01T00:00:00.000Z', validTo: '2027-01-01T00:00:00.000Z' },
}
const tls = { step: 'tls' as const, ms: 3, certificates: [shown] }

test('a certificate that is not trusted is told with the option that trusts it', () => {
  const lines = ladderLines([{ ...tls, status: 'failed', seen: 'Not trusted.', fix: 'Paste it.' }])
  expect(lines.join('\n')).toMatch(/FAILED.*Not trusted\..*SHA-256 ab01.*Paste it\..*--ca FILE/s)
})

test('a certificate that is trusted is not told', () => {
  expect(ladderLines([{ ...tls, status: 'passed', seen: 'Trusted' }])).toHaveLength(1)
})

test('a registry of another kind is told with the option that takes it', () => {
  const registry = { step: 'registry' as const, ms: 3, status: 'failed' as const, otherKind: 'oci' as const }
  expect(ladderLines([{ ...registry, seen: 'Images.', fix: 'Add it.' }]).at(-1)).toMatch(/--kind oci$/)
})
