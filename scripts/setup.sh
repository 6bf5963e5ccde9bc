#!/bin/sh
# Installs what the lockfile names, once per lockfile: the only thing a fresh clone needs.
set -eu
cd "$(dirname "$0")/.."
# A linked folder is kept up by whoever linked it.
[ ! -L node_modules ] || exit 0
want=$(cksum package-lock.json)
if [ ! -x node_modules/.bin/node ] || [ "$(cat node_modules/.setup-stamp 2>/dev/null || true)" != "$want" ]; then
  echo "Installing dependencies (once) ..." >&2
  npm ci --no-audit --no-fund --loglevel=error >&2
  printf '%s' "$want" > node_modules/.setup-stamp
fi
