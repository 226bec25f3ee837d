#!/usr/bin/env bash
# Make what Tejido needs, and only what is not there yet.
#
#   scripts/setup.sh runtime    to run it
#   scripts/setup.sh all        to work on it as well
#
# Each step keeps in .build/ a digest of what it was made from; a step whose inputs did not change is not done
# again. Every Python package is checked against the hashes in requirements/, every npm package against
# package-lock.json.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/uv.sh

install() {
    uv pip install --quiet --python .venv --require-hashes "$@"
}

make_environment() {
    # The programs of an environment carry the path they were made for: in another folder they are of no use.
    local key=$PWD made_for
    made_for=$(cat .build/environment 2> /dev/null || printf '%s' "$key")
    if [ "$made_for" != "$key" ] || ! .venv/bin/python -c "$NEW_ENOUGH" 2> /dev/null; then
        say "making .venv"
        uv venv --quiet --clear --python "$PYTHON" .venv
        rm -f .build/*.stamp
    fi
    printf '%s\n' "$key" > .build/environment
}

install_runtime() {
    say "installing what Tejido runs with"
    install -r requirements/base.txt -r requirements/build.txt
}

install_project() {
    say "installing Tejido itself, editable"
    uv pip install --quiet --python .venv --no-deps --no-build-isolation --editable .
}

install_development() {
    say "installing what checks it"
    install -r requirements/dev.txt
}

fetch_parts() {
    say "fetching the front-end parts"
    if ! command -v npm > /dev/null || ! node -e 'process.exit(parseInt(process.versions.node) < 18)' 2>/dev/null; then
        install -r requirements/node.txt
        PATH="$PWD/.venv/bin:$PATH"
    fi
    npm ci --silent --no-audit --no-fund
    .venv/bin/python scripts/parts.py
}

compile_translations() {
    .venv/bin/python scripts/translations.py --compile > .build/translations.log
}

compile_numbers() {
    say "translating the loops of the numbers"
    .venv/bin/python -m tejido.analysis > .build/numbers.log
}

what=${1:-all}
mkdir -p .build
exec 9> .build/lock
flock 9
find_python
make_environment
step runtime .venv/lib install_runtime requirements/base.txt requirements/build.txt
step project .venv/bin/tejido install_project pyproject.toml README.md LICENSE
step parts src/tejido/drawing/outlines/countries-50m.json fetch_parts package.json package-lock.json .npmrc scripts/parts.py
mapfile -t catalogues < <(find src -name '*.po' | LC_ALL=C sort)
step translations .build/translations.log compile_translations "${catalogues[@]}" scripts/translations.py
mapfile -t numbers < <(find src/tejido/analysis -name '*.py' | LC_ALL=C sort)
step numbers .build/numbers.log compile_numbers "${numbers[@]}" requirements/base.txt
if [ "$what" = all ]; then
    step development .venv/bin/pytest install_development requirements/dev.txt
fi
