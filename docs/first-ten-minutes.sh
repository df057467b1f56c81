#!/usr/bin/env bash
# A new user's first ten minutes: install, start, create, play, look, export, verify. docs/start.md tells the same at leisure.
#
#   bash docs/first-ten-minutes.sh                                       # builds what is missing, starts a server for itself
#   REELHOUSE_URL=http://127.0.0.1:8080 bash docs/first-ten-minutes.sh   # plays at a server that runs already
set -euo pipefail

# Both write to standard error, so that what a command prints can be kept.
step() { printf '\n== %s\n' "$1" >&2; }
# Shows a command as one would type it, and runs it.
show() {
    local word line='$'
    for word in "$@"; do
        case $word in
            *[!A-Za-z0-9_./:=-]*) line+=" '$word'" ;;
            *) line+=" $word" ;;
        esac
    done
    printf '%s\n' "$line" >&2
    "$@"
}

step "1. Install"
if ! command -v reel >/dev/null || ! command -v reelhouse >/dev/null; then
    cd "$(dirname "${BASH_SOURCE[0]}")/.."
    show cargo build --release -p reelhouse-app -p reelhouse-cli
    PATH="$PWD/target/release:$PATH"
fi
show reel --version
folder=$(mktemp -d)
server=
house_key=
# Stops the server that was started here, and leaves nothing behind.
clean() {
    if [ -n "$server" ]; then
        kill "$server" && wait "$server" || true
    fi
    rm -rf "$folder"
}
trap clean EXIT
cd "$folder"

step "2. Start"
if [ -z "${REELHOUSE_URL:-}" ]; then
    echo '$ reelhouse' >&2
    reelhouse --listen 127.0.0.1:0 --database-url sqlite://house.db >greeting 2>log &
    server=$!
    until grep -q '^try:' greeting; do
        kill -0 "$server" 2>/dev/null || { cat log >&2; exit 1; }
        sleep 0.1
    done
    cat greeting
    REELHOUSE_URL=$(grep -o 'http://[0-9.:]*' greeting | head -n 1)
    export REELHOUSE_URL
    house_key=$(sed -n 's/^key: *\([0-9a-f]*\).*/\1/p' greeting)
fi
show reel health

step "3. Create a wallet of 100 test credits, and a session of a game"
show reel game list
wallet=$(show reel wallet create --balance 100 --daily-limit 50 --quiet)
show reel wallet show "$wallet"
session=$(show reel session create --game fruit --wallet "$wallet" --behavior conservative --max-bet 5 --quiet)
show reel session show "$session"

step "4. Play"
show reel session spin "$session" 1.00
show reel session play "$session" --rounds 20 --cash-out

step "5. Look at what was recorded"
show reel session show "$session"
show reel session events "$session" --limit 5
show reel wallet ledger "$wallet" --limit 5
show curl -fsS "$REELHOUSE_URL/sessions/$session/events?limit=1"
echo

step "6. Export what an agent can learn from"
show reel export --session "$session" --limit 1
show reel export --session "$session" --output play.parquet
show ls -l play.parquet

step "7. Verify that every draw was fair, without asking the server"
show reel session proof "$session" --output proof.json
# Whose key signed is known when the server said it, as it does at its start.
show reel verify proof.json ${house_key:+--house-key "$house_key"}

step "8. A proof that was changed does not hold"
sed 's/"won":"/"won":"9/' proof.json >forged.json
if show reel verify forged.json; then
    echo "a forged proof was taken for a true one" >&2
    exit 1
fi
printf '\nDone.\n'
