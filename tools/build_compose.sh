#!/usr/bin/env bash
# Builds the docker-compose program from its Go module into .tocsin/compose, for the test of docker-compose.yml.
# It needs Go and no Docker engine: `config` only reads the file. Takes about two minutes on two cores, once.
set -euo pipefail

version=v2.40.3
module=github.com/docker/compose/v2

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
release=$(go env GOVERSION)
if [[ $release =~ ^go1\.([0-9]+) && ${BASH_REMATCH[1]} -lt 21 ]]; then
    echo "$(command -v go) is $release, which cannot fetch the newer Go that docker-compose asks for: install Go 1.21" \
        "or newer, or put a docker-compose of your own on PATH." >&2
    exit 1
fi

mkdir -p "$folder"
source=$(mktemp -d "$folder/source-XXXXXX")
trap 'chmod -R u+w "$source" && rm -rf "$source"' EXIT
# Outside any module, so that no go.mod above this folder has a say; the download is checked against Go's sum database.
(cd "$source" && go mod download "$module@$version")
# Out of the module cache, which is read-only.
cp -R "$(go env GOMODCACHE)/$module@$version/." "$source"
chmod -R u+w "$source"
(
    cd "$source"
    go build -trimpath -buildvcs=false -ldflags "-s -w -X $module/internal.Version=$version" -o "$program" ./cmd
)
echo "$version" >"$folder/version"
"$program" version >&2
