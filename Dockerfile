# The service in one image: built on Debian bookworm, run on the same release,
# because the binary links libsoxr dynamically.
#
#   docker build --build-arg VERSION="$(git describe --tags --always)" \
#                --build-arg COMMIT="$(git rev-parse HEAD)" -t patchcord .
#
# A tag can be moved, a digest can't: the release workflow looks both digests up
# and passes them as GO_IMAGE and RUN_IMAGE, NAME@sha256:…, so that a release says
# what it was built from.
ARG GO_IMAGE=golang:1.26.10-bookworm
ARG RUN_IMAGE=debian:bookworm-slim

FROM ${GO_IMAGE} AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends gcc libc6-dev libsoxr-dev pkg-config \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src

# Modules first: this layer is kept for as long as go.mod and go.sum stay as
# they are.
COPY go.mod go.sum ./
RUN go mod download

COPY . .
ARG VERSION=dev
ARG COMMIT=
RUN CGO_ENABLED=1 go build -trimpath -buildvcs=false \
      -ldflags "-s -w -X github.com/patchcord/patchcord/bridge.version=${VERSION} -X github.com/patchcord/patchcord/bridge.commit=${COMMIT}" \
      -o /out/bridge ./cmd/bridge \
 && scripts/licenses /out/licenses

FROM ${RUN_IMAGE}
# libsoxr0 brings libgomp1. ca-certificates: TLS to Twilio and to the agent.
# tzdata: the calling hours of the people we ring.
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates libsoxr0 tzdata \
 && rm -rf /var/lib/apt/lists/* \
 && groupadd --gid 10001 patchcord \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /var/lib/patchcord \
      --shell /usr/sbin/nologin patchcord \
 && install -d -m 0700 -o patchcord -g patchcord /var/lib/patchcord
COPY --from=build /out/bridge /usr/local/bin/bridge
COPY --from=build /out/licenses /usr/share/doc/patchcord

# Recordings and the spool of the call log. There is no Postgres in the image:
# set DATABASE_URL.
ENV BRIDGE_DATA_DIR=/var/lib/patchcord
VOLUME /var/lib/patchcord
WORKDIR /var/lib/patchcord
USER 10001:10001

# /readyz on this port says whether calls may come; the image has no HTTP client
# for a HEALTHCHECK of its own.
EXPOSE 8080
# The first SIGTERM refuses new calls and waits for the live ones: give it
# BRIDGE_DRAIN_TIMEOUT and a little more before the kill.
STOPSIGNAL SIGTERM
ENTRYPOINT ["bridge"]
CMD ["serve"]
