//! Text into [`PostgresUrl`]. The authority is read before the rest, and no error repeats what was found: a password
//! whose `/` or `@` was not encoded ends up anywhere.

use std::net::{IpAddr, Ipv6Addr};
use std::path::PathBuf;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::parameters::Parameters;
use super::{Host, HostPort, PostgresUrl, SslMode};
use crate::error::{Error, Result};
use crate::model::secret::Secret;

const PORT: u16 = 5432;
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');
const ENCODE: &str = "in a password write `/` as %2F, `@` as %40, `:` as %3A, `?` as %3F, `#` as %23 and `%` as %25, or use password_file";

pub(super) fn parse(text: &str, allow_insecure: bool) -> Result<PostgresUrl> {
    if text.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err(invalid("holds a blank or control character").hint(ENCODE));
    }
    let rest = text
        .strip_prefix("postgres://")
        .or_else(|| text.strip_prefix("postgresql://"));
    let rest = rest.ok_or_else(|| invalid("must begin with postgres:// or postgresql://"))?;
    let (authority, path, query) = split(rest)?;
    let (user, password, hosts) = read_authority(authority)?;
    let database = read_path(path)?;
    let parameters = Parameters::parse(query)?;
    let hosts = choose_hosts(hosts, &parameters)?;

    let is_loopback = hosts.iter().all(|host| host.host.is_loopback());
    let usual = if is_loopback {
        SslMode::Disable
    } else {
        SslMode::VerifyFull
    };
    let sslmode = parameters.sslmode.unwrap_or(usual);
    if !is_loopback && sslmode < SslMode::VerifyFull && !allow_insecure {
        let message = format!("says sslmode={sslmode} for a host that is not this one");
        return Err(
            invalid(&message).hint("use sslmode=verify-full, or put `allow_insecure = true` beside it")
        );
    }
    Ok(PostgresUrl {
        hosts,
        user,
        password,
        database,
        sslmode,
        sslrootcert: parameters.sslrootcert,
        connect_timeout: parameters.connect_timeout,
        target_session_attrs: parameters.target_session_attrs,
        application_name: parameters.application_name,
        allow_insecure,
    })
}

fn split(rest: &str) -> Result<(&str, &str, &str)> {
    if rest.contains('#') {
        return Err(invalid("holds a `#`").hint(ENCODE));
    }
    let (before, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (authority, path) = before.split_once('/').unwrap_or((before, ""));
    Ok((authority, path, query))
}

type Authority = (Option<String>, Option<Secret>, Vec<HostPort>);

fn read_authority(authority: &str) -> Result<Authority> {
    let (login, hosts) = match authority.rsplit_once('@') {
        Some((login, hosts)) => (Some(login), hosts),
        None => (None, authority),
    };
    let hosts = if hosts.is_empty() {
        Vec::new()
    } else {
        hosts.split(',').map(read_host).collect::<Result<_>>()?
    };
    let Some(login) = login else {
        return Ok((None, None, hosts));
    };
    let (user, password) = login
        .split_once(':')
        .map_or((login, None), |(user, password)| (user, Some(password)));
    let user = Some(decode(user)?).filter(|user| !user.is_empty());
    let password = password
        .map(decode)
        .transpose()?
        .filter(|password| !password.is_empty())
        .map(Secret::new);
    if user.is_none() && password.is_some() {
        return Err(invalid("holds a password without a user"));
    }
    Ok((user, password, hosts))
}

fn read_host(text: &str) -> Result<HostPort> {
    if let Some(bracketed) = text.strip_prefix('[') {
        let (address, rest) = bracketed
            .split_once(']')
            .ok_or_else(|| invalid("holds a `[` without `]`"))?;
        let address: Ipv6Addr = address
            .parse()
            .map_err(|_| invalid("holds an invalid IPv6 address"))?;
        let port = match rest {
            "" => PORT,
            _ => read_port(rest.strip_prefix(':').ok_or_else(wrong_port)?)?,
        };
        return Ok(HostPort {
            host: Host::Address(IpAddr::V6(address)),
            port,
        });
    }
    let (host, port) = match text.split_once(':') {
        Some((host, port)) => (host, read_port(port)?),
        None => (text, PORT),
    };
    Ok(HostPort {
        host: host_of(&decode(host)?)?,
        port,
    })
}

fn host_of(text: &str) -> Result<Host> {
    if text.starts_with('/') {
        return Ok(Host::Socket(PathBuf::from(text)));
    }
    if let Ok(address) = text.parse() {
        return Ok(Host::Address(address));
    }
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    if text.len() > 253 || !text.split('.').all(is_label) {
        return Err(invalid("holds an invalid host name").hint(ENCODE));
    }
    Ok(Host::Name(text.to_ascii_lowercase()))
}

fn read_port(text: &str) -> Result<u16> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse()
        .ok()
        .filter(|port| is_number && *port > 0)
        .ok_or_else(wrong_port)
}

fn wrong_port() -> Error {
    invalid("holds a port that is no number from 1 to 65535").hint(ENCODE)
}

fn read_path(path: &str) -> Result<Option<String>> {
    if path.contains(['/', '@']) {
        return Err(invalid("holds an unencoded `/` or `@` after the hosts").hint(ENCODE));
    }
    let database = decode(path)?;
    // NAMEDATALEN of every build that matters; the server would cut the name silently.
    if database.len() > 63 {
        return Err(invalid("holds a database name of more than 63 bytes"));
    }
    Ok(Some(database).filter(|database| !database.is_empty()))
}

/// `host=` and `port=` of the query are for sockets; both at once would leave open which one holds.
fn choose_hosts(named: Vec<HostPort>, parameters: &Parameters) -> Result<Vec<HostPort>> {
    let Some(hosts) = &parameters.host else {
        if named.is_empty() {
            return Err(invalid("names no host").hint("for a socket add ?host=/var/run/postgresql"));
        }
        if parameters.port.is_some() {
            return Err(invalid(
                "holds `port=` without `host=`; put the port behind the host",
            ));
        }
        return Ok(named);
    };
    if !named.is_empty() {
        return Err(invalid(
            "names hosts before the `?` and as `host=`; use one of them",
        ));
    }
    let hosts: Vec<&str> = hosts.split(',').collect();
    let ports: Vec<&str> = parameters
        .port
        .as_deref()
        .map(|ports| ports.split(',').collect())
        .unwrap_or_default();
    if ports.len() > 1 && ports.len() != hosts.len() {
        return Err(invalid("needs one value in `port=`, or as many as in `host=`"));
    }
    let port_of = |index: usize| ports.get(index).or(ports.first().filter(|_| ports.len() == 1));
    let pairs = hosts.iter().enumerate().map(|(index, host)| {
        let port = port_of(index).map_or(Ok(PORT), |port| read_port(port))?;
        Ok(HostPort {
            host: host_of(host)?,
            port,
        })
    });
    pairs.collect()
}

/// Percent-decoding that refuses what it does not understand: a stray `%` in a password would change it silently.
pub(super) fn decode(text: &str) -> Result<String> {
    let is_hex = |at: usize| text.as_bytes().get(at).is_some_and(u8::is_ascii_hexdigit);
    if text
        .match_indices('%')
        .any(|(at, _)| !is_hex(at + 1) || !is_hex(at + 2))
    {
        return Err(invalid("holds a `%` that is not followed by two hexadecimal digits").hint(ENCODE));
    }
    let decoded = percent_decode_str(text)
        .decode_utf8()
        .map_err(|_| invalid("is not valid UTF-8 when decoded"))?;
    if decoded.contains(char::is_control) {
        return Err(invalid("holds an encoded control character"));
    }
    Ok(decoded.into_owned())
}

pub(super) fn encode(text: &str) -> String {
    utf8_percent_encode(text, UNRESERVED).to_string()
}

pub(super) fn invalid(message: &str) -> Error {
    Error::configuration(message)
}
