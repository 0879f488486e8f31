# The pack registry server. Build from the root of the checkout:
#   docker build -f deploy/registry.Dockerfile -t packyard-registry .
FROM node:24-trixie-slim AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json ./
COPY lib/pack-format lib/pack-format
COPY registry registry
RUN npx esbuild registry/main.ts --bundle --platform=node --format=esm --target=node20.19 \
      --banner:js="import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" \
      --legal-comments=eof --outfile=dist/packyard-registry.mjs

FROM node:24-trixie-slim
COPY --from=build --chmod=755 /src/dist/packyard-registry.mjs /usr/local/lib/packyard-registry.mjs
RUN ln -s ../lib/packyard-registry.mjs /usr/local/bin/packyard-registry
# As root, like the servers that it stands in for: keys that openssl made (mode 0600) and directories of the host's root
# are then read and written without further steps. Give --user to run it as somebody else who may.
RUN mkdir -p /auth /data /certs
WORKDIR /data
VOLUME ["/auth", "/data", "/certs"]
EXPOSE 5000
ENV NODE_ENV=production
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["node", "-e", "const tls = process.env.REGISTRY_HTTP_TLS_CERTIFICATE || require('fs').existsSync('/certs/tls.crt'); require(tls ? 'https' : 'http').get({ port: 5000, path: '/health', rejectUnauthorized: false }, (r) => process.exit(r.statusCode === 200 ? 0 : 1)).on('error', () => process.exit(1))"]
ENTRYPOINT ["packyard-registry"]
CMD ["serve"]
