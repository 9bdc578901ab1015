//! Verbs whose steps are for the most part those of other verbs: what suspends, what sets, what takes in, what undoes.

use std::path::Path;

use crate::support::Lab;
use crate::support::rollback::{Cell, End, Table};
use crate::support::verbs::{VERB, Verb};

pub(super) fn play(lab: &Lab, verb: Verb, share: usize) {
    let table = Table::new(lab, verb);
    let steps = table.steps.len();
    let mut met = 0;
    for cell in Cell::some(steps, share)
        .into_iter()
        .filter(|cell| table.may_be_met(*cell))
    {
        let end = table.play(cell);
        met += usize::from(end != End::Unmet);
        assert!(
            end != End::Unmet || !table.must_be_met(cell),
            "{cell} was not met"
        );
    }
    // A step without parts has no middle to be met at.
    assert!(met * 2 >= steps, "{}: only {met} places were met", verb.line);
    table.cut();
}

pub(super) fn file(lab: &Lab, name: &str, text: &str) -> &'static str {
    let path = lab.path(name);
    std::fs::write(&path, text).expect("a file");
    leak(&path)
}

fn leak(path: &Path) -> &'static str {
    Box::leak(path.display().to_string().into_boxed_str())
}

pub(super) fn line(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

const BOX: Verb = Verb {
    setting: &["mail domain create shop.example --if-not-exists"],
    needs: &["mail box create info@shop.example --quota 1G"],
    removal: &["mail box delete info@shop.example --purge --yes"],
    is_one_commit: true,
    ..VERB
};

#[test]
fn a_box_and_its_domain_are_set_and_resumed_whole_or_not_at_all() {
    let lab = Lab::new();
    let set = Verb {
        line: "mail box set info@shop.example --quota 2G",
        ..BOX
    };
    play(&lab, set, 8);
    let resume = Verb {
        line: "mail box resume info@shop.example",
        needs: &[
            "mail box create info@shop.example --quota 1G",
            "mail box suspend info@shop.example",
        ],
        ..BOX
    };
    play(&lab, resume, 8);
    let domain = Verb {
        line: "mail domain resume shop.example",
        needs: &["mail domain suspend shop.example"],
        removal: &["mail domain resume shop.example"],
        ..BOX
    };
    play(&lab, domain, 8);
    let undo = Verb {
        line: "op undo {mail.box.suspend}",
        needs: &[
            "mail box create info@shop.example --quota 1G",
            "mail box suspend info@shop.example",
        ],
        ..BOX
    };
    play(&lab, undo, 8);
}

#[test]
fn a_database_that_was_suspended_or_set_is_undone_whole_or_not_at_all() {
    let lab = Lab::new();
    let undo = Verb {
        line: "op undo {db.suspend}",
        needs: &["db create shop --connections 5", "db suspend shop"],
        removal: &["db delete shop --purge --yes"],
        ..VERB
    };
    play(&lab, undo, 8);
    let set = Verb {
        line: "op undo {db.set}",
        needs: &[
            "db create shop --connections 5",
            "db set shop --connections 9 --quota 1G",
        ],
        ..undo
    };
    play(&lab, set, 8);
}

#[test]
fn a_site_is_suspended_and_resumed_whole_or_not_at_all() {
    let lab = Lab::new();
    let suspend = Verb {
        line: "site suspend shop.example",
        needs: &["site create shop.example --db shop --mail info"],
        removal: &["site delete shop.example --purge --yes"],
        ..VERB
    };
    play(&lab, suspend, 8);
    let resume = Verb {
        line: "site resume shop.example",
        needs: &[
            "site create shop.example --db shop --mail info",
            "site suspend shop.example",
        ],
        ..suspend
    };
    play(&lab, resume, 8);
}

const PACKAGE: &str = "package create small --databases 5 --boxes 5";

#[test]
fn an_account_is_set_shut_out_and_let_in_whole_or_not_at_all() {
    let lab = Lab::new();
    lab.run(&PACKAGE.split(' ').collect::<Vec<_>>()).expect_code(0);
    let verb = Verb {
        needs: &[
            "account create acme",
            "site create shop.example --db shop --mail info --account acme",
        ],
        removal: &["account delete acme --purge --yes"],
        ..VERB
    };
    let set = Verb {
        line: "account set acme --package small",
        needs: &["account create acme"],
        is_one_commit: true,
        ..verb
    };
    play(&lab, set, 8);
    let suspend = Verb {
        line: "account suspend acme",
        ..verb
    };
    play(&lab, suspend, 8);
    let resume = Verb {
        line: "account resume acme",
        needs: &[
            "account create acme",
            "site create shop.example --db shop --mail info --account acme",
            "account suspend acme",
        ],
        ..verb
    };
    play(&lab, resume, 8);
}

#[test]
fn an_account_goes_with_all_it_owns_or_not_at_all() {
    let lab = Lab::with_dns();
    let verb = Verb {
        line: "account delete acme",
        has_dns: true,
        needs: &[
            "account create acme",
            "site create shop.example --db shop --mail info --dns --account acme",
        ],
        removal: &["op trash purge {account.delete} --yes"],
        ..VERB
    };
    play(&lab, verb, 12);
}

#[test]
fn a_master_file_is_taken_in_whole_or_not_at_all() {
    let lab = Lab::with_dns();
    let path = file(
        &lab,
        "shop.zone",
        "$TTL 300\nwww IN A 192.0.2.1\nmail IN A 192.0.2.2\n@ IN MX 10 mail\n",
    );
    let import = Verb {
        line: line(format!("dns zone import shop.example {path}")),
        has_dns: true,
        needs: &[
            "dns zone create shop.example",
            "dns record add shop.example www A 192.0.2.9",
        ],
        removal: &["dns zone delete shop.example --purge --yes"],
        traceless: &["publish zone shop.example"],
        ..VERB
    };
    play(&lab, import, 8);
    let needs = Box::leak(Box::new([import.needs[0], import.needs[1], import.line]));
    let undo = Verb {
        line: "op undo {dns.zone.import}",
        needs,
        ..import
    };
    play(&lab, undo, 8);
}

#[test]
fn a_manifest_is_applied_whole_or_not_at_all() {
    let lab = Lab::with_dns();
    let site = |more: &str| {
        format!(
            "[[site]]\ndomain = \"shop.example\"\ndatabase.name = \"shop\"\n[site.dns]\naddresses = [\"192.0.2.80\"]\n{more}"
        )
    };
    let few = file(&lab, "few.toml", &site(""));
    let many = file(
        &lab,
        "many.toml",
        &site(
            "[site.mail]\nboxes = [{ name = \"info\" }]\n[[site.mail.aliases]]\nname = \"sales\"\ndestinations = [\"info@shop.example\"]\n",
        ),
    );
    let create = Verb {
        line: line(format!("site apply {many}")),
        has_dns: true,
        removal: &["site delete shop.example --purge --yes"],
        ..VERB
    };
    play(&lab, create, 12);
    let needs: &'static [&'static str] = Box::leak(Box::new([line(format!("site apply {few} --yes"))]));
    let change = Verb { needs, ..create };
    play(&lab, change, 12);
}
