#!/usr/bin/env bash
# Looks at everything that can be judged without running it. Tells all that is wrong, not only the first thing.
set -uo pipefail
cd "$(dirname "$0")/.."
bin=$PWD/.venv/bin

# A data folder of its own: nothing here may touch, or depend on, the person's own settings.
TOJIMARI_HOME=$(mktemp -d)
export TOJIMARI_HOME
trap 'rm -rf "$TOJIMARI_HOME"' EXIT

wrong=()
look() { # what it is called, the command
  local name=$1
  shift
  printf '%s\n' "--- $name"
  "$@" || wrong+=("$name")
}

code=(src tests scripts)
[ -d benchmarks ] && code+=(benchmarks)

no_registry_addresses() {
  # Where packages are fetched from is each machine's own business. Brackets keep this line from finding itself.
  ! git grep -nIE 'pythonhoste[d]|pyp[i]\.org|registry\.npmj[s]|de[b]\.debian\.org' -- .
}

look "ruff check" "$bin/ruff" check --quiet "${code[@]}"
look "ruff format" "$bin/ruff" format --quiet --check "${code[@]}"
look "mypy" "$bin/mypy"
look "import-linter" "$bin/lint-imports" --no-logo
# Without a running database it cannot look at the history that was applied, and warns of it.
look "migrations" env PYTHONWARNINGS=ignore::RuntimeWarning "$bin/tojimari" manage makemigrations --check --dry-run
look "translations" "$bin/python" scripts/check_translations.py
look "directory of carriers" "$bin/tojimari" guide check
look "registry addresses" no_registry_addresses

if [ "${#wrong[@]}" -gt 0 ]; then
  printf '\nNot in order: %s\n' "$(printf '%s, ' "${wrong[@]}" | sed 's/, $//')"
  exit 1
fi
printf '\nEverything is in order.\n'
