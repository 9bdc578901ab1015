#!/bin/sh
# What a verb costs beside the bare calls: whole process against whole process, in turn, in one private sandbox whose
# PostgreSQL writes through to the disk. Prints median times, their ratio, the bar and the most memory that our process
# took, and ends with 1 where a bar does not hold. HOSTCTL names the program (a release build), ROUNDS how often.
set -eu
rounds=${ROUNDS:-15}
. "$(dirname "$0")/sandbox.sh"
psql=$(ls /usr/lib/postgresql/*/bin/psql | sort -V | tail -n 1)

# peak of resident memory, in MiB
weigh() { env time -q -o "$dir/kib" -f %M "$@" >/dev/null && awk '{ printf "%.1f", $1 / 1024 }' "$dir/kib"; }

bare_sql() {
    cat <<SQL
CREATE ROLE own_$1 NOLOGIN;
CREATE ROLE $1 NOLOGIN PASSWORD 'SCRAM-SHA-256\$4096:c2FsdHNhbHRzYWx0c2FsdA==\$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=';
COMMENT ON ROLE $1 IS 'bench';
GRANT own_$1 TO CURRENT_USER;
CREATE DATABASE stage_$1 TEMPLATE template0 ENCODING 'UTF8' OWNER own_$1;
\\c stage_$1
GRANT $1 TO CURRENT_USER;
ALTER SCHEMA public OWNER TO $1;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
REVOKE $1 FROM CURRENT_USER;
\\c postgres
BEGIN;
ALTER DATABASE stage_$1 RENAME TO $1;
COMMENT ON DATABASE $1 IS 'bench';
REVOKE ALL ON DATABASE $1 FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE $1 TO $1;
ALTER ROLE $1 LOGIN;
COMMIT;
SQL
}
bare_database() { bare_sql "$1" | PGDATABASE=postgres "$psql" -qX -v ON_ERROR_STOP=1; }
# The same hashing and key as a site with two boxes needs, the rows, and the zone by one call of the API.
bare_site() {
    openssl genrsa 2048 >"$dir/key" 2>/dev/null
    for _ in 1 2; do printf password | argon2 saltsaltsaltsalt -id -t 2 -k 19456 -p 1 -e >/dev/null; done
    bare_database "$1"
    "$psql" -qX -v ON_ERROR_STOP=1 -c BEGIN \
        -c "INSERT INTO public.bench_rows VALUES ('domain', '$1')" -c "INSERT INTO public.bench_rows VALUES ('box', '$1')" \
        -c "INSERT INTO public.bench_rows VALUES ('box', '$1')" -c "INSERT INTO public.bench_rows VALUES ('site', '$1')" -c COMMIT
    rrsets=$(for n in a b c d e f g h i j k l; do
        printf '{"name":"%s.%s.bench.test.","type":"A","ttl":3600,"records":[{"content":"192.0.2.1","disabled":false}]},' "$n" "$1"
    done)
    printf '{"name":"%s.bench.test.","kind":"Native","nameservers":["ns1.sandbox.test."],"rrsets":[%s]}' "$1" "${rrsets%,}" |
        curl -sSf -o /dev/null -H @"$dir/header" -H 'Content-Type: application/json' --data-binary @- "$PDNS_API_URL/servers/localhost/zones"
}
printf 'X-API-Key: %s\n' "$(cat "$PDNS_API_KEY_FILE")" >"$dir/header"
"$psql" -qX -c 'CREATE TABLE public.bench_rows (kind text, name text)'

i=0
while [ $i -lt "$rounds" ]; do
    i=$((i + 1))
    clock version "$HOSTCTL" --version
    clock db_ours "$HOSTCTL" db create "ours$i"
    clock db_bare bare_database "bare$i"
    clock site_ours "$HOSTCTL" site create "ours$i.test" --db "site$i" --mail info,sales --dns
    clock site_bare bare_site "sbare$i"
done

failed=0
line() { # what ours bare ratio bar verdict peak
    printf '%-12s %9s ms %9s ms %6s %6s  %-5s %6s MiB\n' "$@"
    [ "$6" = holds ] || failed=1
}
judge() { awk -v a="$1" -v b="$2" -v bar="$3" 'BEGIN { printf "%.2f %s", a / b, (a / b <= bar) ? "holds" : "FAILS" }'; }
printf '%-12s %12s %12s %6s %6s  %-5s %10s\n' what ours bare ratio bar '' peak
v=$(median version)
line version "$v" - - 10ms "$(awk -v v="$v" 'BEGIN { print (v <= 10) ? "holds" : "FAILS" }')" "$(weigh "$HOSTCTL" -q --version)"
set -- $(judge "$(median db_ours)" "$(median db_bare)" 1.5)
line 'db create' "$(median db_ours)" "$(median db_bare)" "$1" 1.5 "$2" "$(weigh "$HOSTCTL" -q db create weighed)"
set -- $(judge "$(median site_ours)" "$(median site_bare)" 2)
line 'site create' "$(median site_ours)" "$(median site_bare)" "$1" 2 "$2" \
    "$(weigh "$HOSTCTL" -q site create weighed.test --db weighed_site --mail info,sales --dns)"
exit $failed
