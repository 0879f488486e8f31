import { expect, test } from 'vitest'

import {
  fieldOf,
  intervalsWith,
  isReachedOtherwise,
  losesKey,
  losesSecret,
  NEW_REGISTRY,
  RegistryFields,
  toBody,
} from './form-schema'

const entered = { ...NEW_REGISTRY, name: 'Acme', endpoint: 'packs.example.com' }
const bodyOf = (change: Partial<typeof entered>) => toBody(RegistryFields.parse({ ...entered, ...change }))

test('no user name and no password stand for no credentials', () => {
  expect(bodyOf({}).spec.auth.type).toBe('noAuth')
  expect(bodyOf({ username: 'ci', password: 'x' }).spec.auth).toMatchObject({ type: 'basic', username: 'ci' })
})

test('a password without a user name is at fault at the user name', () => {
  const parsed = RegistryFields.safeParse({ ...entered, password: 'x' })
  expect(parsed.error?.issues.map((issue) => issue.path)).toEqual([['username']])
})

test('a new registry syncs every 15 minutes, and every minute where a person says so', () => {
  expect(bodyOf({}).spec.packyard?.syncEveryMinutes).toBe(15)
  expect(bodyOf({ syncEveryMinutes: '1' }).spec.packyard?.syncEveryMinutes).toBe(1)
  expect(RegistryFields.safeParse({ ...entered, syncEveryMinutes: '0' }).success).toBe(false)
})

test('a CA certificate is one in PEM form, or none', () => {
  expect(RegistryFields.safeParse({ ...entered, ca: 'hello' }).error?.issues[0]?.path).toEqual(['ca'])
  const ca = '-----BEGIN CERTIFICATE-----\nMAMC\n-----END CERTIFICATE-----'
  expect(bodyOf({ ca }).spec.auth.tls?.ca).toBe(`${ca}\n`)
})

test('a stored secret is lost with another address or TLS setting, not with another interval or user', () => {
  expect(losesSecret({ ...entered, endpoint: 'other.example.com' }, entered)).toBe(true)
  expect(losesSecret({ ...entered, insecureSkipVerify: true }, entered)).toBe(true)
  expect(losesSecret({ ...entered, username: 'other', syncEveryMinutes: '1' }, entered)).toBe(false)
})

test('what does not change how a registry is reached needs no other test', () => {
  expect(isReachedOtherwise({ ...entered, name: 'Other', syncEveryMinutes: '1' }, entered)).toBe(false)
  expect(isReachedOtherwise({ ...entered, password: 'x' }, entered)).toBe(true)
})

test.each([
  ['spec.auth', 'password'],
  ['auth.username', 'username'],
  ['name', 'name'],
  ['metadata.name', 'name'],
  ['endpoint', 'endpoint'],
  ['spec.auth.tls.ca', 'ca'],
  ['syncEveryMinutes', 'syncEveryMinutes'],
  ['spec.elsewhere', null],
])('the word of the API about %s stands at %s', (path, field) => {
  expect(fieldOf(path, 'basic')).toBe(field)
})

test('an interval that a program has set stays a choice', () => {
  expect(intervalsWith(7)).toContain(7)
  expect(intervalsWith(15).filter((minutes) => minutes === 15)).toHaveLength(1)
})

test('an OCI registry is told what it holds and where, and no other kind is', () => {
  const oci = {
    ...{ kind: 'oci' as const, providerType: 'helm' as const, baseContentPath: 'team' },
    ...{ repositories: 'team/a\n\n team/b ', tokenServer: 'https://auth.example.com' },
  }
  expect(bodyOf(oci)).toMatchObject({
    kind: 'oci',
    spec: {
      ...{ providerType: 'helm', baseContentPath: 'team' },
      packyard: { repositories: ['team/a', 'team/b'], tokenServer: 'https://auth.example.com' },
    },
  })
  const pack = bodyOf({ ...oci, kind: 'pack' }).spec
  expect([pack.providerType, pack.baseContentPath, pack.packyard?.repositories]).toEqual([
    ...[undefined, undefined, undefined],
  ])
})

test('a path or token server that is none is at fault at its field, with the kind that has it only', () => {
  const wrong = { ...entered, baseContentPath: 'No Path', repositories: 'UPPER', tokenServer: 'auth' }
  const issues = RegistryFields.safeParse({ ...wrong, kind: 'oci' }).error?.issues ?? []
  expect(issues.map((issue) => issue.path.join('.'))).toEqual([
    ...['baseContentPath', 'repositories', 'tokenServer'],
  ])
  expect(RegistryFields.safeParse({ ...wrong, kind: 'helm' }).success).toBe(true)
})

test('another token server asks for the secret again', () => {
  expect(losesSecret({ ...entered, tokenServer: 'https://other.example.com' }, entered)).toBe(true)
})

const certificate = '-----BEGIN CERTIFICATE-----\nMAMC\n-----END CERTIFICATE-----'
const key = '-----BEGIN PRIVATE KEY-----\nMAMC\n-----END PRIVATE KEY-----'

test('a client certificate goes with its key, or with asterisks for the stored one; a key goes with none without', () => {
  expect(bodyOf({}).spec.auth.tls).not.toHaveProperty('key')
  expect(bodyOf({ clientCertificate: certificate, clientKey: key }).spec.auth.tls).toMatchObject({
    certificate: `${certificate}\n`,
    key: `${key}\n`,
  })
  expect(bodyOf({ clientCertificate: certificate }).spec.auth.tls?.key).toBe('********')
  const pathsOf = (change: Partial<typeof entered>) =>
    RegistryFields.safeParse({ ...entered, ...change }).error?.issues.map((issue) => issue.path[0])
  expect(pathsOf({ clientKey: key })).toEqual(['clientCertificate'])
  expect(pathsOf({ clientCertificate: certificate, clientKey: 'a password' })).toEqual(['clientKey'])
  expect(fieldOf('spec.auth.tls.key', 'basic')).toBe('clientKey')
  expect(fieldOf('spec.auth.tls.certificate', 'basic')).toBe('clientCertificate')
})

test('a stored private key stays with its certificate, address and TLS settings', () => {
  const stored = { ...entered, clientCertificate: certificate }
  expect(losesKey(stored, entered)).toBe(true)
  expect(losesKey({ ...stored, name: 'Other', username: 'ci' }, stored)).toBe(false)
  expect(losesKey({ ...stored, endpoint: 'other.example.com' }, stored)).toBe(true)
  expect(losesKey({ ...stored, clientCertificate: `${certificate}x` }, stored)).toBe(true)
})
