import type { NextConfig } from 'next'

import { BESIDE } from './console/beside.mjs'
import { SECURITY_HEADERS } from './console/security-headers'

const config: NextConfig = {
  output: 'standalone',
  poweredByHeader: false,
  reactStrictMode: true,
  serverExternalPackages: BESIDE,
  // `npm run check` does, once for all code; whoever starts the console does not wait for it.
  typescript: { ignoreBuildErrors: true },
  turbopack: { root: import.meta.dirname },
  outputFileTracingRoot: import.meta.dirname,
  // Tracing follows what a module might read from the working directory; these it never does.
  outputFileTracingExcludes: {
    '/*': [
      '.cache/**',
      '.packyard/**',
      'bench/**',
      'deploy/**',
      'dist/**',
      'docs/**',
      'examples/**',
      'packs/**',
      'tests/**',
      'tools/**',
    ],
  },
  // What does not change from answer to answer. The Content-Security-Policy does: proxy.ts
  headers: async () => [
    {
      source: '/:path*',
      headers: Object.entries(SECURITY_HEADERS).map(([key, value]) => ({ key, value })),
    },
  ],
}

export default config
