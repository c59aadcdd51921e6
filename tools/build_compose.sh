#!/usr/bin/env bash
# Builds the docker-compose program from its Go module into .tocsin/compose, for the test of docker-compose.yml.
# It needs Go and no Docker engine: `config` only reads the file. Takes about two minutes on two cores, once.
set -euo pipefail

version=v2.40.3
module=github.com/docker/compose/v2
go_version=1.24.9 # as in the module's go.mod

cd "$(dirname "$0")/.."
folder=$PWD/.tocsin/compose
program=$folder/docker-compose
if [[ -x $program && $(cat "$folder/version" 2>/dev/null) == "$version" ]]; then
    echo "docker-compose $version is in .tocsin/compose." >&2
    exit 0
fi
if ! command -v go >/dev/null; then
    echo "Go is needed to build docker-compose and was not found: install it (Debian and Ubuntu: golang; macOS:" \
        "brew install go), or put a docker-compose of your own on PATH." >&2
    exit 1
fi

mkdir -p "$folder"
source=$(mktemp -d "$folder/source-XXXXXX")
trap 'chmod -R u+w "$source" && rm -rf "$source"' EXIT
cd "$source"

# Outside any module, so that no go.mod above this folder has a say. Every download is checked against Go's sum database.
# The module cache is read-only, hence the copies.
go=go
if [[ $(go env GOVERSION) =~ ^go1\.([0-9]+) && ${BASH_REMATCH[1]} -lt 21 ]]; then
    # Go older than 1.21 does not fetch the Go that a module asks for; it can fetch it as a module.
    toolchain=golang.org/toolchain@v0.0.1-go$go_version.$(go env GOOS)-$(go env GOARCH)
    go mod download "$toolchain"
    cp -R "$(go env GOMODCACHE)/$toolchain" toolchain
    chmod -R u+w toolchain
    chmod +x toolchain/bin/* toolchain/pkg/tool/*/*
    go=$PWD/toolchain/bin/go
    unset GOROOT
fi
"$go" mod download "$module@$version"
cp -R "$("$go" env GOMODCACHE)/$module@$version" compose
chmod -R u+w compose
(
    cd compose
    "$go" build -trimpath -buildvcs=false -ldflags "-s -w -X $module/internal.Version=$version" -o "$program" ./cmd
)
echo "$version" >"$folder/version"
"$program" version >&2
