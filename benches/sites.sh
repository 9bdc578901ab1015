#!/bin/sh
# Many sites by manifest, in one private sandbox whose PostgreSQL writes through to the disk: what one costs when few and
# when many are there, what doing several at once gains, what looking costs, and how much memory it takes. Ends with 1 where
# a bar does not hold. HOSTCTL names the program (a release build), SITES how many (1000 is the whole), JOBS how many at once.
set -eu
: "${HOSTCTL:=target/release/hostctl}"
sites=${SITES:-100}
jobs=${JOBS:-8}
HOSTCTL=$(cd "$(dirname "$HOSTCTL")" && pwd)/$(basename "$HOSTCTL")
dir=$(mktemp -d /tmp/hostctl-bench-XXXXXX)
chmod 711 "$dir"
sandbox=$dir/s
finish() { "$HOSTCTL" sandbox down --dir "$sandbox" --if-exists >/dev/null 2>&1 || true; rm -rf "$dir"; }
trap finish EXIT
trap 'exit 130' INT TERM
"$HOSTCTL" -q sandbox up --dir "$sandbox" >/dev/null 2>&1
eval "$("$HOSTCTL" sandbox env --dir "$sandbox")"
# A sandbox does not wait for the disk; a server of customers does.
printf '%s = on\n' fsync synchronous_commit full_page_writes >>"$sandbox/postgres/data/sandbox.conf"
kill -HUP "$(head -n 1 "$sandbox/postgres/data/postmaster.pid")"

# a manifest of so many sites whose names begin so
manifest() {
    i=0
    while [ $i -lt "$2" ]; do
        printf '{"domain":"%s%s.test","database":{"name":"%s%s"},"mail":{"boxes":[{"name":"info"},{"name":"sales"}]},"dns":{"addresses":["192.0.2.80"]}}\n' \
            "$1" $i "$1" $i
        i=$((i + 1))
    done >"$dir/$1.ndjson"
}
# seconds and peak MiB of an apply; the answer must have so many rows of that status
apply() { # names jobs status
    env time -q -o "$dir/time" -f '%e %M' "$HOSTCTL" site apply "$dir/$1.ndjson" -j "$2" -o ndjson >"$dir/rows" 2>"$dir/errors" ||
        { cat "$dir/errors" >&2; exit 1; }
    [ "$(grep -c "\"status\":\"$3\"" "$dir/rows")" = "$(wc -l <"$dir/$1.ndjson")" ] || { cat "$dir/rows" >&2; exit 1; }
    awk '{ printf "%.2f %.1f", $1, $2 / 1024 }' "$dir/time"
}
failed=0
judge() { # what value comparison bar
    verdict=$(awk -v v="$2" -v b="$4" "BEGIN { print (v $3 b) ? \"holds\" : \"FAILS\" }")
    printf '%-52s %8s   %s %-5s %s\n' "$1" "$2" "$3" "$4" "$verdict"
    [ "$verdict" = holds ] || failed=1
}
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }

manifest warm 10
set -- $(apply warm "$jobs" created)
warm_memory=$2
manifest few 10
set -- $(apply few 1 created)
few=$1 few_memory=$2
manifest one "$sites"
set -- $(apply one 1 created)
one=$1 one_memory=$2
manifest many "$sites"
set -- $(apply many "$jobs" created)
many=$1 many_memory=$2
manifest late 10
set -- $(apply late 1 created)
late=$1
set -- $(apply many "$jobs" unchanged)
printf '%s sites: %s s one after the other, %s s with -j %s; looking at all again %s s\n' "$sites" "$one" "$many" "$jobs" "$1"
printf 'memory: %s MiB for 10 sites, %s MiB for %s; with -j %s %s and %s MiB\n' "$few_memory" "$one_memory" "$sites" "$jobs" "$warm_memory" "$many_memory"
judge "one after the other / $jobs at once" "$(ratio "$one" "$many")" '>=' 1.5
judge "a site with $((2 * sites + 20)) there / with 10 there" "$(ratio "$late" "$few")" '<=' 1.3
judge "memory for $sites sites / for 10" "$(ratio "$one_memory" "$few_memory")" '<=' 1.5
judge "the same with -j $jobs" "$(ratio "$many_memory" "$warm_memory")" '<=' 1.5
exit $failed
