#!/bin/sh
# Makes a virtual environment of Python with what the tests run of it (python-test-requirements.txt); quick where it is
# there already. Tests that need it call this themselves.
#
# usage: install-python.sh DIR
set -eu

[ $# -eq 1 ] || {
    echo "usage: install-python.sh DIR" >&2
    exit 2
}
directory=$1
requirements=$(dirname "$0")/python-test-requirements.txt

mkdir -p "$directory"
# Two that come at the same time: the second waits, and finds it made.
exec 9>"$directory/.lock"
flock 9
# The list is copied last: where it is the same, everything in it is there.
cmp -s "$requirements" "$directory/requirements.txt" && exit 0

echo "installing what $requirements lists into $directory" >&2
python3 -m venv --clear "$directory/venv" >&2 || {
    echo "install-python: no virtual environment can be made (apt-get install --no-install-recommends python3-venv)" >&2
    exit 1
}
"$directory/venv/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$requirements" >&2 || {
    echo "install-python: the packages cannot be fetched" >&2
    exit 1
}
cp "$requirements" "$directory/requirements.txt"
