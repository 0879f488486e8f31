import { makeCertificate, type TestCertificate } from '../../support/certificates'
import type { Fault } from '../registry'
import { at, type Place, type Scenario } from './case'

const PLACES: readonly Place[] = ['pack:catalog', 'oci:catalog', 'helm:catalog']
const HERE = { names: ['127.0.0.1'] }

let authority: Promise<TestCertificate> | undefined
/** Trusted by registries that are reached over https. */
export const trusted = () => {
  authority ??= makeCertificate('Packyard test authority', { isCa: true, names: null })
  return authority
}
export const trustedServer = async () => {
  const ca = await trusted()
  return { ...(await makeCertificate('127.0.0.1', { ...HERE, ca })), ca: ca.cert }
}

const presents = (make: () => Promise<TestCertificate>) => async (): Promise<Fault> => {
  const { cert, key } = await make()
  return { secure: { cert, key, ciphers: 'DEFAULT:@SECLEVEL=0' } }
}

const smtp: NonNullable<Fault['connect']> = (socket) => {
  socket.write('220 mail.example ESMTP\r\n')
  socket.on('data', () => socket.write('500 Unknown command\r\n'))
  return true
}

/** What a web server says to those who begin with TLS. */
const plain: NonNullable<Fault['connect']> = (socket) => {
  socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n'))
  return true
}

const isSecure = true

/** What is spoken instead of HTTP, and certificates that prove nothing. Cases 28 to 37. */
export const encryption: Scenario[] = [
  ...at(PLACES, 28, 'HTTP on the port of https', {
    isSecure,
    says: /TLS/,
    fault: () => ({ connect: plain }),
  }),
  ...at(PLACES, 29, 'TLS on the port of http', {
    fault: async () => {
      const { cert, key } = await trustedServer()
      return { secure: { cert, key } }
    },
  }),
  ...at(PLACES, 30, 'an expired certificate', {
    ...{ isSecure, says: /expired/ },
    fault: presents(async () => makeCertificate('127.0.0.1', { ...HERE, days: -1, ca: await trusted() })),
  }),
  ...at(PLACES, 31, 'a self-signed certificate', {
    ...{ isSecure, says: /self-signed/ },
    fault: presents(() => makeCertificate('127.0.0.1', HERE)),
  }),
  ...at(PLACES, 32, 'a certificate for another name', {
    ...{ isSecure, says: /another name/ },
    fault: presents(async () => makeCertificate('other.example', { ca: await trusted() })),
  }),
  ...at(PLACES, 33, 'a certificate that is not valid yet', {
    ...{ isSecure, says: /not valid yet/ },
    fault: presents(async () => makeCertificate('127.0.0.1', { ...HERE, from: 10, ca: await trusted() })),
  }),
  ...at(PLACES, 34, 'a certificate of 1,024 bits, signed with SHA-1', {
    isSecure,
    fault: presents(async () =>
      makeCertificate('127.0.0.1', { ...HERE, isWeak: true, ca: await weakAuthority() }),
    ),
  }),
  ...at(PLACES, 35, 'a certificate of an unknown authority', {
    ...{ isSecure, says: /not trusted/ },
    fault: presents(async () =>
      makeCertificate('127.0.0.1', {
        ...HERE,
        ca: await makeCertificate('Somebody', { isCa: true, names: null }),
      }),
    ),
  }),
  ...at(PLACES, 36, 'TLS 1.0 alone', {
    ...{ isSecure, says: /TLS/ },
    fault: async () => {
      const { cert, key } = await trustedServer()
      const version = 'TLSv1' as const
      return {
        secure: { cert, key, minVersion: version, maxVersion: version, ciphers: 'DEFAULT:@SECLEVEL=0' },
      }
    },
  }),
  ...at(PLACES, 37, 'a mail server, plain', { fault: () => ({ connect: smtp }) }),
  ...at(PLACES, 37, 'a mail server, on the port of https', { isSecure, fault: () => ({ connect: smtp }) }),
]

let weak: Promise<TestCertificate> | undefined
/** Trusted too, so that nothing but its weakness is against it. */
export const weakAuthority = () => {
  weak ??= makeCertificate('Weak test authority', { isCa: true, names: null, isWeak: true })
  return weak
}
