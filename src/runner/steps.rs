//! Every kind of step there is, so that recovery can run any plan: an exhaustive list, checked by the compiler.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio_postgres::Transaction;

use super::Context;
use super::undo::alone;
use crate::certificate::Authorities;
use crate::certificate::{ca, order, revoke};
use crate::config::Config;
use crate::database::{self, Clusters};
use crate::dns::{self, Providers};
use crate::domain;
use crate::env::variables::Environment;
use crate::error::{Error, Kind, Result};
use crate::hook::{self, Hooks};
use crate::journal::{
    ControlStep, Effects, Failure, Found, MarkUndone, Marker, OutsideStep, Readmit, RegisterLife, StepRecord,
    Turned,
};
use crate::{account, certificate, mail, site, trash};

/// What breaks the circle of a turned step: doing it is undoing another, and the other way round.
type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// One step's work, behind a pointer and made elsewhere than where it is waited for: the work of all kinds of steps beside each
/// other is more than the stack has room for.
#[inline(never)]
fn boxed<'a, F: Future + 'a>(work: impl FnOnce() -> F) -> Boxed<'a, F::Output> {
    Box::pin(work())
}

/// The connections of all capabilities, each opened when it is first needed.
pub struct World {
    /// Tenants' clusters.
    pub clusters: Clusters,
    /// DNS providers.
    pub providers: Arc<Providers>,
    /// The operator's own steps.
    pub hooks: Hooks,
    /// Certificate authorities.
    pub authorities: Arc<Authorities>,
}

impl World {
    /// Nothing is connected yet. There is no key ring but the configured one.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        World::with(
            config,
            Arc::new(Authorities::new(config, &Environment::default(), Arc::default())),
        )
    }

    /// What a verb works through.
    #[must_use]
    pub fn of(context: &Context) -> Self {
        let authorities = context.authorities.get_or_init(|| {
            let spare = Arc::clone(&context.spare);
            Arc::new(Authorities::new(&context.config, &context.environment, spare))
        });
        World::with(&context.config, Arc::clone(authorities))
    }

    fn with(config: &Config, authorities: Arc<Authorities>) -> Self {
        World {
            clusters: Clusters::new(config),
            providers: Arc::new(Providers::new(config)),
            hooks: Hooks::new(config),
            authorities,
        }
    }
}

/// Lists the kinds of step; what lies outside names the field of [`World`] it works through.
macro_rules! steps {
    (outside { $($outside:ident($outside_type:ty, $world:ident),)* } control { $($control:ident($control_type:ty),)* }) => {
        enum Step { $($outside($outside_type),)* $($control($control_type),)* }

        impl Step {
            fn load(record: &StepRecord) -> Result<Step> {
                let key = (record.kind.as_str(), record.version);
                $(if key == (<$outside_type as OutsideStep>::KIND, <$outside_type as OutsideStep>::VERSION) {
                    return parse(record).map(Step::$outside);
                })*
                $(if key == (<$control_type as ControlStep>::KIND, <$control_type as ControlStep>::VERSION) {
                    return parse(record).map(Step::$control);
                })*
                Err(unknown(record))
            }
        }

        impl Effects for World {
            fn check(&self, step: &StepRecord) -> Result<()> {
                match Turned::of(step)? {
                    Some(turned) => self.check(&turned.step),
                    None => Step::load(step).map(|_| ()),
                }
            }

            fn limit(&self, record: &StepRecord) -> Option<Duration> {
                if let Some(turned) = Turned::of(record).ok()? {
                    return self.limit(&turned.step);
                }
                match Step::load(record).ok()? {
                    $(Step::$outside(step) => step.limit(),)*
                    $(Step::$control(_) => None,)*
                }
            }

            fn look_limit(&self, record: &StepRecord) -> Option<Duration> {
                if let Some(turned) = Turned::of(record).ok()? {
                    return self.look_limit(&turned.step);
                }
                match Step::load(record).ok()? {
                    $(Step::$outside(step) => step.look_limit(),)*
                    $(Step::$control(_) => None,)*
                }
            }

            fn is_interruptible(&self, record: &StepRecord) -> bool {
                match Step::load(record) {
                    $(Ok(Step::$outside(step)) => step.is_interruptible(),)*
                    $(Ok(Step::$control(_)) => false,)*
                    // A turned step among them: it is as short as what it turns back.
                    Err(_) => false,
                }
            }

            async fn apply(&self, record: &StepRecord, marker: Marker) -> Result<Value, Failure> {
                if let Some(turned) = Turned::of(record).map_err(Failure::refused)? {
                    let back: Boxed<'_, _> = Box::pin(self.undo(&turned.step, turned.marker));
                    return back.await.map(|()| Value::Null);
                }
                match Step::load(record).map_err(Failure::refused)? {
                    $(Step::$outside(step) => boxed(|| step.apply(&self.$world, marker, &record.secrets)).await,)*
                    $(Step::$control(_) => Err(Failure::refused(misplaced(record))),)*
                }
            }

            async fn probe(&self, record: &StepRecord, marker: Marker) -> Result<Found> {
                if let Some(turned) = Turned::of(record)? {
                    let look: Boxed<'_, _> = Box::pin(self.probe(&turned.step, turned.marker));
                    return look.await.map(Found::turned);
                }
                match Step::load(record)? {
                    $(Step::$outside(step) => boxed(|| step.probe(&self.$world, marker, &record.secrets)).await,)*
                    $(Step::$control(_) => Err(misplaced(record)),)*
                }
            }

            async fn undo(&self, record: &StepRecord, marker: Marker) -> Result<(), Failure> {
                if let Some(turned) = Turned::of(record).map_err(Failure::refused)? {
                    let again: Boxed<'_, _> = Box::pin(self.apply(&turned.step, turned.marker));
                    return again.await.map(|_| ());
                }
                match Step::load(record).map_err(Failure::refused)? {
                    $(Step::$outside(step) => boxed(|| step.undo(&self.$world, marker, &record.secrets)).await,)*
                    $(Step::$control(_) => Err(Failure::refused(misplaced(record))),)*
                }
            }

            async fn apply_in_control(
                &self,
                record: &StepRecord,
                marker: Marker,
                transaction: &Transaction<'_>,
            ) -> Result<Value> {
                let output = self.forth(record, marker, transaction, Why::Asked).await?;
                // Not where an undoing that failed is taken back: that must succeed, whatever holds by then.
                if let Some(condition) = Turned::of(record)?.and_then(|turned| turned.condition) {
                    gain(record, condition)?.check(transaction).await?;
                }
                Ok(output)
            }

            async fn undo_in_control(
                &self,
                record: &StepRecord,
                marker: Marker,
                transaction: &Transaction<'_>,
            ) -> Result<()> {
                self.back(record, marker, transaction, Why::Failed).await
            }
        }

        impl World {
            async fn back(
                &self,
                record: &StepRecord,
                marker: Marker,
                transaction: &Transaction<'_>,
                why: Why,
            ) -> Result<()> {
                if let Some(turned) = Turned::of(record)? {
                    let again: Boxed<'_, _> = Box::pin(self.forth(&turned.step, turned.marker, transaction, why));
                    return again.await.map(|_| ());
                }
                match (Step::load(record)?, why) {
                    $((Step::$outside(_), _) => Err(misplaced(record)),)*
                    $((Step::$control(step), Why::Failed) => boxed(|| step.undo(transaction, marker, &record.secrets)).await,)*
                    $((Step::$control(step), Why::Asked) => boxed(|| step.turn_back(transaction, marker, &record.secrets)).await,)*
                }
            }

            async fn forth(
                &self,
                record: &StepRecord,
                marker: Marker,
                transaction: &Transaction<'_>,
                why: Why,
            ) -> Result<Value> {
                if let Some(turned) = Turned::of(record)? {
                    let back: Boxed<'_, _> = Box::pin(self.back(&turned.step, turned.marker, transaction, why));
                    let back = back.await.map(|()| Value::Null);
                    return match why {
                        Why::Failed => back,
                        Why::Asked => back.map_err(|error| alone(&turned.step, error)),
                    };
                }
                match Step::load(record)? {
                    $(Step::$outside(_) => Err(misplaced(record)),)*
                    $(Step::$control(step) => boxed(|| step.apply(transaction, marker, &record.secrets)).await,)*
                }
            }
        }
    };
}

steps! {
    outside {
        DatabaseRoles(database::Roles, clusters),
        DatabaseCreate(database::Create, clusters),
        DatabasePrepare(database::Prepare, clusters),
        DatabasePublish(database::Publish, clusters),
        DatabaseAdopt(database::Adopt, clusters),
        DatabaseHide(database::Hide, clusters),
        DatabaseDrop(database::Drop, clusters),
        DatabaseDropRoles(database::DropRoles, clusters),
        DatabaseSetPassword(database::SetPassword, clusters),
        DatabaseSuspend(database::Suspend, clusters),
        DatabaseResume(database::Resume, clusters),
        DatabaseLimits(database::SetLimits, clusters),
        DatabaseExtend(database::Extend, clusters),
        DatabaseDump(database::Dump, clusters),
        DatabaseLoad(database::Load, clusters),
        DatabaseSwap(database::Swap, clusters),
        DatabasePark(database::Park, clusters),
        DatabaseDropReplaced(database::DropReplaced, clusters),
        DatabaseMend(database::Mend, clusters),
        DatabaseInstall(database::Install, clusters),
        DatabaseRemark(database::Remark, clusters),
        DatabaseClear(database::Clear, clusters),
        ZoneCreate(dns::step::ZoneCreate, providers),
        ZoneAdopt(dns::step::ZoneAdopt, providers),
        ZoneDelete(dns::step::ZoneDelete, providers),
        RecordsChange(dns::step::RecordsChange, providers),
        Published(dns::step::Published, providers),
        Seen(dns::step::Seen, providers),
        HookApply(hook::Apply, hooks),
        HookUndo(hook::Undo, hooks),
        AcmeRegister(ca::Register, authorities),
        AcmeContacts(ca::SetContacts, authorities),
        AcmeRollover(ca::Rollover, authorities),
        AcmeDeactivate(ca::Deactivate, authorities),
        AcmeReady(order::Ready, authorities),
        AcmeOrder(order::PlaceOrder, authorities),
        AcmeValidate(order::Validate, authorities),
        AcmeFinalize(order::Finalize, authorities),
        AcmeRevoke(revoke::Revoke, authorities),
    }
    control {
        AccountCreate(account::Create),
        AccountDelete(account::Delete),
        AccountSetPackage(account::SetPackage),
        AccountSetState(account::SetState),
        PackageCreate(account::package::Create),
        PackageSet(account::package::Set),
        PackageDelete(account::package::Delete),
        DatabaseRecord(database::Record),
        DatabaseForget(database::Forget),
        DatabaseAlterRow(database::AlterRow),
        DatabaseBackupRecord(database::BackupRecord),
        ZoneRecord(dns::step::ZoneRecord),
        ZoneForget(dns::step::ZoneForget),
        RecordsRecord(dns::step::RecordsRecord),
        MailDomainCreate(mail::domain::Create),
        MailDomainAdopt(mail::domain::Adopt),
        MailDomainDelete(mail::domain::Delete),
        BoxCreate(mail::boxes::Create),
        BoxAdopt(mail::boxes::Adopt),
        BoxSetPassword(mail::boxes::SetPassword),
        MailDomainSetState(mail::domain::SetState),
        BoxDelete(mail::boxes::Delete),
        BoxSet(mail::boxes::Set),
        AliasCreate(mail::alias::Create),
        AliasAdopt(mail::alias::Adopt),
        AliasSet(mail::alias::Set),
        AliasDelete(mail::alias::Delete),
        AliasCheck(mail::alias::Check),
        DomainAdd(domain::Add),
        DomainDelete(domain::Delete),
        DkimAdd(mail::rotation::Add),
        DkimSwitch(mail::rotation::Switch),
        DkimForget(mail::rotation::Forget),
        HookRecord(hook::Record),
        HookForget(hook::Forget),
        BoxMend(mail::boxes::Mend),
        CertificateCreate(certificate::store::Create),
        CertificateAdd(certificate::store::AddGeneration),
        CertificateSet(certificate::store::SetOptions),
        CertificatePlace(certificate::store::Place),
        CertificateUnplace(certificate::store::Unplace),
        CertificateDelete(certificate::store::Delete),
        SiteRecord(site::Record),
        SiteForget(site::Forget),
        SiteChange(site::Replace),
        TrashKeep(trash::Keep),
        TrashForget(trash::Forget),
        OperationMarkUndone(MarkUndone),
        CaKey(ca::SaveKey),
        CaNextKey(ca::SaveNextKey),
        OrderOpen(order::Open),
        OrderKeep(order::Keep),
        OrderPend(order::Pend),
        OperationReadmit(Readmit),
        OperationRegisterLife(RegisterLife),
    }
}

impl World {
    /// Takes a step of a finished operation back, within the control database, because a person wants it undone.
    ///
    /// # Errors
    /// Those of the step; `conflict`, reason `changed`, where what it belongs to is gone.
    pub async fn turn_back_in_control(
        &self,
        record: &StepRecord,
        marker: Marker,
        transaction: &Transaction<'_>,
    ) -> Result<()> {
        let back = self.back(record, marker, transaction, Why::Asked).await;
        back.map_err(|error| alone(record, error))
    }
}

/// Why something is taken back.
#[derive(Clone, Copy)]
enum Why {
    /// The operation failed: everything is to be as it was, whatever holds by now.
    Failed,
    /// It had ended well, and a person wants it undone.
    Asked,
}

/// The condition of a turned step: what the account gains by it is within its limits.
fn gain(record: &StepRecord, condition: Value) -> Result<account::Gain> {
    serde_json::from_value(condition).map_err(|error| {
        Error::internal(format!("the condition of step {} cannot be read", record.number)).source(error)
    })
}

fn parse<S: serde::de::DeserializeOwned>(record: &StepRecord) -> Result<S> {
    serde_json::from_value(record.parameters.clone()).map_err(|error| {
        Error::internal(format!(
            "step {} of version {} cannot be read",
            record.kind, record.version
        ))
        .source(error)
    })
}

fn unknown(record: &StepRecord) -> Error {
    let message = format!(
        "this program (hostctl {}) does not know step {} version {}",
        env!("CARGO_PKG_VERSION"),
        record.kind,
        record.version
    );
    Error::new(Kind::Usage, "unknown_step", message)
        .hint("use the release that began the operation, or a later one")
}

fn misplaced(record: &StepRecord) -> Error {
    Error::internal(format!(
        "step {} is planned for another place than it works in",
        record.kind
    ))
}
