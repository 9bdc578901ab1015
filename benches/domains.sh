#!/bin/sh
# Ten thousand domains verified at once: how many look-ups a second, beside as many bare ones by dig, against the same server
# in the same run. One private sandbox, and one Knot that is root, two name servers and the resolver. Ends with 1 where the
# bar of 5,000 look-ups a second does not hold. HOSTCTL names the program (a release build), DOMAINS how many.
set -eu
: "${HOSTCTL:=target/release/hostctl}"
domains=${DOMAINS:-10000}
bar=5000
HOSTCTL=$(cd "$(dirname "$HOSTCTL")" && pwd)/$(basename "$HOSTCTL")
psql=$(ls /usr/lib/postgresql/*/bin/psql | sort -V | tail -n 1)
dir=$(mktemp -d "${TMPDIR:-/tmp}/hostctl-bench-XXXXXX")
chmod 755 "$dir"
sandbox=$dir/s
server=
finish() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    "$HOSTCTL" sandbox down --dir "$sandbox" --if-exists >/dev/null 2>&1 || true
    rm -rf "$dir"
}
trap finish EXIT
trap 'exit 130' INT TERM
"$HOSTCTL" -q sandbox up --dir "$sandbox" >/dev/null 2>&1
eval "$("$HOSTCTL" sandbox env --dir "$sandbox")"
port=$((20000 + $$ % 10000))

# A token for each, as `domain add` makes them, without ten thousand processes.
"$psql" -qX -v ON_ERROR_STOP=1 -v "count=$domains" <<'SQL'
SET ROLE hostctl_admin;
INSERT INTO hostctl.domains (name, account_id, scope, method, token, path, expires_at)
SELECT 'd' || n || '.bench.test', (SELECT id FROM hostctl.accounts WHERE name = 'main'), 'host', 'txt',
    translate(md5(n::text), '0189', 'ghij'), left(translate(md5(n::text), '0189', 'ghij'), 16), now() + interval '7 days'
FROM generate_series(1, :count) n;
SQL
"$psql" -qXAt -c "SET ROLE hostctl_admin" -c "SELECT name FROM hostctl.domains" >"$dir/names"
zone() { printf '$TTL 60\n@ SOA ns hostmaster 1 3600 600 604800 60\n'; }
{ zone; printf '@ NS ns.\nns. A 127.0.0.2\ntest. NS ns.test.\nns.test. A 127.0.0.2\n'; } >"$dir/root"
{ zone; printf '@ NS ns\nns A 127.0.0.2\nbench NS ns1.bench\nbench NS ns2.bench\nns1.bench A 127.0.0.3\nns2.bench A 127.0.0.4\n'; } >"$dir/test"
{ zone; printf '@ NS ns1\n@ NS ns2\nns1 A 127.0.0.3\nns2 A 127.0.0.4\n'
    "$psql" -qXAt -c "SET ROLE hostctl_admin" \
        -c "SELECT '_hostctl-host-challenge.' || name || '. TXT \"token=' || token || '\"' FROM hostctl.domains"; } >"$dir/bench"
mkdir "$dir/run" "$dir/db"
cat >"$dir/knot.conf" <<EOF_CONF
server:
    rundir: "$dir/run"
    listen: [ 127.0.0.1@$port, 127.0.0.2@$port, 127.0.0.3@$port, 127.0.0.4@$port ]
database:
    storage: "$dir/db"
template:
  - id: default
    journal-content: none
    zonefile-sync: -1
zone:
  - domain: .
    file: "$dir/root"
  - domain: test
    file: "$dir/test"
  - domain: bench.test
    file: "$dir/bench"
EOF_CONF
printf '. NS a.\na. A 127.0.0.2\n' >"$dir/hints"
/usr/sbin/knotd -c "$dir/knot.conf" >"$dir/log" 2>&1 &
server=$!
for _ in $(seq 100); do
    [ -z "$(dig @127.0.0.1 -p "$port" +short +tries=1 +time=1 bench.test SOA)" ] || break
    kill -0 "$server" || { cat "$dir/log" >&2; exit 1; }
    sleep 0.1
done
export HOSTCTL_RESOLVER__SERVERS="127.0.0.1:$port" HOSTCTL_RESOLVER__AUTHORITATIVE_PORT="$port" \
    HOSTCTL_RESOLVER__ROOT_HINTS_FILE="$dir/hints" HOSTCTL_DOMAIN__ALLOW_PRIVATE=127.0.0.0/8

from=$(date +%s%N)
HOSTCTL_LOG=hostctl::commands::domain=debug env time -q -o "$dir/kib" -f %M \
    "$HOSTCTL" domain verify --file "$dir/names" -o csv >"$dir/rows" 2>"$dir/said" || { tail -n 3 "$dir/said" >&2; exit 1; }
ours=$((($(date +%s%N) - from) / 1000000))
lookups=$(sed -n 's/.*questions=\([0-9]*\).*/\1/p' "$dir/said")
verified=$(grep -c ',verified,' "$dir/rows")
[ "$verified" -eq "$domains" ] || { echo "only $verified of $domains verified" >&2; exit 1; }

sed 's/^/_hostctl-host-challenge./; s/$/ TXT/' "$dir/names" >"$dir/bare"
from=$(date +%s%N)
dig @127.0.0.3 -p "$port" +short -f "$dir/bare" >/dev/null
bare=$((($(date +%s%N) - from) / 1000000))
awk -v d="$domains" -v l="$lookups" -v o="$ours" -v b="$bare" -v bar=$bar -v k="$(cat "$dir/kib")" 'BEGIN {
    rate = l * 1000 / o; plain = d * 1000 / b
    printf "%d domains, %d look-ups in %.2f s: %d a second; dig, one after the other: %d a second; ratio %.2f; %.1f MiB\n",
        d, l, o / 1000, rate, plain, rate / plain, k / 1024
    verdict = (rate >= bar) ? "holds" : "FAILS"
    print "bar " bar " a second: " verdict
    exit verdict != "holds" }'
