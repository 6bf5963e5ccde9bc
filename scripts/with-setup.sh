#!/bin/sh
# `with-setup.sh demo` and `with-setup.sh test`: sets a fresh clone up, then does the job.
set -eu
cd "$(dirname "$0")/.."
sh scripts/setup.sh
PATH="$PWD/node_modules/.bin:$PATH"
job=$1
shift
case "$job" in
  demo) exec node src/cli/main.ts demo "$@" ;;
  test) tsc --noEmit && biome check --error-on-warnings . && exec vitest run "$@" ;;
  *) echo "with-setup.sh: unknown job $job" >&2; exit 2 ;;
esac
