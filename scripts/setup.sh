#!/usr/bin/env bash
# Makes everything ready to run (`setup.sh run`) or to test (`setup.sh test`). Safe to repeat; quick the second time.
#
# With root or a sudo that asks no password, missing system packages are installed. Without, the software runs with a
# simulated network, and the tests that need a missing part are skipped (with CI=true that is a failure).
set -euo pipefail

want=${1:-run}
case "$want" in run | test) ;; *) echo "usage: $0 run|test" >&2; exit 2 ;; esac
cd "$(dirname "$0")/.."

say() { printf '%s\n' "setup: $*"; }

as_root=()
can_install=no
if [ "$(id -u)" = 0 ]; then
  can_install=yes
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
  can_install=yes
  as_root=(sudo -n)
fi
command -v apt-get >/dev/null 2>&1 || can_install=no

# Installs packages without letting them start services. A policy that is there already stays as it is.
policy=/usr/sbin/policy-rc.d
policy_is_ours=no
remove_policy() {
  if [ "$policy_is_ours" = yes ]; then "${as_root[@]}" rm -f "$policy"; fi
}
trap remove_policy EXIT

install_packages() {
  if [ ! -e "$policy" ]; then
    policy_is_ours=yes
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
    "${as_root[@]}" chmod 755 "$policy"
  fi
  say "installing $*"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null && return
  "${as_root[@]}" apt-get update -qq &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

has() { PATH="$PATH:/usr/sbin:/sbin" command -v "$1" >/dev/null 2>&1; }
has_cjk_font() { compgen -G '/usr/share/fonts/opentype/noto/NotoSansCJK*' >/dev/null; }

packages=()
without=()
need() { # package, what happens without it
  packages+=("$1")
  without+=("$1: $2")
}
has osmo-hlr || need osmo-hlr "the network is simulated; tests with a real HLR are skipped"
if [ "$want" = test ]; then
  has chromium || need chromium "tests in a browser are skipped"
  has_cjk_font || need fonts-noto-cjk "Japanese and Chinese are boxes on screenshots"
  has xgettext || need gettext "the translations cannot be checked"
  has node || need nodejs "tests with an SMS gateway are skipped"
  has npm || need npm "tests with an SMS gateway are skipped"
fi
if [ "${#packages[@]}" -gt 0 ]; then
  if [ "$can_install" = no ] || ! install_packages "${packages[@]}"; then
    say "these system packages are missing and could not be installed here:"
    printf '  %s\n' "${without[@]}"
    if [ "${CI:-}" = true ] && [ "$want" = test ]; then exit 1; fi
  fi
fi
# The same browser without a window. Older systems do not have it, and nothing depends on it but time.
if [ "$want" = test ] && [ "$can_install" = yes ] && ! has chromium-headless-shell; then
  install_packages chromium-headless-shell || say "without chromium-headless-shell tests in a browser take longer"
fi

# A Python that is new enough and can make virtual environments.
find_python() {
  local candidate
  for candidate in python3 python3.14 python3.13 python3.12 python3.11 /usr/bin/python3; do
    if has "$candidate" && "$candidate" -c 'import sys, ssl; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$candidate"
      return
    fi
  done
  return 1
}
makes_environments() { "$1" -c 'import ensurepip, venv' 2>/dev/null; }

if [ ! -x .venv/bin/python ] || ! .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
  if ! python=$(find_python) || ! makes_environments "$python"; then
    [ "$can_install" = yes ] && install_packages python3 python3-venv || true
    python=$(find_python) || { say "Python 3.11 or later is missing. On Debian: apt-get install python3 python3-venv"; exit 1; }
    makes_environments "$python" || { say "$python cannot make environments. On Debian: apt-get install python3-venv"; exit 1; }
  fi
  say "making .venv with $python"
  rm -rf .venv
  "$python" -m venv .venv
fi

# The libraries, pinned by hash. The stamp holds what they were installed from.
lock=requirements/$want.txt
stamp=.venv/.installed-$want
wanted=$(cat "$lock" pyproject.toml | sha256sum | cut -d' ' -f1)
if [ "$(cat "$stamp" 2>/dev/null || true)" != "$wanted" ]; then
  say "installing the libraries of $lock"
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement "$lock"
  # The build backend is a program of the environment, and pip looks for it in PATH.
  PATH="$PWD/.venv/bin:$PATH" .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
  printf '%s\n' "$wanted" >"$stamp"
fi

# The short message centre of the tests. Without it they are skipped, but never with CI=true.
smsc=tests/support/smsc
if [ "$want" = test ] && has npm && [ "$smsc/package-lock.json" -nt "$smsc/node_modules/.package-lock.json" ]; then
  say "installing the libraries of $smsc"
  if ! npm --prefix "$smsc" ci --ignore-scripts --no-audit --no-fund --silent; then
    say "they could not be installed; tests with an SMS gateway are skipped"
    if [ "${CI:-}" = true ]; then exit 1; fi
  fi
fi

.venv/bin/python -c 'from tojimari.platform.translations import compile_stale; compile_stale()'
