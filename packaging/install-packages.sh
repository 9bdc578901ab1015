#!/bin/sh
# Installs the Debian packages that `demo` or `test` needs and that are missing; says nothing where none is.
#
# usage: install-packages.sh demo|test|bench [--list]
#
# No daemon starts: the sandbox runs its own servers, and a PostgreSQL or a Dovecot on the usual ports would only be in the
# way. Debian asks /usr/sbin/policy-rc.d before it starts one; where there is none, ours says no while we install.
set -eu

compiler="gcc libc6-dev"
demo="postgresql pdns-server pdns-backend-sqlite3 sqlite3 dovecot-core dovecot-imapd dovecot-lmtpd dovecot-pgsql util-linux"
test="pgbouncer bind9 bind9-dnsutils bind9-utils knot faketime procps mandoc jq postfix postfix-pgsql opendkim pebble python3 python3-dkim nginx-light python3-jsonschema python3-venv"
bench="argon2 bind9 bind9-dnsutils certbot curl knot lego openssl pebble time"
policy=/usr/sbin/policy-rc.d

fail() {
    echo "install-packages: $1" >&2
    exit 1
}

case "${1:-}" in
    demo) wanted="$compiler $demo" ;;
    test) wanted="$compiler $demo $test" ;;
    bench) wanted="$compiler $demo $bench" ;;
    *) fail "usage: install-packages.sh demo|test|bench [--list]" ;;
esac

is_installed() {
    # `cc` from elsewhere (clang, a toolchain of one's own) is a compiler as well.
    case "$1" in
        gcc) command -v cc >/dev/null 2>&1 && return 0 ;;
        libc6-dev) [ -e /usr/include/stdio.h ] && return 0 ;;
    esac
    [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# Without apt: what the packages bring is looked for on the path.
program_of() {
    case "$1" in
        gcc) echo cc ;;
        postgresql) echo initdb ;;
        pdns-server) echo pdns_server ;;
        dovecot-core) echo dovecot ;;
        util-linux) echo setpriv ;;
        bind9) echo named ;;
        nginx-light) echo nginx ;;
        bind9-dnsutils) echo dig ;;
        bind9-utils) echo dnssec-signzone ;;
        knot) echo knotd ;;
        procps) echo ps ;;
        python3-jsonschema | python3-venv) echo python3 ;;
        python3-dkim) echo dkimverify ;;
        postfix-pgsql) echo postfix ;;
        postfix | opendkim | pebble | python3 | sqlite3 | pgbouncer | faketime | mandoc | jq | argon2 | curl | openssl | time | lego | certbot) echo "$1" ;;
    esac
}

if ! command -v apt-get >/dev/null 2>&1 || ! command -v dpkg-query >/dev/null 2>&1; then
    missing=""
    for package in $wanted; do
        program=$(program_of "$package")
        [ -z "$program" ] || PATH="$PATH:/usr/sbin:/sbin" command -v "$program" >/dev/null 2>&1 ||
            missing="$missing $package ($program)"
    done
    [ -z "$missing" ] || echo "install-packages: no apt here; install what brings these, if it is not there already:$missing" >&2
    exit 0
fi

missing=""
for package in $wanted; do
    is_installed "$package" || missing="$missing $package"
done
missing=${missing# }
if [ "${2:-}" = --list ]; then
    [ -z "$missing" ] || printf '%s\n' "$missing" | tr ' ' '\n'
    exit 0
fi
[ -n "$missing" ] || exit 0

as_root=""
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null 2>&1 ||
        fail "$missing: not installed, and there is no sudo; as root: apt-get install --no-install-recommends $missing"
    as_root=sudo
fi
echo "installing $missing" >&2

remove_policy() {
    $as_root rm -f "$policy"
}

if [ ! -e "$policy" ]; then
    trap remove_policy EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    printf '#!/bin/sh\n# Made by hostctl while it installs packages: no daemon starts.\nexit 101\n' |
        $as_root tee "$policy" >/dev/null
    $as_root chmod 0755 "$policy"
fi

# Locks are waited for: on a fresh machine something else may be installing.
apt() {
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get --quiet --quiet -o DPkg::Lock::Timeout=120 "$@"
}
apt update >&2 || fail "the package lists cannot be fetched (apt-get update)"
# shellcheck disable=SC2086 # a list of words
apt install --yes --no-install-recommends $missing >&2 || fail "apt-get install $missing failed"
