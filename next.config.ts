import type { NextConfig } from 'next'

const config: NextConfig = {
  output: 'standalone',
  poweredByHeader: false,
  reactStrictMode: true,
  // Native code, and packages that find their own files at run time.
  serverExternalPackages: ['@node-rs/argon2', 'pg', 'pg-boss', 'pino', 'prom-client', 'undici'],
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
      headers: [
        { key: 'X-Content-Type-Options', value: 'nosniff' },
        { key: 'X-Frame-Options', value: 'DENY' },
        { key: 'Referrer-Policy', value: 'same-origin' },
        { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
        { key: 'Cross-Origin-Resource-Policy', value: 'same-origin' },
        {
          key: 'Permissions-Policy',
          value: 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
        },
      ],
    },
  ],
}

export default config
