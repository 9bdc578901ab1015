//! certbot's tree: `live/NAME/` with links to the newest files, `renewal/NAME.conf` with how each is renewed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::{Found, Known, Settings, entries, name_of, pair, pem};
use crate::env::files;
use crate::error::Result;
use crate::model::escape::excerpt;

/// Keys of `[renewalparams]` that name a command for a shell.
const HOOKS: [(&str, &str); 4] = [
    ("pre_hook", "pre"),
    ("post_hook", "post"),
    ("renew_hook", "deploy"),
    ("deploy_hook", "deploy"),
];

/// Every lineage.
pub(super) fn look(tree: &Path, known: &Known) -> Result<Vec<Found>> {
    let lineages = entries(&tree.join("live"))?
        .into_iter()
        .filter(|path| path.is_dir());
    Ok(lineages
        .map(|lineage| lineage_at(tree, &lineage, known))
        .collect())
}

fn lineage_at(tree: &Path, lineage: &Path, known: &Known) -> Found {
    let name = name_of(lineage);
    let pair = pair(&pem::parts(lineage), &lineage.join("privkey.pem"));
    let has_wildcard = pair
        .as_ref()
        .is_ok_and(|(chain, _)| chain.leaf().identifiers.iter().any(|name| name.starts_with("*.")));
    let file = tree.join("renewal").join(format!("{name}.conf"));
    let (settings, notes) = match files::read_text(&file, files::TEXT_LIMIT) {
        Ok(text) => settings(&Conf::parse(&text), known, has_wildcard),
        Err(error) => (
            Settings::default(),
            vec![format!("how it is renewed: {}", error.message())],
        ),
    };
    Found {
        name,
        source: lineage.to_owned(),
        pair,
        settings,
        notes,
    }
}

/// A file as certbot writes them: `key = value` under `[section]` and `[[subsection]]`.
#[derive(Debug, Default)]
struct Conf {
    renewal: BTreeMap<String, String>,
    webroots: BTreeSet<String>,
}

impl Conf {
    fn parse(text: &str) -> Self {
        let (mut conf, mut section) = (Conf::default(), "");
        for line in text.lines().map(str::trim) {
            if let Some(name) = line.strip_prefix('[') {
                section = name.trim_matches(['[', ']']);
            } else if let Some((key, value)) = line.split_once('=').filter(|_| !line.starts_with('#')) {
                let (key, value) = (
                    key.trim().to_owned(),
                    value.trim().trim_end_matches(',').to_owned(),
                );
                match section {
                    "renewalparams" => {
                        conf.renewal.insert(key, value);
                    }
                    "webroot_map" => {
                        conf.webroots.insert(value);
                    }
                    _ => {}
                }
            }
        }
        conf
    }

    fn get(&self, key: &str) -> Option<&str> {
        let value = self.renewal.get(key)?;
        Some(value.as_str()).filter(|value| !value.is_empty() && *value != "None")
    }

    fn webroots(&self) -> BTreeSet<&str> {
        match self.webroots.is_empty() {
            false => self.webroots.iter().map(String::as_str).collect(),
            true => self
                .get("webroot_path")
                .into_iter()
                .flat_map(|list| list.split(','))
                .map(str::trim)
                .collect(),
        }
    }
}

fn settings(conf: &Conf, known: &Known, has_wildcard: bool) -> (Settings, Vec<String>) {
    let mut notes = Vec::new();
    let text = |key: &str| conf.get(key).map(ToOwned::to_owned);
    let mut settings = Settings {
        key_type: key_type(conf),
        reuse_key: conf.get("reuse_key") == Some("True"),
        preferred_chain: text("preferred_chain"),
        profile: text("required_profile").or(text("preferred_profile")),
        ..Settings::default()
    };
    for (key, words) in HOOKS {
        if let Some(command) = conf.get(key) {
            notes.push(format!(
                "the {words} hook is a command for a shell and is not taken: {}",
                excerpt(command)
            ));
        }
    }
    let method = challenge(conf, known, has_wildcard).and_then(|(challenge, webroot)| {
        let authority = authority(conf, known)?;
        Ok((challenge, webroot, authority))
    });
    match method {
        Ok((challenge, webroot, authority)) => {
            challenge.clone_into(&mut settings.challenge);
            settings.webroot = webroot;
            settings.cas = vec![authority];
        }
        Err(why) => {
            settings.give_up();
            notes.push(format!("it is not renewed here: {why}"));
        }
    }
    (settings, notes)
}

type Method = (&'static str, Option<String>);

fn challenge(conf: &Conf, known: &Known, has_wildcard: bool) -> std::result::Result<Method, String> {
    let plugin = conf.get("authenticator").unwrap_or("none");
    match plugin {
        "webroot" | "standalone" if has_wildcard => Err(format!(
            "a wildcard is never issued by the authenticator {plugin}"
        )),
        "webroot" => match conf.webroots().into_iter().collect::<Vec<_>>().as_slice() {
            [one] => Ok(("http-01", Some((*one).to_owned()))),
            [] => Err("no webroot is named".to_owned()),
            _ => Err("its names have several webroots".to_owned()),
        },
        "standalone" => Ok(("http-01", None)),
        plugin if plugin.starts_with("dns-") && known.has_dns => Ok(("dns-01", None)),
        plugin if plugin.starts_with("dns-") => {
            Err("it needs DNS, and no provider is configured in [dns.NAME]".to_owned())
        }
        plugin => Err(format!(
            "nothing here does what the authenticator {} does",
            excerpt(plugin)
        )),
    }
}

/// The authority of the same directory.
fn authority(conf: &Conf, known: &Known) -> std::result::Result<String, String> {
    let server = conf.get("server").unwrap_or_default();
    let same = |directory: &String| directory.trim_end_matches('/') == server.trim_end_matches('/');
    let found = known.authorities.iter().find(|(_, directory)| same(directory));
    found.map(|(name, _)| name.clone()).ok_or_else(|| {
        format!(
            "its authority is not configured: [acme.NAME] with directory = \"{}\"",
            excerpt(server)
        )
    })
}

fn key_type(conf: &Conf) -> Option<String> {
    match (
        conf.get("key_type")?,
        conf.get("elliptic_curve"),
        conf.get("rsa_key_size"),
    ) {
        ("rsa", _, Some("2048") | None) => Some("rsa2048".to_owned()),
        ("rsa", _, Some(_)) => Some("rsa4096".to_owned()),
        ("ecdsa", Some("secp384r1"), _) => Some("p384".to_owned()),
        ("ecdsa", _, _) => Some("p256".to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONF: &str = "# renew_before_expiry = 30 days
version = 2.1.0
archive_dir = /etc/letsencrypt/archive/shop.example
[renewalparams]
account = 0123456789abcdef
authenticator = webroot
server = https://ca.example/directory
key_type = ecdsa
reuse_key = True
renew_hook = systemctl reload nginx
webroot_path = /var/www/html,
[[webroot_map]]
shop.example = /var/www/shop
www.shop.example = /var/www/shop
";

    fn known() -> Known {
        Known {
            authorities: [("main".to_owned(), "https://ca.example/directory/".to_owned())].into(),
            has_dns: false,
        }
    }

    #[test]
    fn a_webroot_at_a_known_authority_goes_on_being_renewed() {
        let (found, notes) = settings(&Conf::parse(CONF), &known(), false);
        assert_eq!(
            found,
            Settings {
                challenge: "http-01".to_owned(),
                cas: vec!["main".to_owned()],
                webroot: Some("/var/www/shop".to_owned()),
                key_type: Some("p256".to_owned()),
                reuse_key: true,
                preferred_chain: None,
                profile: None,
            }
        );
        assert_eq!(
            notes,
            ["the deploy hook is a command for a shell and is not taken: systemctl reload nginx"]
        );
    }

    #[test]
    fn what_cannot_be_done_here_is_imported_and_said() {
        let imported = |from: &str, to: &str, known: &Known, has_wildcard: bool| {
            let conf = Conf::parse(&CONF.replace(from, to));
            let (found, notes) = settings(&conf, known, has_wildcard);
            assert_eq!(found.challenge, "imported", "{to}");
            assert!(found.cas.is_empty() && found.webroot.is_none(), "{found:?}");
            notes.last().expect("a note").clone()
        };
        let nobody = Known::default();
        assert!(imported("", "", &nobody, false).contains("https://ca.example/directory"));
        assert!(imported("= webroot\n", "= nginx\n", &known(), false).contains("authenticator nginx"));
        assert!(imported("= webroot\n", "= dns-ovh\n", &known(), true).contains("needs DNS"));
        assert!(imported("", "", &known(), true).contains("wildcard"));
        assert!(
            imported(
                "www.shop.example = /var/www/shop",
                "www.shop.example = /srv",
                &known(),
                false
            )
            .contains("several webroots")
        );
        let mut with_dns = known();
        with_dns.has_dns = true;
        let conf = Conf::parse(&CONF.replace("= webroot\n", "= dns-ovh\n"));
        assert_eq!(settings(&conf, &with_dns, true).0.challenge, "dns-01");
    }
}
