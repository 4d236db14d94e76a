# Belfry from this checkout. Settings come from the environment: see "Settings" in the README.
FROM node:24-bookworm-slim AS build
WORKDIR /belfry
COPY . .
# The second npm ci leaves what the command needs: 24 MB of packages in place of 480. Without scripts/ it is no checkout any
# more, in which `npx belfry` would look whether something is to be built.
RUN npm ci && npm run build && npm ci --omit=dev --ignore-scripts -w packages/cli && rm -r scripts

FROM node:24-bookworm-slim
WORKDIR /belfry
COPY --from=build /belfry /belfry
# The embedded database, where no DATABASE_URL is set.
RUN mkdir /data && chown node:node /data
VOLUME /data
ENV BELFRY_HOST=0.0.0.0 BELFRY_DATA_DIR=/data
USER node
EXPOSE 4400
# Node itself is process 1, so that a stop of the container reaches it and streams are sent away in order.
CMD ["node", "packages/cli/dist/main.js", "serve"]
