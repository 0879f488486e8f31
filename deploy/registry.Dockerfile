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
# A volume that is new takes over the owner of the directory in the image. A directory of the host that is mounted
# for /data must be writable for user 1000, and the files for /auth and /certs readable: openssl makes the key with
# mode 0600. Otherwise start the container with --user.
RUN install -d -o node -g node /auth /data /certs
USER node
WORKDIR /data
VOLUME ["/auth", "/data", "/certs"]
EXPOSE 5000
ENV NODE_ENV=production
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["node", "-e", "const tls = process.env.REGISTRY_HTTP_TLS_CERTIFICATE || require('fs').existsSync('/certs/tls.crt'); require(tls ? 'https' : 'http').get({ port: 5000, path: '/health', rejectUnauthorized: false }, (r) => process.exit(r.statusCode === 200 ? 0 : 1)).on('error', () => process.exit(1))"]
ENTRYPOINT ["packyard-registry"]
CMD ["serve"]
