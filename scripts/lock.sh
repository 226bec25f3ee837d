#!/usr/bin/env bash
# Write the hashed locks anew from pyproject.toml and package.json. The locks name no index and no machine.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/uv.sh

# What this machine was told about indexes must not reach the locks.
unset UV_FIND_LINKS UV_INDEX UV_EXTRA_INDEX_URL

# lock NAME SOURCE…: write requirements/NAME.txt for every platform and Python from 3.11 on.
lock() {
    local out=requirements/$1.txt
    shift
    say "$out"
    uv pip compile --quiet --no-config --upgrade --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make lock" \
        --output-file "$out" "$@" > /dev/null
}

lock base pyproject.toml
lock dev pyproject.toml --group dev --group build --constraint requirements/base.txt
for name in build node uv; do
    lock "$name" --group "$name" --constraint requirements/dev.txt
done
say "package-lock.json"
npm install --package-lock-only --no-audit --no-fund --silent
