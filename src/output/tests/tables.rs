//! Tables: off a terminal, on one, and on a narrow one.

use super::*;

#[test]
fn a_list_off_a_terminal_is_plain_and_as_wide_as_it_is() {
    let expected = "\
name     state      size  created
──────────────────────────────────────────────
a.test   active  1.5 KiB  2020-01-02T03:04:05Z
=b.test  stuck         -  2020-01-02T03:04:05Z
";
    assert_eq!(list_in(Format::Table, false, &zones()), expected);
    let long = "x".repeat(300);
    assert!(list_in(Format::Table, false, &[zone(&long, "active", None)]).contains(&long));
}

#[test]
fn a_single_thing_is_a_table_of_its_fields() {
    let expected = "\
name         a.test
state        active
size         1.5 KiB
created      2020-01-02T03:04:05Z
nameservers  ns1.test
             ns2.test
";
    assert_eq!(
        in_format(Format::Table, |ui| ui.one(&zones()[0]).expect("written")).0,
        expected
    );
}

#[test]
fn on_a_terminal_times_are_relative_and_states_coloured_and_lines_fit() {
    let rows = [
        zone(&"long-name-".repeat(20), "stuck", Some(1)),
        zone("b.test", "active", None),
    ];
    let (stdout, _) = shown(Options::default(), TERMINAL, |ui| ui.all(&rows).expect("written"));
    assert!(stdout.contains("\u{1b}["), "{stdout}");
    assert!(stdout.contains("years ago"), "{stdout}");
    let terminal = Terminal {
        allows_color: false,
        ..TERMINAL
    };
    let (stdout, _) = shown(Options::default(), terminal, |ui| ui.all(&rows).expect("written"));
    assert!(!stdout.contains('\u{1b}'), "{stdout}");
    assert!(stdout.lines().all(|line| line.width() <= 80), "{stdout}");
}

#[test]
fn an_identifier_stays_whole_as_long_as_it_leaves_room() {
    let rows = [zone("a-name-of-thirty-two-bytes.example", "active", Some(1))];
    let width = |width| Terminal {
        width: Some(width),
        allows_color: false,
        ..TERMINAL
    };
    let drawn = |terminal| shown(Options::default(), terminal, |ui| ui.all(&rows).expect("written")).0;
    assert!(drawn(width(80)).contains("a-name-of-thirty-two-bytes.example"));
    for narrow in [10, 20, 40, 60] {
        assert!(
            drawn(width(narrow))
                .lines()
                .all(|line| line.width() <= usize::from(narrow.max(20))),
            "{narrow}"
        );
    }
}

#[derive(Serialize)]
struct LongRow {
    id: &'static str,
    kind: &'static str,
    target: &'static str,
    state: &'static str,
    started_at: Timestamp,
}

impl Row for LongRow {
    const NOUN: &'static str = "operation";
    const COLUMNS: &'static [Column] = &[
        Column::new("id"),
        Column::new("kind"),
        Column::new("target"),
        Column::new("state").state(),
        Column::new("started_at").titled("started").time(),
    ];
}

#[test]
fn a_long_identifier_stays_whole_beside_long_texts_on_a_terminal_of_80() {
    let id = "019aa0b2-1c3d-7e4f-8a5b-6c7d8e9f0a1b";
    let long = "a-customer-with-a-long-name.and-a-long-zone.example.test AAAA";
    let row = |kind, target, state| LongRow {
        id,
        kind,
        target,
        state,
        started_at: crate::clock::now() - jiff::SignedDuration::from_mins(47),
    };
    for rows in [
        vec![row("mail.domain.create", long, "rolled_back")],
        vec![
            row("db.create", "shop", "succeeded"),
            row("op.undo", long, "stuck"),
        ],
        vec![row("db.create", "shop", "succeeded")],
    ] {
        let terminal = Terminal {
            allows_color: false,
            ..TERMINAL
        };
        let (stdout, _) = shown(Options::default(), terminal, |ui| ui.all(&rows).expect("written"));
        assert!(stdout.contains(id), "{stdout}");
        assert!(stdout.lines().all(|line| line.width() <= 80), "{stdout}");
    }
}

#[test]
fn an_error_within_a_row_is_its_message_in_a_table_and_whole_for_programs() {
    #[derive(Serialize)]
    struct SiteRow {
        domain: &'static str,
        error: Value,
    }
    impl Row for SiteRow {
        const NOUN: &'static str = "site";
        const COLUMNS: &'static [Column] = &[Column::new("domain"), Column::new("error")];
    }
    let row = SiteRow {
        domain: "shop.test",
        error: serde_json::json!({ "kind": "busy", "reason": "held", "message": "it is held", "hint": "wait" }),
    };
    let (table, _) = in_format(Format::Table, |ui| {
        ui.all(std::slice::from_ref(&row)).expect("shown");
    });
    assert_eq!(table.lines().last(), Some("shop.test  it is held"));
    let (json, _) = in_format(Format::Json, |ui| {
        ui.all(std::slice::from_ref(&row)).expect("shown");
    });
    assert!(json.contains("\"hint\": \"wait\""), "{json}");
}
