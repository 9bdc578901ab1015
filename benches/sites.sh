#!/bin/sh
# Many sites by manifest, in one private sandbox whose PostgreSQL writes through to the disk: what doing several at once gains
# over one command after the other, with mail and without, what one costs when few and when many are there, what looking
# costs, and how much memory it takes. One site costs the servers more the more are there, so that those by a command each are
# made half before and half after the many. Ends with 1 where a bar does not hold. HOSTCTL names the program (a release
# build), SITES how many (1000 is the whole), JOBS how many at once, SINGLE how many by a command each.
set -eu
sites=${SITES:-100}
jobs=${JOBS:-8}
single=${SINGLE:-100}
[ "$single" -le "$sites" ] || single=$sites
. "$(dirname "$0")/sandbox.sh"

mail=',"mail":{"boxes":[{"name":"info"},{"name":"sales"}]}'
# a manifest of so many sites whose names begin so, with this in it besides database and zone
manifest() {
    i=0
    while [ $i -lt "$2" ]; do
        printf '{"domain":"%s%s.test","database":{"name":"%s%s"}%s,"dns":{"addresses":["192.0.2.80"]}}\n' \
            "$1" $i "$1" $i "$3"
        i=$((i + 1))
    done >"$dir/$1.ndjson"
}
# milliseconds for a site, and peak MiB, of an apply; the answer must have a row of that status for each
apply() { # names jobs status
    env time -q -o "$dir/time" -f '%e %M' "$HOSTCTL" site apply "$dir/$1.ndjson" -j "$2" -o ndjson >"$dir/rows" 2>"$dir/errors" ||
        { cat "$dir/errors" >&2; exit 1; }
    count=$(wc -l <"$dir/$1.ndjson")
    [ "$(grep -c "\"status\":\"$3\"" "$dir/rows")" = "$count" ] || { cat "$dir/rows" >&2; exit 1; }
    awk -v count="$count" '{ printf "%.0f %.1f", $1 * 1000 / count, $2 / 1024 }' "$dir/time"
}
# milliseconds for a site by a command each
one_by_one() { # names
    from=$(date +%s%N)
    while read -r line; do
        printf '%s\n' "$line" | "$HOSTCTL" site apply - -o ndjson >"$dir/rows" 2>"$dir/errors" ||
            { cat "$dir/errors" >&2; exit 1; }
        grep -q '"status":"created"' "$dir/rows" || { cat "$dir/rows" >&2; exit 1; }
    done <"$dir/$1.ndjson"
    echo $((($(date +%s%N) - from) / 1000000 / $(wc -l <"$dir/$1.ndjson")))
}
failed=0
judge() { # what value comparison bar
    verdict=$(awk -v v="$2" -v b="$4" "BEGIN { print (v $3 b) ? \"holds\" : \"FAILS\" }")
    printf '%-52s %8s   %s %-5s %s\n' "$1" "$2" "$3" "$4" "$verdict"
    [ "$verdict" = holds ] || failed=1
}
mean() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.0f", (a + b) / 2 }'; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }

manifest warm 10 "$mail"
set -- $(apply warm "$jobs" created)
warm_memory=$2
manifest few 20 "$mail"
set -- $(apply few 1 created)
few=$1
half=$((single / 2))
manifest one "$half" "$mail"
one=$(one_by_one one)
manifest many "$sites" "$mail"
set -- $(apply many "$jobs" created)
many=$1 many_memory=$2
manifest after "$half" "$mail"
after=$(one_by_one after)
manifest late 20 "$mail"
set -- $(apply late 1 created)
late=$1
set -- $(apply many "$jobs" unchanged)
again=$1
manifest bare "$half" ''
bare=$(one_by_one bare)
manifest plain "$sites" ''
set -- $(apply plain "$jobs" created)
plain=$1
manifest over "$half" ''
over=$(one_by_one over)
printf 'milliseconds for a site, of %s: %s and %s by a command each, %s with -j %s, %s to look at it again\n' \
    "$sites" "$one" "$after" "$many" "$jobs" "$again"
printf 'without mail: %s and %s by a command each, %s with -j %s\n' "$bare" "$over" "$plain" "$jobs"
printf 'memory with -j %s: %s MiB for 10 sites, %s MiB for %s\n' "$jobs" "$warm_memory" "$many_memory" "$sites"
judge "one command after the other / $jobs at once" "$(ratio "$(mean "$one" "$after")" "$many")" '>=' 1.5
judge 'the same without mail' "$(ratio "$(mean "$bare" "$over")" "$plain")" '>=' 2
judge "a site with $((sites + single + 30)) there / with 10 there" "$(ratio "$late" "$few")" '<=' 1.3
judge "memory for $sites sites / for 10" "$(ratio "$many_memory" "$warm_memory")" '<=' 1.5
exit $failed
