//! The verbs that are played in the table of `rollback.rs`, and how to have each again and again.

/// A verb. Command lines are words with one space between two; `{kind}` stands for the newest operation of that kind.
#[derive(Clone, Copy, Debug)]
pub struct Verb {
    /// The command line, without `--yes`.
    pub line: &'static str,
    /// What it reads from stdin.
    pub input: &'static str,
    /// Whether it needs PowerDNS.
    pub has_dns: bool,
    /// Command lines that are run once: what stays all the time.
    pub setting: &'static [&'static str],
    /// Command lines that make what has to be there each time; what is there already is left alone.
    pub needs: &'static [&'static str],
    /// Command lines that take away what the verb made.
    pub removal: &'static [&'static str],
    /// Whether all of it is one transaction, so that there is nothing to take back.
    pub is_one_commit: bool,
    /// Steps whose undo may be taken out without anybody noticing, by what `--dry-run` calls them: those that only look,
    /// and those inside something that goes as a whole when the step before them is taken back.
    pub traceless: &'static [&'static str],
}

/// A verb of which nothing is said.
pub const VERB: Verb = Verb {
    line: "",
    input: "",
    has_dns: false,
    setting: &[],
    needs: &[],
    removal: &[],
    is_one_commit: false,
    traceless: &[],
};

/// `db create`.
pub const DATABASE_CREATE: Verb = Verb {
    line: "db create shop",
    removal: &["db delete shop --purge --yes"],
    traceless: &["prepare database shop on main"],
    ..VERB
};
/// `db passwd`: there is no way back from the first step on.
pub const DATABASE_PASSWD: Verb = Verb {
    line: "db passwd shop --password-stdin",
    input: "a password of their own choice\n",
    needs: &["db create shop"],
    removal: &["db delete shop --purge --yes"],
    ..VERB
};
/// `db delete --purge`.
pub const DATABASE_DELETE: Verb = Verb {
    line: "db delete shop --purge",
    needs: &["db create shop"],
    ..VERB
};
/// `account create`: one commit.
pub const ACCOUNT_CREATE: Verb = Verb {
    line: "account create acme",
    removal: &["account delete acme --purge --yes"],
    is_one_commit: true,
    ..VERB
};
/// `account delete --purge`: one commit.
pub const ACCOUNT_DELETE: Verb = Verb {
    line: "account delete acme --purge",
    needs: &["account create acme"],
    is_one_commit: true,
    ..VERB
};
/// `domain add`: one commit.
pub const DOMAIN_ADD: Verb = Verb {
    line: "domain add shop.example --scope domain",
    removal: &["domain delete shop.example --purge --yes"],
    is_one_commit: true,
    ..VERB
};
/// `domain delete --purge`: one commit.
pub const DOMAIN_DELETE: Verb = Verb {
    line: "domain delete shop.example --purge",
    needs: &["domain add shop.example"],
    is_one_commit: true,
    ..VERB
};
/// `mail domain create`: one commit, with a key.
pub const MAIL_DOMAIN_CREATE: Verb = Verb {
    line: "mail domain create shop.example",
    removal: &["mail domain delete shop.example --purge --yes"],
    is_one_commit: true,
    ..VERB
};
/// `mail domain delete --purge --with-boxes`: one commit of several steps.
pub const MAIL_DOMAIN_DELETE: Verb = Verb {
    line: "mail domain delete shop.example --purge --with-boxes",
    needs: &[
        "mail domain create shop.example",
        "mail box create info@shop.example",
    ],
    is_one_commit: true,
    ..VERB
};
/// `mail box create`: one commit.
pub const BOX_CREATE: Verb = Verb {
    line: "mail box create info@shop.example",
    setting: &["mail domain create shop.example"],
    removal: &["mail box delete info@shop.example --purge --yes"],
    is_one_commit: true,
    ..VERB
};
/// `mail box passwd`: one commit.
pub const BOX_PASSWD: Verb = Verb {
    line: "mail box passwd info@shop.example --password-stdin",
    input: "a password of their own choice\n",
    setting: &["mail domain create shop.example"],
    needs: &["mail box create info@shop.example"],
    removal: &["mail box delete info@shop.example --purge --yes"],
    is_one_commit: true,
    ..VERB
};
/// `mail box delete --purge`: one commit.
pub const BOX_DELETE: Verb = Verb {
    line: "mail box delete info@shop.example --purge",
    setting: &["mail domain create shop.example"],
    needs: &["mail box create info@shop.example"],
    is_one_commit: true,
    ..VERB
};
/// `dns zone create`.
pub const ZONE_CREATE: Verb = Verb {
    line: "dns zone create shop.example",
    has_dns: true,
    removal: &["dns zone delete shop.example --purge --yes"],
    traceless: &["publish zone shop.example"],
    ..VERB
};
/// `dns zone delete --purge`, of a zone with records.
pub const ZONE_DELETE: Verb = Verb {
    line: "dns zone delete shop.example --purge",
    has_dns: true,
    needs: &[
        "dns zone create shop.example",
        "dns record add shop.example www A 192.0.2.1",
    ],
    ..VERB
};
/// `dns record add`, to a set that is there.
pub const RECORD_ADD: Verb = Verb {
    line: "dns record add shop.example www A 192.0.2.2",
    has_dns: true,
    setting: &[
        "dns zone create shop.example",
        "dns record add shop.example www A 192.0.2.1",
    ],
    removal: &["dns record delete shop.example www A 192.0.2.2 --if-exists --yes"],
    traceless: &["publish zone shop.example"],
    ..VERB
};
/// `dns record set`, in place of another value and another time to live.
pub const RECORD_SET: Verb = Verb {
    line: "dns record set shop.example www A 192.0.2.3 --ttl 5m",
    has_dns: true,
    setting: &["dns zone create shop.example"],
    needs: &["dns record set shop.example www A 192.0.2.1"],
    traceless: &["publish zone shop.example"],
    ..VERB
};
/// `dns record delete`, of a whole set.
pub const RECORD_DELETE: Verb = Verb {
    line: "dns record delete shop.example www A",
    has_dns: true,
    setting: &["dns zone create shop.example"],
    needs: &["dns record add shop.example www A 192.0.2.1 192.0.2.2"],
    traceless: &["publish zone shop.example"],
    ..VERB
};
/// `site create --dns`: a database, mail and a zone.
pub const WHOLE_SITE_CREATE: Verb = Verb {
    line: "site create shop.example --db shop --mail info,sales --dns",
    has_dns: true,
    removal: &["site delete shop.example --purge --yes"],
    traceless: &["prepare database shop on main", "publish zone shop.example"],
    ..VERB
};
/// `site delete`, of a site with a database, mail and a zone.
pub const WHOLE_SITE_DELETE: Verb = Verb {
    line: "site delete shop.example --purge",
    has_dns: true,
    needs: &["site create shop.example --db shop --mail info,sales --dns"],
    ..VERB
};
/// `db delete`, kept in the trash.
pub const DATABASE_BURY: Verb = Verb {
    line: "db delete shop",
    needs: &["db create shop"],
    removal: &["op trash purge {db.delete} --yes"],
    ..VERB
};
/// `mail box delete`, kept in the trash: one commit.
pub const BOX_BURY: Verb = Verb {
    line: "mail box delete info@shop.example",
    setting: &["mail domain create shop.example"],
    needs: &["mail box create info@shop.example"],
    removal: &["op trash purge {mail.box.delete} --yes"],
    is_one_commit: true,
    ..VERB
};
/// `site delete`, kept in the trash.
pub const SITE_BURY: Verb = Verb {
    line: "site delete shop.example",
    has_dns: true,
    needs: &["site create shop.example --db shop --mail info,sales --dns"],
    removal: &["op trash purge {site.delete} --yes"],
    ..VERB
};
/// `op undo` of that.
pub const SITE_UNDO: Verb = Verb {
    line: "op undo {site.delete}",
    has_dns: true,
    needs: &[
        "site create shop.example --db shop --mail info,sales --dns",
        "site delete shop.example --yes",
    ],
    removal: &[
        "site delete shop.example --purge --yes",
        "op trash purge {site.delete} --yes",
    ],
    ..VERB
};
/// `op undo` of `dns record set`.
pub const RECORD_UNDO: Verb = Verb {
    line: "op undo {dns.record.set}",
    has_dns: true,
    setting: &["dns zone create shop.example"],
    needs: &[
        "dns record set shop.example www A 192.0.2.1",
        "dns record set shop.example www A 192.0.2.3 --ttl 5m",
    ],
    traceless: &["publish zone shop.example"],
    ..VERB
};
