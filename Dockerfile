# Builds the server and its command line, and leaves them alone in a small image that runs without root.
#
#   docker build -t reelhouse .
#   docker run --rm -v reelhouse-data:/data reelhouse key create --role admin --name me
#   docker run -p 127.0.0.1:8080:8080 -v reelhouse-data:/data reelhouse
#
# docs/operate.md has more, docker-compose.yml the same with PostgreSQL.

FROM rust:1.95-slim-bookworm AS build
# A C compiler builds SQLite and the allocator; nothing else of the system is linked.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends gcc g++ make libc6-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked -p reelhouse-app -p reelhouse-cli \
    && install -D -t /out target/release/reelhouse target/release/reel

FROM debian:bookworm-slim
# The folder of the SQLite file and of the signing key: a new volume takes its owner from here.
RUN groupadd --gid 10001 reelhouse \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin reelhouse \
    && install -d -o 10001 -g 10001 -m 0700 /data
COPY --from=build /out/ /usr/local/bin/
USER 10001:10001
WORKDIR /data
ENV REELHOUSE_LISTEN=0.0.0.0:8080 \
    DATABASE_URL=sqlite:///data/reelhouse.db \
    REELHOUSE_SIGNING_KEY=/data/signing.key \
    REELHOUSE_LOG_FORMAT=json
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["reel", "health"]
ENTRYPOINT ["reelhouse"]
