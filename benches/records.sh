#!/bin/sh
# What a change of one record costs in a zone of 2,000 records beside one of 20: whole process against whole process, in
# turn, through the API of PowerDNS and by DNSUPDATE at a BIND. Prints median times, their ratio and the bar, and ends with 1
# where a bar does not hold. HOSTCTL names the program (a release build), ROUNDS how often.
set -eu
rounds=${ROUNDS:-15}
. "$(dirname "$0")/sandbox.sh"
few=20 many=2000

# so many records, a line each
records() {
    awk -v count="$1" 'BEGIN { for (i = 0; i < count; i++) printf "r%d 3600 IN A 192.0.2.%d\n", i, i % 250 + 1 }'
}
for count in $few $many; do
    records "$count" >"$dir/$count.zone"
    "$HOSTCTL" -q dns zone create "n$count.test" >/dev/null
    "$HOSTCTL" -q --yes dns zone import "n$count.test" "$dir/$count.zone" >/dev/null
done

# A BIND that has such zones and takes updates in our key.
bind=$dir/bind
mkdir "$bind"
openssl rand -base64 32 >"$dir/tsig"
chmod 600 "$dir/tsig"
port=$(shuf -i 20000-29999 -n 1)
zones=''
{
    printf 'key bench { algorithm hmac-sha256; secret "%s"; };\ncontrols { };\n' "$(cat "$dir/tsig")"
    printf 'options { directory "%s"; pid-file none; session-keyfile "%s/session.key"; lock-file none;\n' "$bind" "$bind"
    printf 'managed-keys-directory "%s"; listen-on port %s { 127.0.0.1; }; listen-on-v6 { none; };\n' "$bind" "$port"
    printf 'recursion no; dnssec-validation no; empty-zones-enable no; notify no; allow-transfer { key bench; }; };\n'
    for count in $few $many; do
        {
            # shellcheck disable=SC2016 # a directive of master files
            printf '$TTL 60\n@ SOA ns1 hostmaster 1 3600 600 604800 60\n@ NS ns1\nns1 A 127.0.0.1\n'
            cat "$dir/$count.zone"
        } >"$bind/b$count.zone"
        printf 'zone b%s.test { type primary; file "%s/b%s.zone"; update-policy { grant bench zonesub any; }; };\n' \
            "$count" "$bind" "$count"
    done
} >"$bind/conf"
for count in $few $many; do zones="$zones\"b$count.test\", "; done
cat >>"$HOSTCTL_CONFIG" <<CONF

[dns.bench]
provider = "rfc2136"
server = "127.0.0.1:$port"
tsig_name = "bench"
tsig_secret_file = "$dir/tsig"
zones = [${zones%, }]
query_servers = ["127.0.0.1:$port"]
CONF
named -f -n 1 -c "$bind/conf" >"$bind/log" 2>&1 &
named=$!
trap 'kill "$named" 2>/dev/null || true; wait "$named" 2>/dev/null || true; finish' EXIT
tries=0
until "$HOSTCTL" -q dns record list "b$many.test" >/dev/null 2>&1; do
    tries=$((tries + 1))
    [ "$tries" -lt 50 ] && kill -0 "$named" || { cat "$bind/log" >&2; exit 1; }
    sleep 0.2
done

i=0
while [ "$i" -lt "$rounds" ]; do
    i=$((i + 1))
    for zone in "n$few" "n$many" "b$few" "b$many"; do
        clock "$zone" "$HOSTCTL" --yes dns record set "$zone.test" www A "192.0.2.$((i + 1))"
    done
done

failed=0
printf '%-26s %12s %12s %6s %6s\n' 'a record changed among' "$few" "$many" ratio bar
for line in n:PowerDNS b:BIND; do
    one=$(median "${line%%:*}$few") all=$(median "${line%%:*}$many")
    ratio=$(awk -v a="$all" -v b="$one" 'BEGIN { printf "%.2f", a / b }')
    verdict=$(awk -v r="$ratio" 'BEGIN { print (r <= 2) ? "holds" : "FAILS" }')
    printf '%-26s %9s ms %9s ms %6s %6s  %s\n' "${line#*:}" "$one" "$all" "$ratio" 2 "$verdict"
    [ "$verdict" = holds ] || failed=1
done
exit $failed
