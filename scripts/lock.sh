#!/usr/bin/env bash
# Pins the newest versions that pyproject.toml allows, with their hashes, for every platform and Python from 3.11 on.
set -euo pipefail
cd "$(dirname "$0")/.."

tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
python3 -m venv "$tools"
"$tools/bin/pip" install --quiet --disable-pip-version-check uv

compile() { # target, further options
  local target=$1
  shift
  "$tools/bin/uv" pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
    pyproject.toml requirements/build.in "$@" -o "$target"
}
compile requirements/run.txt
compile requirements/test.txt --group test
