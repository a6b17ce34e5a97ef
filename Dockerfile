# docker build --tag perigee .
FROM node:20-bookworm-slim AS build
WORKDIR /perigee
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY . .
# What runs needs neither the tools nor the agent's decoder, which are optional or for development.
RUN npm run build && npm prune --omit=dev --omit=optional --no-audit --no-fund

FROM node:20-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0
WORKDIR /perigee
COPY --from=build /perigee/package.json ./
COPY --from=build /perigee/node_modules ./node_modules
COPY --from=build /perigee/dist ./dist
# No embedded PostgreSQL in here: it needs DATABASE_URL. And it says who may use it: AUTH__MODE=tokens, or
# AUTH__ALLOW_ANONYMOUS=1 where nobody else reaches it.
USER node
EXPOSE 5160
HEALTHCHECK --interval=5s --timeout=2s --start-period=30s \
	CMD ["node", "-e", "fetch('http://127.0.0.1:5160/healthcheck').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# No npm in between: signals reach the service as they are sent.
CMD ["node", "--max-semi-space-size=32", "--enable-source-maps", "dist/server/main.js"]
