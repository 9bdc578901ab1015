//! Plans for mail domains: pure, from what is wanted and what was seen to steps.

use uuid::Uuid;

use super::set::SetState;
use super::steps::{Create, Delete, KEY, described};
use super::store::Image;
use crate::error::{Error, Kind, Result};
use crate::journal::{Change, PlannedStep, Reversal};
use crate::mail::dkim::PublicKey;
use crate::mail::rows::{ROW, foreign, kept_or_gone, not_empty};
use crate::mail::{alias, boxes, rotation};
use crate::model::{DomainName, HostName, Secret};
use crate::trash::Fate;

/// A mail domain that is to be.
#[derive(Debug)]
pub struct NewDomain {
    /// The domain.
    pub name: DomainName,
    /// Whose it will be.
    pub account: Uuid,
    /// The half of its key that is published.
    pub dkim: PublicKey,
    /// The other half, as the key ring sealed it.
    pub sealed_dkim: String,
}

/// Refuses a public suffix: its mail would be everybody's.
///
/// # Errors
/// `usage`, reason `public_suffix`.
pub fn check_suffix(name: &DomainName) -> Result<()> {
    if !name.is_public_suffix() {
        return Ok(());
    }
    let message = format!("mail domain {name}: a public suffix, below which everything belongs to strangers");
    Err(Error::new(Kind::Usage, "public_suffix", message))
}

/// Plans the row of a new domain: one step.
///
/// # Errors
/// `internal`.
pub fn plan_create(new: NewDomain) -> Result<Vec<PlannedStep>> {
    let change = Change {
        action: "create",
        resource: described(&new.name),
        before: None,
        after: Some(format!("active, DKIM selector {}", new.dkim.selector)),
        undo: Reversal::Undoable,
    };
    let step = Create {
        name: new.name,
        account: new.account,
        dkim_selector: new.dkim.selector,
        dkim_public: new.dkim.text,
    };
    Ok(vec![
        PlannedStep::in_control(&step, change)?.secret(KEY, Secret::new(new.sealed_dkim)),
    ])
}

/// Plans another state for a domain: one step, or none where it is so already.
///
/// # Errors
/// `internal`.
pub fn plan_state(image: Image, state: &str) -> Result<Vec<PlannedStep>> {
    if image.state == state {
        return Ok(Vec::new());
    }
    let change = Change {
        action: "change",
        resource: described(&image.name),
        before: Some(image.state),
        after: Some(state.to_owned()),
        undo: Reversal::Undoable,
    };
    let step = SetState {
        name: image.name,
        state: state.to_owned(),
    };
    Ok(vec![
        PlannedStep::in_control(&step, change)?
            .secret(ROW, image.row)
            .keep_secrets(),
    ])
}

/// Plans the end of a domain: a step for each of its aliases and boxes where `with_boxes` says so, one for each further
/// key, then one for itself.
///
/// # Errors
/// `conflict` (`not_empty`) where there are boxes or aliases that shall stay; `denied` (`protected`) where the mail server itself has
/// its name in it; `conflict` (`foreign`) where others have written boxes or aliases into it.
pub fn plan_delete(
    image: Image,
    with_boxes: bool,
    mail_host: Option<&HostName>,
    fate: Fate,
) -> Result<Vec<PlannedStep>> {
    check_protected(&image.name, mail_host)?;
    if let Some(one) = image.foreign.first() {
        let what = format!("{one}, which others have put into {},", described(&image.name));
        let list = |kind: &str| format!("hostctl mail {kind} list --foreign --domain {}", image.name);
        let list = format!("{}, {}", list("box"), list("alias"));
        return Err(foreign(&what, &list));
    }
    let counts = [
        counted(image.boxes.len(), "box", "boxes"),
        counted(image.aliases.len(), "alias", "aliases"),
    ];
    let what: Vec<String> = counts.into_iter().flatten().collect();
    if !with_boxes && !what.is_empty() {
        let domain = described(&image.name);
        return Err(not_empty(&domain, image.name.as_str(), &what.join(" and ")));
    }
    let mut steps = Vec::with_capacity(image.boxes.len() + 1);
    for alias in image.aliases {
        steps.extend(alias::plan_delete(alias, fate)?);
    }
    for mail_box in image.boxes {
        steps.extend(boxes::plan_delete(mail_box, fate)?);
    }
    for key in image.keys {
        let step = rotation::plan_forget(key)?;
        steps.push(match fate {
            Fate::Purged => step,
            Fate::Kept(_) => step.keep_secrets(),
        });
    }
    let change = Change {
        action: "delete",
        resource: described(&image.name),
        before: Some(image.state),
        after: None,
        undo: Reversal::Undoable,
    };
    let (name, account) = (image.name.to_string(), image.account);
    let step = Delete {
        name: image.name,
        account,
    };
    let step = PlannedStep::in_control(&step, change)?.secret(ROW, image.row);
    steps.extend(kept_or_gone(step, "mail domain", &name, account, fate)?);
    Ok(steps)
}

/// `1 box`, `3 boxes`; nothing for none.
fn counted(count: usize, one: &str, many: &str) -> Option<String> {
    match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        count => Some(format!("{count} {many}")),
    }
}

/// Refuses a domain that is or holds the name of the mail server: all other domains point to it.
///
/// # Errors
/// `denied`, reason `protected`.
pub fn check_protected(name: &DomainName, mail_host: Option<&HostName>) -> Result<()> {
    let holds = |host: &HostName| {
        host.as_str()
            .strip_suffix(name.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    match mail_host.filter(|host| holds(host)) {
        None => Ok(()),
        Some(host) => {
            let message = format!("{name} is protected: [mail] hostname is {host}");
            Err(Error::new(Kind::Denied, "protected", message).hint("hostctl config show --origin"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::domain::steps::resource;

    fn domain(name: &str) -> DomainName {
        name.parse().expect(name)
    }

    fn image(boxes: Vec<boxes::Image>) -> Image {
        let name = domain("example.test");
        let row = Secret::new("{}");
        Image {
            name,
            account: Uuid::nil(),
            state: "active".to_owned(),
            dkim: None,
            boxes,
            aliases: Vec::new(),
            foreign: Vec::new(),
            keys: Vec::new(),
            row,
        }
    }

    fn a_box(address: &str) -> boxes::Image {
        boxes::Image::for_test(address)
    }

    #[test]
    fn a_new_domain_is_one_step_whose_key_is_not_among_its_parameters() {
        let steps = plan_create(NewDomain {
            name: domain("example.test"),
            account: Uuid::nil(),
            dkim: PublicKey {
                selector: "hc202611".to_owned(),
                text: "v=DKIM1; k=rsa; p=AA".to_owned(),
            },
            sealed_dkim: "v1.k.sealed".to_owned(),
        })
        .expect("a plan");
        assert_eq!(steps.len(), 1);
        assert_eq!(
            (steps[0].kind, steps[0].resource.as_str()),
            ("mail.domain.create", "maildomain:example.test")
        );
        assert_eq!(steps[0].secrets["dkim_key"].expose(), "v1.k.sealed");
        assert!(
            !steps[0].parameters.to_string().contains("sealed"),
            "{}",
            steps[0].parameters
        );
    }

    #[test]
    fn a_domain_with_boxes_stays_unless_they_go_first() {
        let error =
            plan_delete(image(vec![a_box("a@example.test")]), false, None, Fate::Purged).expect_err("a box");
        assert_eq!((error.kind(), error.reason()), (Kind::Conflict, "not_empty"));
        assert_eq!(error.message(), "mail domain example.test has 1 box");
        let boxes = vec![a_box("a@example.test"), a_box("b@example.test")];
        let steps = plan_delete(image(boxes), true, None, Fate::Purged).expect("a plan");
        let kinds: Vec<_> = steps.iter().map(|step| step.resource.as_str()).collect();
        assert_eq!(
            kinds,
            [
                "box:a@example.test",
                "box:b@example.test",
                "maildomain:example.test"
            ]
        );
    }

    #[test]
    fn the_domain_of_the_mail_server_itself_is_protected() {
        let host: HostName = "mx1.example.test".parse().expect("a host");
        for name in ["mx1.example.test", "example.test"] {
            let error = check_protected(&domain(name), Some(&host)).expect_err(name);
            assert_eq!((error.kind(), error.reason()), (Kind::Denied, "protected"));
        }
        for name in [
            "x.mx1.example.test",
            "ample.test",
            "x1.example.test",
            "other.test",
        ] {
            check_protected(&domain(name), Some(&host)).expect(name);
        }
        assert!(plan_delete(image(Vec::new()), false, Some(&host), Fate::Purged).is_err());
        check_protected(&domain("example.test"), None).expect("no server");
    }

    #[test]
    fn a_resource_names_the_whole_domain() {
        assert_eq!(resource(&domain("example.test")), "maildomain:example.test");
    }
}
