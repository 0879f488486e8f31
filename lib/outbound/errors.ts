/** Each way in which talking to another server can fail. */
export type OutboundCode =
  | 'not_allowed' // the egress policy says no
  | 'name_not_found'
  | 'name_unavailable' // the resolver failed: may heal by itself
  | 'refused'
  | 'unreachable'
  | 'timeout_connect'
  | 'timeout_headers'
  | 'timeout_body'
  | 'timeout_total'
  | 'tls_unknown_ca'
  | 'tls_expired'
  | 'tls_not_yet_valid'
  | 'tls_name'
  | 'tls_protocol' // no TLS spoken there, or none that we speak
  | 'tls_silent' // the connection was taken, and the handshake never answered
  | 'tls_ca_setting' // the CA certificates given are none
  | 'tls_client_setting' // the client certificate or its key is none, or they do not belong together
  | 'tls_client_wanted' // the server asks for a client certificate
  | 'tls_client_refused' // the server does not take the client certificate
  | 'not_http'
  | 'too_large'
  | 'redirect_refused'
  | 'reset'

/** Talking to another server failed. The message is for people: no secret, no query string, no userinfo. */
export class OutboundError extends Error {
  override readonly name = 'OutboundError'
  constructor(
    readonly code: OutboundCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

const BY_CODE: Record<string, [OutboundCode, string]> = {
  ENOTFOUND: ['name_not_found', 'The name of the server is not known'],
  EAI_AGAIN: ['name_unavailable', 'The name of the server could not be looked up just now'],
  ECONNREFUSED: ['refused', 'The server refused the connection'],
  EHOSTUNREACH: ['unreachable', 'There is no way to the server'],
  ENETUNREACH: ['unreachable', 'There is no way to the server'],
  EADDRNOTAVAIL: ['unreachable', 'There is no way to the server'],
  ETIMEDOUT: ['timeout_connect', 'The server did not take the connection in time'],
  UND_ERR_CONNECT_TIMEOUT: ['timeout_connect', 'The server did not take the connection in time'],
  UND_ERR_HEADERS_TIMEOUT: ['timeout_headers', 'The server did not answer in time'],
  UND_ERR_BODY_TIMEOUT: ['timeout_body', 'The server stopped in the middle of its answer'],
  ECONNRESET: ['reset', 'The server broke the connection'],
  EPIPE: ['reset', 'The server broke the connection'],
  UND_ERR_SOCKET: ['reset', 'The server broke the connection'],
  HPE_INVALID_CONSTANT: ['not_http', 'The server does not speak HTTP there'],
  HPE_INVALID_VERSION: ['not_http', 'The server does not speak HTTP there'],
  UND_ERR_HEADERS_OVERFLOW: ['too_large', "The server's headers are too large"],
  UND_ERR_RESPONSE_CONTENT_LENGTH_MISMATCH: ['reset', 'The answer is shorter than the server said'],
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: ['reset', 'The answer is shorter than the server said'],
  CERT_HAS_EXPIRED: ['tls_expired', "The server's certificate has expired"],
  CERT_NOT_YET_VALID: ['tls_not_yet_valid', "The server's certificate is not valid yet"],
  ERR_TLS_CERT_ALTNAME_INVALID: ['tls_name', "The server's certificate is for another name"],
  DEPTH_ZERO_SELF_SIGNED_CERT: ['tls_unknown_ca', "The server's certificate is self-signed and not trusted"],
  SELF_SIGNED_CERT_IN_CHAIN: [
    'tls_unknown_ca',
    "The server's certificate comes from an authority that is not trusted",
  ],
  UNABLE_TO_GET_ISSUER_CERT: [
    'tls_unknown_ca',
    "The server's certificate comes from an authority that is not trusted",
  ],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: [
    'tls_unknown_ca',
    "The server's certificate comes from an authority that is not trusted",
  ],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: [
    'tls_unknown_ca',
    "The server's certificate comes from an authority that is not trusted",
  ],
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: [
    'tls_client_wanted',
    'The server asks for a client certificate',
  ],
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: ['tls_client_refused', 'The server does not take the client certificate'],
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: [
    'tls_client_refused',
    'The server does not take the client certificate',
  ],
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: [
    'tls_client_refused',
    'The server does not take the client certificate',
  ],
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: ['tls_client_refused', 'The client certificate has expired'],
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_REVOKED: ['tls_client_refused', 'The client certificate was revoked'],
  ERR_SSL_TLSV1_ALERT_DECRYPT_ERROR: [
    'tls_client_refused',
    'The server does not take the client certificate',
  ],
  CERT_UNTRUSTED: ['tls_unknown_ca', "The server's certificate is not trusted"],
  CERT_SIGNATURE_FAILURE: ['tls_unknown_ca', "The signature of the server's certificate is wrong"],
}

/** What went wrong, told by error codes. An abort by our caller is passed on as it is. */
export function toOutboundError(error: unknown, where: string): Error {
  if (error instanceof OutboundError) return error
  if (!(error instanceof Error))
    return new OutboundError('reset', `Talking to ${where} failed.`, { cause: error })
  if (error.name === 'TimeoutError')
    return new OutboundError('timeout_total', `${where} took too long.`, { cause: error })
  if (error.name === 'AbortError') return error
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if (at instanceof OutboundError) return at
    const code = 'code' in at ? String(at.code) : ''
    const known = BY_CODE[code]
    if (known) return new OutboundError(known[0], `${known[1]} (${where}).`, { cause: error })
    // An answer in pieces (chunked) without its last one: undici gives this no code of its own.
    if (at.name === 'HTTPParserError' && /EOF/.test(at.message))
      return new OutboundError('reset', `The server broke the connection (${where}).`, { cause: error })
    if (code.startsWith('HPE_') || at.name === 'HTTPParserError')
      return new OutboundError('not_http', `${where} does not speak HTTP.`, { cause: error })
    if (code.startsWith('ERR_SSL') || code === 'EPROTO')
      return new OutboundError('tls_protocol', `${where} does not speak TLS that we understand.`, {
        cause: error,
      })
    if (at instanceof AggregateError && at.errors[0]) return toOutboundError(at.errors[0], where)
  }
  return new OutboundError('reset', `Talking to ${where} failed.`, { cause: error })
}
