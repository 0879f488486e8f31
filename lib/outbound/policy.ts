import net from 'node:net'

/** Whether an address may be connected to. Asked at connect time, for every hop. */
export interface EgressPolicy {
  allows(address: string, host: string): boolean
  /** Whether an address is outside the networks of an organisation: a redirect may not lead from such a one inside. */
  isPublic(address: string): boolean
}

const subnets = (...list: string[]): net.BlockList => {
  const block = new net.BlockList()
  for (const one of list) {
    const [address = '', prefix] = one.split('/')
    block.addSubnet(address, Number(prefix), net.isIPv6(address) ? 'ipv6' : 'ipv4')
  }
  return block
}

/**
 * Never a registry: link-local and cloud metadata, "this network", multicast, reserved, documentation.
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry
 * @see https://www.iana.org/assignments/iana-ipv6-special-registry
 */
const NEVER = subnets(
  ...['0.0.0.0/8', '169.254.0.0/16', '100.100.100.200/32', '192.0.0.0/24', '192.0.2.0/24', '198.51.100.0/24'],
  // 168.63.129.16 is Azure's own server for its machines.
  ...['203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4', '192.88.99.0/24', '168.63.129.16/32'],
  ...['::/128', 'fe80::/10', 'fec0::/10', 'ff00::/8', '2001:db8::/32', '3fff::/20', '100::/64', '5f00::/16'],
  ...['fd00:ec2::/32', 'fd20:ce::254/128'],
)

const PRIVATE = subnets(
  ...['127.0.0.0/8', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '198.18.0.0/15'],
  ...['::1/128', 'fc00::/7'],
)

/** IPv6 forms that carry an IPv4 address: what counts is that address. */
const EMBEDDED = subnets(
  ...[
    '::ffff:0:0/96',
    '::ffff:0:0:0/96',
    '::/96',
    '64:ff9b::/96',
    '64:ff9b:1::/48',
    '2002::/16',
    '2001::/32',
  ],
)

const inBlock = (block: net.BlockList, address: string) =>
  block.check(address, net.isIPv6(address) ? 'ipv6' : 'ipv4')

/**
 * An address in its plainest form: an IPv4 address inside an IPv6 one is taken out (mapped, compatible, NAT64), a zone
 * is dropped.
 *
 * @returns null for an embedded form that we do not read: it is refused
 */
export function plainAddress(address: string): string | null {
  const bare = address.replace(/^\[|\]$/g, '').replace(/%.*$/, '')
  if (net.isIPv4(bare)) return bare
  if (!net.isIPv6(bare)) return null
  if (bare === '::1' || bare === '::' || !inBlock(EMBEDDED, bare)) return bare
  const groups = expand(bare)
  const mappedOrNat64 =
    groups.slice(0, 5).every((g) => g === 0) ||
    (groups[0] === 0x64 && groups[1] === 0xff9b && groups[2] === 0)
  if (!mappedOrNat64) return null
  const [high = 0, low = 0] = groups.slice(6)
  if (groups.slice(0, 7).every((g) => g === 0) && low === 1) return bare
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}

/** The eight groups of an IPv6 address. */
function expand(address: string): number[] {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address)
  const text = dotted
    ? `${dotted[1]}${((Number(dotted[2]) << 8) | Number(dotted[3])).toString(16)}:${((Number(dotted[4]) << 8) | Number(dotted[5])).toString(16)}`
    : address
  const [head = '', tail] = text.split('::')
  const read = (part: string) =>
    part
      .split(':')
      .filter(Boolean)
      .map((group) => Number.parseInt(group, 16))
  const [left, right] = [read(head), read(tail ?? '')]
  return tail === undefined ? left : [...left, ...Array(8 - left.length - right.length).fill(0), ...right]
}

function policy(
  mayBePrivate: (address: string, host: string) => boolean,
  mayBePublic = mayBePrivate,
): EgressPolicy {
  const isPublic = (address: string) => {
    const plain = plainAddress(address)
    return plain !== null && !inBlock(NEVER, plain) && !inBlock(PRIVATE, plain)
  }
  return {
    isPublic,
    allows(address, host) {
      const plain = plainAddress(address)
      if (plain === null || inBlock(NEVER, plain)) return false
      return inBlock(PRIVATE, plain) ? mayBePrivate(plain, host) : mayBePublic(plain, host)
    },
  }
}

/** Loopback and private networks too: where most registries are. Link-local and metadata addresses never. */
export const allowPrivate: EgressPolicy = policy(() => true)

/** For the CLI: whoever runs it can connect to anything anyway. */
export const allowAll: EgressPolicy = {
  allows: () => true,
  isPublic: (address) => allowPrivate.isPublic(address),
}

/**
 * Reads `PACKYARD_EGRESS`: empty allows loopback and private networks; `public` refuses them; else a list of hosts and
 * networks (`registry.corp,10.1.0.0/16`) that alone are allowed.
 *
 * @throws Error that names the entry at fault
 */
export function readEgressPolicy(setting: string): EgressPolicy {
  const entries = setting
    .split(',')
    .map((entry) => entry.trim().toLowerCase())
    .filter(Boolean)
  if (entries.length === 0) return allowPrivate
  if (entries.length === 1 && entries[0] === 'public')
    return policy(
      () => false,
      () => true,
    )
  const hosts = new Set<string>()
  const networks = new net.BlockList()
  for (const entry of entries) {
    const [address = '', prefix] = entry.split('/')
    const family = net.isIP(address)
    if (family === 0) {
      if (prefix !== undefined || !/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(address))
        throw new Error(`PACKYARD_EGRESS: "${entry}" is neither a host, nor an address, nor a network.`)
      hosts.add(address)
      continue
    }
    const bits = prefix === undefined ? (family === 6 ? 128 : 32) : Number(prefix)
    if (!Number.isInteger(bits) || bits < 0 || bits > (family === 6 ? 128 : 32))
      throw new Error(`PACKYARD_EGRESS: "${entry}" is no network.`)
    networks.addSubnet(address, bits, family === 6 ? 'ipv6' : 'ipv4')
  }
  return policy((address, host) => hosts.has(host.toLowerCase()) || inBlock(networks, address))
}
