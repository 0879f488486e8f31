import { expect, test } from 'vitest'

import { allowPrivate, plainAddress, readEgressPolicy } from './policy'

const METADATA = [
  '169.254.169.254',
  '169.254.0.1',
  '100.100.100.200',
  '::ffff:169.254.169.254',
  '::ffff:a9fe:a9fe',
  '64:ff9b::a9fe:a9fe',
  '[fe80::1]',
  'fe80::1%eth0',
  'fd00:ec2::254',
  '0.0.0.0',
  '::',
  '224.0.0.1',
  'ff02::1',
  '2002:a9fe:a9fe::1',
]

test('link-local, metadata and unroutable addresses are refused in every form, whatever the setting', () => {
  for (const setting of ['', 'public', '0.0.0.0/0,::/0'])
    for (const address of METADATA)
      expect([setting, address, readEgressPolicy(setting).allows(address, 'host')]).toEqual([
        setting,
        address,
        false,
      ])
})

test('loopback and private networks are allowed by default and refused under "public"', () => {
  for (const address of [
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '::1',
    'fd12::1',
    '::ffff:127.0.0.1',
  ]) {
    expect(allowPrivate.allows(address, 'host')).toBe(true)
    expect(readEgressPolicy('public').allows(address, 'host')).toBe(false)
  }
  expect(readEgressPolicy('public').allows('93.184.216.34', 'host')).toBe(true)
})

test('a list allows what is on it and nothing else', () => {
  const policy = readEgressPolicy('registry.corp, 10.1.0.0/16')
  expect(policy.allows('10.1.9.9', 'anything')).toBe(true)
  expect(policy.allows('10.2.0.1', 'Registry.Corp')).toBe(true)
  expect(policy.allows('10.2.0.1', 'evil-registry.corp')).toBe(false)
  expect(policy.allows('93.184.216.34', 'public.example')).toBe(false)
})

test('a setting that is no list is refused by name', () => {
  for (const setting of ['10.0.0.0/99', 'http://x', 'a/8', '-x'])
    expect(() => readEgressPolicy(setting)).toThrow(/PACKYARD_EGRESS/)
})

test('an IPv4 address inside an IPv6 one is taken out', () => {
  expect(plainAddress('::ffff:10.0.0.1')).toBe('10.0.0.1')
  expect(plainAddress('64:ff9b::7f00:1')).toBe('127.0.0.1')
  expect(plainAddress('2001:4860:4860::8888')).toBe('2001:4860:4860::8888')
  expect(plainAddress('not an address')).toBeNull()
})
