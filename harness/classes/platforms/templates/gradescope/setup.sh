#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the autograder.
# It needs Ubuntu's and Python's package registries, and neither PyTorch nor JAX.
set -euo pipefail
umask 022

root="${AUTOGRADER_ROOT:-/autograder}"
source="$root/source"

# What a submission must not read, should the kernel have no Landlock: the seed, the answers, the key.
chmod -R go-rwx "$source"

find_python() {
    local candidate
    for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
        if "$candidate" -I -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' \
            2>/dev/null; then
            python="$candidate"
            return 0
        fi
    done
    return 1
}

install() {
    apt-get update
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
}

find_python || { install python3-venv && find_python; } ||
    { install python3.11 python3.11-venv && find_python; }

# Not over the system's own Python, which Gradescope needs.
"$python" -I -m venv "$root/venv"
# Exact versions, and no file but those of the hashes; the wheel of adjudge came in this zip.
"$root/venv/bin/python" -I -m pip install --no-input --require-hashes -r "$source/requirements.txt"
"$root/venv/bin/python" -I -m pip install --no-input --no-index --no-deps "$source"/adjudge-*.whl

packages="$("$root/venv/bin/python" -I -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"
chmod -R go-rwx "$packages/harness" "$packages/reference_impls"

# What this machine refuses to a submission; the one that grades may be another.
"$root/venv/bin/adjudge" doctor || true
