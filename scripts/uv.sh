# Sourced by the other scripts: a Python, and uv from PyPI in .build/uv at the version of requirements/uv.txt.

. scripts/step.sh

export UV_PYTHON_DOWNLOADS=never UV_NO_PROGRESS=1

# uv and npm bring their own list of authorities; where the machine has one, with its own added, it is the one to use.
authorities=${SSL_CERT_FILE:-${PIP_CERT:-/etc/ssl/certs/ca-certificates.crt}}
if [ -r "$authorities" ]; then
    export SSL_CERT_FILE=$authorities NODE_EXTRA_CA_CERTS=${NODE_EXTRA_CA_CERTS:-$authorities}
fi
# A machine whose pip was told of another index means it for uv too.
if [ -n "${PIP_INDEX_URL:-}" ]; then
    export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-$PIP_INDEX_URL}"
fi

NEW_ENOUGH='import sys; sys.exit(sys.version_info < (3, 11))'

find_python() {
    local name
    for name in "${TEJIDO_PYTHON:-python3.11}" python3 python3.12 python3.13 python3.14; do
        if command -v "$name" > /dev/null && "$name" -c "$NEW_ENOUGH"; then
            PYTHON=$(command -v "$name")
            return
        fi
    done
    stop "Tejido needs Python 3.11 or newer, and there is none here. On Debian 12: apt-get install python3."
}

make_uv() {
    local here=.build/uv
    rm -rf "$here"
    if "$PYTHON" -c 'import ensurepip, venv' 2> /dev/null; then
        "$PYTHON" -m venv "$here"
        "$here/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
    elif "$PYTHON" -m pip --version > /dev/null 2>&1; then
        "$PYTHON" -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --require-hashes --target "$here" -r requirements/uv.txt
    elif type -P uv > /dev/null; then
        mkdir -p "$here/bin"
        ln -s "$(type -P uv)" "$here/bin/uv"
    elif [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
        say "this Python has neither venv nor pip: asking apt-get for python3-venv"
        export DEBIAN_FRONTEND=noninteractive
        apt-get update -qq
        apt-get install -y -qq --no-install-recommends python3-venv > /dev/null
        "$PYTHON" -c 'import ensurepip, venv' || stop "python3-venv was installed, yet $PYTHON still cannot make an environment."
        make_uv
    else
        stop "Python here can neither make an environment nor install packages. As root: apt-get install python3-venv. Then run this again."
    fi
}

uv() {
    [ -n "${PYTHON:-}" ] || find_python
    local key
    key=$(sha256sum requirements/uv.txt)
    if [ ! -x .build/uv/bin/uv ] || [ "$(cat .build/uv.key 2> /dev/null)" != "$key" ]; then
        mkdir -p .build
        make_uv
        printf '%s\n' "$key" > .build/uv.key
    fi
    .build/uv/bin/uv "$@"
}
