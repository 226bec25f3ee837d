# Sourced by setup: do a thing once, and again only when what it is made from has changed.

say() { printf '· %s\n' "$*" >&2; }
stop() { printf '%s\n' "$*" >&2; exit 1; }

# step NAME WITNESS FUNCTION INPUT…: run FUNCTION unless WITNESS exists and the inputs are the same as last time.
step() {
    local name=$1 witness=$2 make_it=$3
    shift 3
    local key
    key=$(sha256sum -- "$@" | sha256sum)
    if [ -e "$witness" ] && [ "$(cat ".build/$name.stamp" 2>/dev/null)" = "$key" ]; then
        return
    fi
    rm -f ".build/$name.stamp"
    "$make_it"
    [ -e "$witness" ] || stop "Setup stopped: the step “$name” did not make $witness."
    printf '%s\n' "$key" > ".build/$name.stamp"
}
