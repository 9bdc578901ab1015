//! What was made is undone by deleting it as its own verb would, kept in the trash: it may hold somebody's data by now.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::parts;
use crate::account;
use crate::certificate::store;
use crate::control::Session;
use crate::database;
use crate::dns::{self, Protected, zone};
use crate::error::{Error, Kind, Result};
use crate::journal::{self, ControlStep as _, Operation, OutsideStep as _, PlannedStep};
use crate::mail::{boxes, domain, records};
use crate::model::{DomainName, MailAddress, ZoneName};
use crate::runner::{Context, World};
use crate::site::Reach;
use crate::trash::Fate;
use crate::{site, tenant};

/// The steps that make what was there before ours.
const ADOPTING: [&str; 4] = [
    database::Adopt::KIND,
    dns::step::ZoneAdopt::KIND,
    domain::Adopt::KIND,
    boxes::Adopt::KIND,
];

/// The steps that delete what `operation` made; nothing where it made no thing of its own.
///
/// # Errors
/// `conflict`, reason `changed`, where what is there now was made by another one, or has parts that it did not make.
pub(super) async fn plan(
    context: &Context,
    session: &Session,
    world: &World,
    operation: &Operation,
) -> Result<Option<Vec<PlannedStep>>> {
    let (target, fate) = (
        operation.target.as_str(),
        Fate::Kept(context.config.trash_retention),
    );
    let host = || {
        let configured = context.config.mail.hostname.as_deref();
        configured.map(|name| records::host(Some(name))).transpose()
    };
    // What was adopted was there before: it is given back as it was, not taken away.
    let made = journal::steps(&**session, operation.id).await?;
    let has_step = |kinds: &[&str]| made.iter().any(|step| kinds.contains(&step.kind.as_str()));
    if has_step(&ADOPTING) {
        return Ok(None);
    }
    let steps = match operation.kind.as_str() {
        "account.create" => {
            let account = account::find(&**session, &target.parse()?).await?;
            let steps = journal::finished_steps(session, operation, None).await?;
            let made = steps
                .first()
                .and_then(|step| step.parameters["id"].as_str()?.parse::<Uuid>().ok());
            check_maker(operation, made == Some(account.id))?;
            let reach = Reach {
                clusters: &world.clusters,
                providers: &world.providers,
                hooks: &world.hooks,
            };
            let limit = context.within(super::LOOK);
            tenant::plan_delete(session, reach, &context.config, &account, fate, limit)
                .await?
                .steps
        }
        // A restore to a new database makes one.
        "db.create" | "db.restore" if has_step(&[database::Publish::KIND]) => {
            let cluster = operation.result["cluster"].as_str();
            let name = target.parse()?;
            let limit = context.within(super::LOOK);
            let existing =
                database::observe_existing(&**session, &world.clusters, &name, cluster, limit).await?;
            check_maker(operation, existing.database.database_operation == operation.id)?;
            database::plan_delete(&existing, fate)?.steps
        }
        "mail.domain.create" => {
            let name: DomainName = target.parse()?;
            let image = domain::observe(&**session, &name, None).await?;
            check_maker(operation, image.was_written_by(operation.id))?;
            domain::plan_delete(image, false, host()?.as_ref(), fate)?
        }
        "mail.box.create" => {
            let address: MailAddress = target.parse()?;
            let image = boxes::observe(&**session, &address, None).await?;
            check_maker(operation, image.was_written_by(operation.id))?;
            boxes::plan_delete(image, fate)?
        }
        "cert.import" => {
            let image = store::observe(&**session, &target.parse()?, None).await?;
            // One that brought another generation of what was there is turned round.
            if !image.was_made_by(operation.id) {
                return Ok(None);
            }
            check_maker(operation, image.fingerprints.len() == 1)?;
            store::plan_delete(image, false, fate)?
        }
        "dns.zone.create" => {
            let name: ZoneName = target.parse()?;
            let observed = dns::observe(&**session, &world.providers, &name, None).await?;
            let row = observed.row.as_ref();
            check_maker(operation, row.is_none_or(|row| row.was_written_by(operation.id)))?;
            let backup = observed.backup(&world.providers, fate).await?;
            zone::plan_delete(&observed, &Protected::new(&context.config), backup.as_ref(), fate)?
        }
        // One that brought a site that was there to what its manifest says is turned round.
        "site.apply" if operation.result["is_new"] != true => return Ok(None),
        "site.create" | "site.apply" => {
            let found = site::find(&**session, &target.parse()?, None).await?;
            check_maker(operation, found.operation_id == operation.id)?;
            let reach = Reach {
                clusters: &world.clusters,
                providers: &world.providers,
                hooks: &world.hooks,
            };
            let limit = context.within(super::LOOK);
            let steps = site::plan_delete(session, reach, &context.config, &found, fate, limit)
                .await?
                .steps;
            // So is one whose site took in what was there before.
            if operation.kind == "site.apply" && !parts::are_all_made(&made, &steps) {
                return Ok(None);
            }
            steps
        }
        _ => return Ok(None),
    };
    check_parts(operation, &made, &steps)?;
    Ok(Some(steps))
}

fn check_maker(operation: &Operation, is_maker: bool) -> Result<()> {
    if is_maker {
        return Ok(());
    }
    Err(changed(
        operation,
        "it was made or changed by another operation since",
    ))
}

/// Parts that were added since are not this operation's to take away.
fn check_parts(operation: &Operation, made: &[journal::StepView], steps: &[PlannedStep]) -> Result<()> {
    let made: BTreeSet<&str> = made.iter().map(|step| step.resource.as_str()).collect();
    let is_added =
        |step: &&PlannedStep| !step.resource.starts_with("trash:") && !made.contains(step.resource.as_str());
    let added: BTreeSet<&str> = steps
        .iter()
        .filter(is_added)
        .map(|step| step.resource.as_str())
        .collect();
    if added.is_empty() {
        return Ok(());
    }
    let added = added.into_iter().collect::<Vec<_>>().join(", ");
    Err(changed(operation, &format!("added since: {added}")))
}

fn changed(operation: &Operation, why: &str) -> Error {
    let words = operation.kind.replace('.', " ");
    let message = format!("{words} {} cannot be undone: {why}", operation.target);
    Error::new(Kind::Conflict, "changed", message).hint("delete what is there by its own verb")
}
