# What the benches have in common, for `.`: the program ($HOSTCTL), a folder ($dir), and a private sandbox in it whose
# PostgreSQL writes through to the disk, all of it gone at the end.
: "${HOSTCTL:=target/release/hostctl}"
HOSTCTL=$(cd "$(dirname "$HOSTCTL")" && pwd)/$(basename "$HOSTCTL")
dir=$(mktemp -d "${TMPDIR:-/tmp}/hostctl-bench-XXXXXX")
chmod 711 "$dir"
sandbox=$dir/s
finish() { "$HOSTCTL" sandbox down --dir "$sandbox" --if-exists >/dev/null 2>&1 || true; rm -rf "$dir"; }
trap finish EXIT
trap 'exit 130' INT TERM
"$HOSTCTL" -q sandbox up --dir "$sandbox" >/dev/null 2>&1
eval "$("$HOSTCTL" sandbox env --dir "$sandbox")"
# A sandbox does not wait for the disk; a server of customers does, and both sides of a ratio wait alike.
printf '%s = on\n' fsync synchronous_commit full_page_writes >>"$sandbox/postgres/data/sandbox.conf"
kill -HUP "$(head -n 1 "$sandbox/postgres/data/postmaster.pid")"

# milliseconds that a command takes, appended to a file
clock() { file=$1; shift; from=$(date +%s%N); "$@" >/dev/null 2>"$dir/errors" || { cat "$dir/errors" >&2; exit 1; }
    echo $((($(date +%s%N) - from) / 10000)) >>"$dir/$file"; }
median() { sort -n "$dir/$1" | awk '{ v[NR] = $1 } END { printf "%.2f", v[int((NR + 1) / 2)] / 100 }'; }
