import { expect, test } from 'vitest'

import { mayTrust, toColons, toPem } from './certificate'

const leaf = {
  subject: 'packs.example.com',
  issuer: 'packs.example.com',
  names: ['packs.example.com', '*.lab.example.com', '10.0.0.7'],
  validFrom: '2026-01-01T00:00:00.000Z',
  validTo: '2027-01-01T00:00:00.000Z',
  fingerprint: 'ab01',
  pem: '',
}
const now = new Date('2026-06-01T00:00:00Z')

test.each([
  'https://packs.example.com:5000',
  'https://PACKS.example.com',
  'https://one.lab.example.com',
  'https://10.0.0.7:5000',
  'packs.example.com:5000',
  ' 10.0.0.7:5000',
])('trust is an answer where the certificate names the host: %s', (endpoint) => {
  expect(mayTrust([leaf], endpoint, now)).toBe(true)
})

test.each([
  'https://other.example.com',
  'https://a.b.lab.example.com',
  'https://lab.example.com',
  'no address',
])('trust is no answer where it does not: %s', (endpoint) => {
  expect(mayTrust([leaf], endpoint, now)).toBe(false)
})

test('trust is no answer for a certificate that is over, or not yet valid', () => {
  const endpoint = 'https://packs.example.com'
  expect(mayTrust([leaf], endpoint, new Date('2027-01-01T00:00:00Z'))).toBe(false)
  expect(mayTrust([leaf], endpoint, new Date('2025-12-31T00:00:00Z'))).toBe(false)
})

test('an old certificate names its host in the subject alone', () => {
  expect(mayTrust([{ ...leaf, names: [] }], 'https://packs.example.com', now)).toBe(true)
})

test('a fingerprint is written as other tools write it', () => {
  expect(toColons('ab01ff')).toBe('AB:01:FF')
})

test('a file in DER form becomes PEM, one in PEM form stays, another is refused', () => {
  const pem = '-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----'
  expect(toPem(Uint8Array.from([0x30, 3, 2, 1, 1]))).toBe(pem)
  expect(toPem(new TextEncoder().encode(`${pem}\n`))).toBe(pem)
  expect(toPem(new TextEncoder().encode('hello'))).toBeNull()
})
