//! What all URLs in a configuration share: checking, hiding their password, and telling loopback from the rest.

use std::net::IpAddr;

use reqwest::Url;

use crate::model::escape::escape;

/// Checks a URL. What is wrong is told without repeating the URL, which may hold a password.
pub(super) fn check(text: &str, schemes: &[&str]) -> Result<(), String> {
    if text.contains(char::is_whitespace) {
        return Err("holds a blank".to_owned());
    }
    let url = Url::parse(text).map_err(|error| format!("is no valid URL: {error}"))?;
    if !schemes.contains(&url.scheme()) {
        let expected: Vec<String> = schemes.iter().map(|scheme| format!("{scheme}://")).collect();
        return Err(format!("must begin with {}", expected.join(" or ")));
    }
    match url.host_str() {
        Some(host) if !host.is_empty() => Ok(()),
        _ => Err("names no host".to_owned()),
    }
}

/// Whether a URL that was checked speaks without TLS to a host that is not this one.
#[must_use]
pub fn is_plain_http_off_loopback(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| url.scheme() == "http" && !url.host_str().is_some_and(is_loopback))
}

/// Whether a host, name or address, is this machine: `localhost`, 127.0.0.0/8 and `::1`.
#[must_use]
pub fn is_loopback(host: &str) -> bool {
    let bare = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
        .unwrap_or(host);
    match bare.parse::<IpAddr>() {
        Ok(address) => address.to_canonical().is_loopback(),
        Err(_) => bare.eq_ignore_ascii_case("localhost"),
    }
}

/// The text with the password of its URL, if it has one, shown as `***`.
#[must_use]
pub fn redact(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else {
        return text.to_owned();
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(end);
    match authority
        .rsplit_once('@')
        .and_then(|(user, hosts)| Some((user.split_once(':')?.0, hosts)))
    {
        Some((user, hosts)) => format!("{scheme}://{user}:***@{hosts}{tail}"),
        None => text.to_owned(),
    }
}

/// Text for a message: nothing in it moves the cursor.
pub(super) fn plain(text: &str) -> String {
    escape(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_shown_as_stars() {
        for (text, shown) in [
            ("postgres://u:p@h/db", "postgres://u:***@h/db"),
            (
                "postgres://u:p@ss@h1,h2:5/db?a=b@c",
                "postgres://u:***@h1,h2:5/db?a=b@c",
            ),
            ("smtps://mailer@mx1.example.net", "smtps://mailer@mx1.example.net"),
            ("https://h:8080/a:b@c", "https://h:8080/a:b@c"),
            ("no url: at all@x", "no url: at all@x"),
        ] {
            assert_eq!(redact(text), shown);
        }
    }

    #[test]
    fn loopback_is_this_machine_only() {
        for host in [
            "localhost",
            "LOCALHOST",
            "127.0.0.1",
            "127.9.9.9",
            "::1",
            "[::1]",
            "::ffff:127.0.0.1",
        ] {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "localhost.example.net",
            "127.0.0.1.example.net",
            "128.0.0.1",
            "::2",
            "0.0.0.0",
            "db0",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }

    #[test]
    fn plain_http_is_for_loopback() {
        assert!(is_plain_http_off_loopback("http://192.0.2.1:8081"));
        assert!(is_plain_http_off_loopback("http://127.0.0.1.example.net"));
        assert!(!is_plain_http_off_loopback("http://[::1]:8081"));
        assert!(!is_plain_http_off_loopback("https://192.0.2.1:8081"));
    }

    #[test]
    fn an_invalid_url_is_not_repeated() {
        let error = check("http://u:hunter2@h:hunter2/", &["http"]).expect_err("the port is wrong");
        assert!(!error.contains("hunter2"), "{error}");
    }
}
