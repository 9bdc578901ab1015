//! What the steps do to the rows, and to nothing else.

use hostctl::error::Kind;
use hostctl::journal::PlannedStep;
use hostctl::mail::boxes::{self, NewBox};
use hostctl::mail::dkim::PublicKey;
use hostctl::mail::domain::{self, NewDomain};
use hostctl::mail::hash::PasswordHash;
use hostctl::model::{DomainName, MailAddress, Password};
use hostctl::trash::Fate;
use tokio_postgres::error::SqlState;
use uuid::Uuid;

use crate::mail::place::{Place, account};
use crate::mail::steps::Run;

fn name(text: &str) -> DomainName {
    text.parse().expect(text)
}

fn address(text: &str) -> MailAddress {
    text.parse().expect(text)
}

fn hash() -> PasswordHash {
    PasswordHash::of(&Password::generate().expect("entropy")).expect("a hash")
}

fn domain_plan(text: &str, account: Uuid) -> Vec<PlannedStep> {
    let dkim = PublicKey {
        selector: "hc202611".to_owned(),
        text: "v=DKIM1; k=rsa; p=AAAA".to_owned(),
    };
    let sealed_dkim = "v1.k00000000.sealed".to_owned();
    domain::plan_create(NewDomain {
        name: name(text),
        account,
        dkim,
        sealed_dkim,
    })
    .expect("a plan")
}

fn box_plan(texts: &[&str], account: Uuid) -> Vec<PlannedStep> {
    let new = |text: &&str| NewBox {
        address: address(text),
        quota: "2G".parse().expect("a quota"),
        hash: hash(),
    };
    boxes::plan_create(texts.iter().map(new).collect(), account, false).expect("a plan")
}

/// Doing twice is doing once; undoing, and undoing twice, is as if nothing had been.
async fn assert_there_and_back(place: &mut Place, steps: Vec<PlannedStep>) {
    let before = place.world().await;
    let run = Run::new(steps);
    run.forth(&mut place.session).await.expect("done");
    let after = place.world().await;
    assert_ne!(before, after);
    run.forth(&mut place.session).await.expect("done twice");
    assert_eq!(place.world().await, after);
    run.back(&mut place.session).await.expect("undone");
    assert_eq!(place.world().await, before);
    run.back(&mut place.session).await.expect("undone twice");
    assert_eq!(place.world().await, before);
}

#[tokio::test]
async fn every_step_goes_there_and_back() {
    let mut place = Place::new(false).await;
    let main = place.account;
    let sentinel = [
        domain_plan("other.test", main),
        box_plan(&["auser3@other.test"], main),
    ]
    .concat_steps();
    Run::new(sentinel)
        .forth(&mut place.session)
        .await
        .expect("a sentinel");

    let site = [
        domain_plan("example.test", main),
        box_plan(&["info@example.test", "user3@example.test"], main),
    ];
    let site = site.concat_steps();
    assert_there_and_back(&mut place, site).await;

    let made = [
        domain_plan("example.test", main),
        box_plan(&["info@example.test", "user3@example.test"], main),
    ];
    Run::new(made.concat_steps())
        .forth(&mut place.session)
        .await
        .expect("made");
    let image = boxes::observe(&*place.session, &address("user3@example.test"), None)
        .await
        .expect("a box");
    assert_there_and_back(&mut place, boxes::plan_password(image, &hash()).expect("a plan")).await;
    let image = boxes::observe(&*place.session, &address("user3@example.test"), None)
        .await
        .expect("a box");
    assert_there_and_back(
        &mut place,
        boxes::plan_delete(image, Fate::Purged).expect("a plan"),
    )
    .await;
    let image = domain::observe(&*place.session, &name("example.test"), None)
        .await
        .expect("a domain");
    assert_there_and_back(
        &mut place,
        domain::plan_delete(image, true, None, Fate::Purged).expect("a plan"),
    )
    .await;
    place.down().await;
}

#[tokio::test]
async fn what_somebody_else_wrote_is_never_touched() {
    let mut place = Place::new(false).await;
    let main = place.account;
    let made = Run::new(domain_plan("example.test", main));
    made.forth(&mut place.session).await.expect("a domain");
    let a_box = Run::new(box_plan(&["info@example.test"], main));
    a_box.forth(&mut place.session).await.expect("a box");

    let again = Run::new(domain_plan("example.test", main))
        .forth(&mut place.session)
        .await
        .expect_err("twice");
    assert_eq!((again.kind(), again.reason()), (Kind::Conflict, "exists"));
    let again = Run::new(box_plan(&["info@example.test"], main));
    let refused = again.forth(&mut place.session).await.expect_err("twice");
    assert_eq!((refused.kind(), refused.reason()), (Kind::Conflict, "exists"));
    let world = place.world().await;
    again.back(&mut place.session).await.expect_err("not its own");
    assert_eq!(place.world().await, world);

    // The plan saw another row than is there now.
    let image = boxes::observe(&*place.session, &address("info@example.test"), None)
        .await
        .expect("a box");
    let password = Run::new(boxes::plan_password(image, &hash()).expect("a plan"));
    let image = boxes::observe(&*place.session, &address("info@example.test"), None)
        .await
        .expect("a box");
    let delete = Run::new(boxes::plan_delete(image, Fate::Purged).expect("a plan"));
    let sql = "UPDATE hostctl.email_accounts SET quota_bytes = 1";
    place.session.batch_execute(sql).await.expect("a panel");
    let world = place.world().await;
    for run in [&password, &delete] {
        let error = run.forth(&mut place.session).await.expect_err("changed");
        assert_eq!((error.kind(), error.reason()), (Kind::Conflict, "changed"));
        let error = run.back(&mut place.session).await.expect_err("never done");
        assert_eq!(error.reason(), "changed");
    }
    // A domain whose box nobody planned to remove stays, and says why.
    let error = made.back(&mut place.session).await.expect_err("a box in it");
    assert_eq!((error.kind(), error.reason()), (Kind::Conflict, "not_empty"));
    assert_eq!(place.world().await, world);
    place.down().await;
}

#[tokio::test]
async fn a_box_needs_an_active_domain_of_its_account() {
    let mut place = Place::new(false).await;
    let main = place.account;
    place
        .session
        .batch_execute("INSERT INTO hostctl.accounts (name) VALUES ('other')")
        .await
        .expect("an account");
    let other = account(&place.session, "other").await;
    let info = address("info@example.test");

    let missing = Run::new(box_plan(&["info@example.test"], main))
        .forth(&mut place.session)
        .await
        .expect_err("none");
    assert_eq!((missing.kind(), missing.reason()), (Kind::NotFound, "not_found"));
    assert_eq!(
        missing.hint_text(),
        Some("hostctl mail domain create example.test")
    );
    let seen = boxes::observe_create(&*place.session, &info, None)
        .await
        .expect_err("none");
    assert_eq!(seen.hint_text(), missing.hint_text());

    Run::new(domain_plan("example.test", main))
        .forth(&mut place.session)
        .await
        .expect("a domain");
    assert_eq!(
        boxes::observe_create(&*place.session, &info, None)
            .await
            .expect("free"),
        main
    );
    let taken = Run::new(box_plan(&["info@example.test"], other))
        .forth(&mut place.session)
        .await
        .expect_err("other");
    assert_eq!((taken.kind(), taken.reason()), (Kind::Conflict, "taken"));
    for text in ["example.test", "sub.example.test"] {
        let plan = Run::new(domain_plan(text, other));
        assert_eq!(
            plan.forth(&mut place.session).await.expect_err(text).kind(),
            Kind::Conflict
        );
        let seen = domain::observe_create(&*place.session, &name(text), other)
            .await
            .expect_err(text);
        assert_eq!(seen.reason(), "taken");
    }

    place
        .session
        .batch_execute("UPDATE hostctl.email_domains SET state = 'suspended'")
        .await
        .expect("suspended");
    let suspended = Run::new(box_plan(&["info@example.test"], main))
        .forth(&mut place.session)
        .await
        .expect_err("no");
    assert_eq!(
        (suspended.kind(), suspended.reason()),
        (Kind::Denied, "suspended")
    );
    let seen = boxes::observe_create(&*place.session, &info, None)
        .await
        .expect_err("no");
    assert_eq!(seen.reason(), "suspended");
    place.down().await;
}

#[tokio::test]
async fn lists_are_sorted_by_bytes_and_show_one_account_where_one_is_asked_for() {
    let mut place = Place::new(false).await;
    let main = place.account;
    place
        .session
        .batch_execute("INSERT INTO hostctl.accounts (name) VALUES ('other')")
        .await
        .expect("an account");
    let other = account(&place.session, "other").await;
    let texts = [
        "b@example.test",
        "a-b@example.test",
        "a.b@example.test",
        "ab@example.test",
    ];
    let mine = [domain_plan("example.test", main), box_plan(&texts, main)].concat_steps();
    Run::new(mine).forth(&mut place.session).await.expect("boxes");
    let theirs = [
        domain_plan("other.test", other),
        box_plan(&["x@other.test"], other),
    ]
    .concat_steps();
    Run::new(theirs).forth(&mut place.session).await.expect("boxes");

    let all = boxes::list(&*place.session, None, None).await.expect("a list");
    let addresses: Vec<_> = all.iter().map(|found| found.address.as_str()).collect();
    assert_eq!(
        addresses,
        [
            "a-b@example.test",
            "a.b@example.test",
            "ab@example.test",
            "b@example.test",
            "x@other.test"
        ]
    );
    assert_eq!(
        (all[0].account.as_str(), all[0].quota_bytes, all[0].state.as_str()),
        ("main", Some(2 << 30), "active")
    );
    let of_other = boxes::list(&*place.session, Some(other), None)
        .await
        .expect("a list");
    assert_eq!(of_other.len(), 1);
    let of_domain = boxes::list(&*place.session, None, Some(&name("other.test")))
        .await
        .expect("a list");
    assert_eq!(of_domain, of_other);
    let domains = domain::list(&*place.session, None).await.expect("a list");
    let shown: Vec<_> = domains
        .iter()
        .map(|found| (found.name.as_str(), found.boxes))
        .collect();
    assert_eq!(shown, [("example.test", 4), ("other.test", 1)]);
    assert_eq!(domains[0].dkim_selector.as_deref(), Some("hc202611"));

    let hidden = boxes::find(&*place.session, &address("x@other.test"), Some(main))
        .await
        .expect_err("hidden");
    assert_eq!(
        (hidden.kind(), hidden.message()),
        (Kind::NotFound, "no mail box x@other.test")
    );
    boxes::find(&*place.session, &address("x@other.test"), Some(other))
        .await
        .expect("there");
    let json = serde_json::to_value(&domains[1]).expect("JSON");
    let keys: Vec<_> = json.as_object().expect("an object").keys().collect();
    assert_eq!(
        keys,
        ["account", "boxes", "created_at", "dkim_selector", "name", "state"]
    );
    place.down().await;
}

#[tokio::test]
async fn daemons_see_active_boxes_and_nothing_else() {
    let mut place = Place::new(false).await;
    let main = place.account;
    let texts = ["info@example.test", "off@example.test"];
    let made = [domain_plan("example.test", main), box_plan(&texts, main)].concat_steps();
    Run::new(made).forth(&mut place.session).await.expect("boxes");
    let off =
        "UPDATE hostctl.email_accounts SET state = 'suspended', quota_bytes = NULL WHERE local_part = 'off'";
    place.session.batch_execute(off).await.expect("suspended");
    let reader = place.sandbox.superuser("hostctl").await.expect("a session");
    reader
        .batch_execute("SET ROLE hostctl_mail")
        .await
        .expect("the role");
    let seen = async || {
        let statement = "SELECT address || ' ' || home || ' ' || quota_rule || ' ' || quota_storage_size
            FROM hostctl.mail_users ORDER BY 1";
        let rows = reader.query_typed(statement, &[]).await.expect("the view");
        rows.iter().map(|row| row.get(0)).collect::<Vec<String>>()
    };
    let info = "info@example.test example.test/info *:bytes=2147483648 2147483648B";
    assert_eq!(seen().await, [info]);
    place
        .session
        .batch_execute("UPDATE hostctl.email_accounts SET state = 'active'")
        .await
        .expect("resumed");
    assert_eq!(
        seen().await,
        [info, "off@example.test example.test/off *:bytes=0 unlimited"]
    );
    for table in ["hostctl.email_domains", "hostctl.accounts"] {
        let sql = format!("UPDATE {table} SET state = 'suspended'");
        place.session.batch_execute(&sql).await.expect("suspended");
        assert_eq!(seen().await, Vec::<String>::new(), "{table}");
        place
            .session
            .batch_execute(&sql.replace("suspended", "active"))
            .await
            .expect("resumed");
    }

    let forbidden = "SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'hostctl' AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
            AND has_table_privilege('hostctl_mail', c.oid, 'SELECT') ORDER BY 1";
    let rows = reader.query_typed(forbidden, &[]).await.expect("privileges");
    let readable: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!(
        readable,
        [
            "mail_domains",
            "mail_postfix_aliases",
            "mail_postfix_boxes",
            "mail_postfix_domains",
            "mail_postfix_senders",
            "mail_postfix_suspended",
            "mail_users",
        ]
    );
    let write = reader
        .batch_execute("DELETE FROM hostctl.email_accounts")
        .await
        .expect_err("a write");
    assert_eq!(write.code().map(SqlState::code), Some("42501"));
    drop(reader);
    place.down().await;
}

/// Plans of one operation.
trait Concat {
    fn concat_steps(self) -> Vec<PlannedStep>;
}

impl<const N: usize> Concat for [Vec<PlannedStep>; N] {
    fn concat_steps(self) -> Vec<PlannedStep> {
        self.into_iter().flatten().collect()
    }
}
