#!/bin/sh
# What a certificate costs: one, whole process, beside lego and certbot at the same pebble in the same run; many that are due,
# renewed with eight at once; and ten thousand of which none is due. Validation sleeps nowhere. Ends with 1 where a bar does not
# hold. HOSTCTL names the program (a release build), CERTIFICATES how many are renewed, ROUNDS how often one is issued. A peer
# that is not installed is left out, and said to be.
set -eu
certificates=${CERTIFICATES:-200}
rounds=${ROUNDS:-5}
. "$(dirname "$0")/sandbox.sh"
psql=$(ls /usr/lib/postgresql/*/bin/psql | sort -V | tail -n 1)
base=$((20000 + $$ % 10000))
api=$base management=$((base + 1)) http=$((base + 2)) tls=$((base + 3))
pebble=
finish() {
    [ -z "$pebble" ] || kill "$pebble" 2>/dev/null || true
    "$HOSTCTL" sandbox down --dir "$sandbox" --if-exists >/dev/null 2>&1 || true
    rm -rf "$dir"
}

# An authority for the authority's own TLS.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=bench -keyout "$dir/ca.key" \
    -out "$dir/ca.pem" -addext basicConstraints=critical,CA:TRUE 2>/dev/null
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost -keyout "$dir/tls.key" -out "$dir/tls.csr" 2>/dev/null
printf 'subjectAltName=IP:127.0.0.1,DNS:localhost\n' >"$dir/ext"
openssl x509 -req -in "$dir/tls.csr" -CA "$dir/ca.pem" -CAkey "$dir/ca.key" -CAcreateserial -days 2 -extfile "$dir/ext" \
    -out "$dir/tls.pem" 2>/dev/null
printf '{"pebble":{"listenAddress":"127.0.0.1:%d","managementListenAddress":"127.0.0.1:%d","certificate":"%s","privateKey":"%s",
"httpPort":%d,"tlsPort":%d,"ocspResponderURL":"","externalAccountBindingRequired":false}}' \
    "$api" "$management" "$dir/tls.pem" "$dir/tls.key" "$http" "$tls" >"$dir/pebble.json"
dns=$(sed -n 's/^query_servers = \["\(.*\)"\].*/\1/p' "$HOSTCTL_CONFIG" | head -n 1)
PEBBLE_VA_NOSLEEP=1 PEBBLE_WFE_NONCEREJECT=0 PEBBLE_AUTHZREUSE=0 \
    pebble -strict -config "$dir/pebble.json" -dnsserver "$dns" >"$dir/pebble.log" 2>&1 &
pebble=$!
directory=https://127.0.0.1:$api/dir
for _ in $(seq 100); do
    curl -sf --cacert "$dir/ca.pem" "$directory" >/dev/null && break
    kill -0 "$pebble" || { cat "$dir/pebble.log" >&2; exit 1; }
    sleep 0.1
done
export HOSTCTL_ACME__MAIN__DIRECTORY="$directory" HOSTCTL_ACME__MAIN__CA_FILE="$dir/ca.pem" \
    HOSTCTL_CERTIFICATE__DIRECTORY="$dir/certificates" HOSTCTL_CERTIFICATE__HTTP_LISTEN="127.0.0.1:$http" \
    HOSTCTL_CERTIFICATE__TLS_LISTEN="127.0.0.1:$tls" HOSTCTL_DOMAIN__HTTP_PORT="$http" HOSTCTL_RESOLVER__SERVERS="$dns"
"$HOSTCTL" -q ca register --agree-tos
"$HOSTCTL" -q dns zone create bench.test
"$HOSTCTL" -q dns record add bench.test '*' A 127.0.0.1

# peak of resident memory in MiB, beside the time
weigh() { file=$1; shift; env time -q -o "$dir/kib" -f %M "$@" >/dev/null 2>"$dir/errors" || { cat "$dir/errors" >&2; exit 1; }
    awk '{ printf "%.1f", $1 / 1024 }' "$dir/kib" >"$dir/$file"; }
sql() { "$psql" -qXAt -v ON_ERROR_STOP=1 -c "SET ROLE hostctl_admin" -c "$1"; }

# One, whole process.
lego_one() { LEGO_CA_CERTIFICATES="$dir/ca.pem" lego --accept-tos --email bench@bench.test --server "$directory" --http --http.port ":$http" \
    --path "$dir/lego.d" --domains "$1" run; }
certbot_one() { REQUESTS_CA_BUNDLE="$dir/ca.pem" certbot certonly -n --standalone --http-01-port "$http" --agree-tos -m bench@bench.test \
    --server "$directory" --config-dir "$dir/certbot.d" --work-dir "$dir/certbot.d" --logs-dir "$dir/certbot.d" -d "$1"; }
i=0
while [ $i -lt "$rounds" ]; do
    i=$((i + 1))
    clock ours "$HOSTCTL" cert issue "ours$i.bench.test"
    if command -v lego >/dev/null; then clock lego lego_one "lego$i.bench.test"; fi
    if command -v certbot >/dev/null; then clock certbot certbot_one "certbot$i.bench.test"; fi
done
weigh ours.mib "$HOSTCTL" cert issue weighed.bench.test

# Many that are due, on this host.
host=$("$HOSTCTL" -o csv cert status ours1.bench.test | tail -n 1 | cut -d, -f2)
plant() { sql "WITH made AS (INSERT INTO hostctl.certificates (name, account_id, identifiers, cas, challenge, key_type, state, generation,
        next_at) SELECT '$1' || n || '.bench.test', (SELECT id FROM hostctl.accounts WHERE name = 'main'),
        ARRAY['$1' || n || '.bench.test'], '{main}', 'http-01', 'p256', 'issued', 1, now() + interval '$3' FROM generate_series(1, $2) n RETURNING name),
    generations AS (INSERT INTO hostctl.certificate_generations (certificate, number, serial, fingerprint, identifiers, issuer, not_before,
        not_after, chain) SELECT name, 1, '01', repeat('0', 64), ARRAY[name], 'CN=before', now() - interval '60 days',
        now() + interval '30 days', '' FROM made)
    INSERT INTO hostctl.certificate_places (certificate, host, generation) SELECT name, '$host', 1 FROM made"; }
plant due "$certificates" '-1 minute'
from=$(date +%s%N)
weigh many.mib "$HOSTCTL" cert renew -j 8
many=$((($(date +%s%N) - from) / 1000000))
renewed=$(sql "SELECT count(*) FROM hostctl.certificates WHERE name LIKE 'due%' AND generation = 2")
[ "$renewed" -eq "$certificates" ] || { echo "only $renewed of $certificates renewed" >&2; exit 1; }

# Ten thousand, none of them due.
plant later 10000 '20 days'
for _ in 1 2 3; do
    clock idle "$HOSTCTL" cert renew
    clock status "$HOSTCTL" cert status -o ndjson
done
weigh idle.mib "$HOSTCTL" cert renew

said() { [ ! -e "$dir/$1" ] && echo "$1 is not installed" && return
    awk -v p="$1" -v o="$(median ours)" -v t="$(median "$1")" 'BEGIN { printf "%s: %.0f ms, %.1f times ours\n", p, t, t / o }'; }
printf 'one certificate, whole process: %.0f ms, %s MiB\n' "$(median ours)" "$(cat "$dir/ours.mib")"
said lego
said certbot
awk -v n="$certificates" -v t="$many" -v k="$(cat "$dir/many.mib")" \
    'BEGIN { printf "%d due, eight at once: %.2f s, %.1f a second, %s MiB\n", n, t / 1000, n * 1000 / t, k }'
printf '10,000 not due: cert renew %.0f ms, %s MiB; cert status %.0f ms\n' "$(median idle)" "$(cat "$dir/idle.mib")" "$(median status)"
awk -v one="$(median ours)" -v n="$certificates" -v t="$many" -v i="$(median idle)" -v s="$(median status)" -v k="$(cat "$dir/idle.mib")" 'BEGIN {
    bad = ""
    if (one > 150) bad = bad " one-certificate"
    if (n * 1000 / t < 20) bad = bad " rate"
    if (i > 1000) bad = bad " nothing-due"
    if (s > 1000) bad = bad " status"
    if (k > 64) bad = bad " memory"
    print "bars (150 ms; 20 a second; 1 s, 1 s and 64 MiB at 10,000): " (bad == "" ? "hold" : "FAIL:" bad)
    exit bad != "" }'
