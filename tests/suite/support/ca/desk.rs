//! What the authority knows, and how it answers.

mod orders;

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hostctl::clock;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::documents::{Reply, Request};
use super::sign::Signer;

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// The authority.
pub struct Desk {
    /// Its clock is ahead of the host's by so much.
    pub ahead: SignedDuration,
    /// How long certificates last.
    pub life: SignedDuration,
    /// Nobody answers.
    pub is_down: bool,
    /// How long, in true time, it takes to prove a name.
    pub proves_after: Duration,
    /// For so many more looks orders are `pending` though their names are proved.
    pub lags: usize,
    /// Names that are never proved, and the type of the problem that is told of them.
    pub refused: BTreeMap<String, &'static str>,
    /// The window of renewal in thousandths of the life of a certificate; absent: nothing is said about renewal.
    pub window: Option<(i32, i32)>,
    /// `Retry-After` of what is said about renewal.
    pub retry_after: Option<String>,
    /// The profiles that it has, and how long their certificates last.
    pub profiles: BTreeMap<String, SignedDuration>,
    /// Every order that was made.
    pub orders: Vec<Order>,
    /// Every certificate that was issued.
    pub certificates: Vec<Certificate>,
    /// Method and path of every request.
    pub requests: Vec<String>,
    base: String,
    signer: Signer,
    nonces: BTreeSet<String>,
    accounts: Vec<Account>,
    proofs: Vec<Proof>,
}

/// An order.
pub struct Order {
    /// What it is for, sorted.
    pub names: Vec<String>,
    /// The certificate that it replaces, by its identifier (RFC 9773 §4.1).
    pub replaces: Option<String>,
    /// What kind of certificate.
    pub profile: Option<String>,
    /// How often a request for its certificate came.
    pub finalized: usize,
    /// By the clock of the authority.
    pub made_at: Timestamp,
    proofs: Vec<usize>,
    certificate: Option<usize>,
}

/// A certificate.
pub struct Certificate {
    /// What it is for, sorted.
    pub names: Vec<String>,
    /// Lower-case hexadecimal.
    pub serial: String,
    /// RFC 9773 §4.1.
    pub ari_id: String,
    /// From when it is valid, by the clock of the authority.
    pub not_before: Timestamp,
    /// Until when.
    pub not_after: Timestamp,
    /// Why it was revoked, if it was.
    pub revoked: Option<u64>,
    /// Whether an order has replaced it.
    pub is_replaced: bool,
    chain: String,
}

struct Account {
    key: String,
    contact: Value,
    status: String,
}

/// What has to be proved of a name.
struct Proof {
    name: String,
    is_wildcard: bool,
    /// Since when it is, or will be.
    proved_at: Option<Instant>,
    problem: Option<&'static str>,
}

impl Proof {
    fn status(&self) -> &'static str {
        match (self.problem, self.proved_at) {
            (Some(_), _) => "invalid",
            (None, Some(at)) if at <= clock::instant() => "valid",
            _ => "pending",
        }
    }
}

impl Desk {
    pub(super) fn new(base: String) -> Desk {
        Desk {
            ahead: SignedDuration::ZERO,
            life: DAY * 45,
            is_down: false,
            proves_after: Duration::ZERO,
            lags: 0,
            refused: BTreeMap::new(),
            window: Some((657, 677)),
            retry_after: Some("21600".to_owned()),
            profiles: BTreeMap::new(),
            orders: Vec::new(),
            certificates: Vec::new(),
            requests: Vec::new(),
            base,
            signer: Signer::new(),
            nonces: BTreeSet::new(),
            accounts: Vec::new(),
            proofs: Vec::new(),
        }
    }

    /// What its clock says.
    pub fn now(&self) -> Timestamp {
        clock::now() + self.ahead
    }

    /// How many certificates were issued for each set of names, as one text.
    pub fn issued(&self) -> BTreeMap<String, usize> {
        let mut issued = BTreeMap::new();
        for certificate in &self.certificates {
            *issued.entry(certificate.names.join(" ")).or_default() += 1;
        }
        issued
    }

    /// How many requests with a method and a path that hold `part` came.
    pub fn count(&self, part: &str) -> usize {
        self.requests.iter().filter(|line| line.contains(part)).count()
    }

    pub(super) fn answer(&mut self, method: &str, path: &str, body: &[u8]) -> Reply {
        self.requests.push(format!("{method} {path}"));
        let reply = match (method, path) {
            ("GET", "/directory") => Reply::document(200, &self.directory()),
            ("HEAD" | "GET", "/new-nonce") => Reply::document(200, &Value::Null),
            ("GET", path) => match path.strip_prefix("/renewal-info/") {
                Some(id) => return self.renewal(id),
                None => missing(),
            },
            ("POST", path) => self.post(path, body),
            _ => missing(),
        };
        let nonce = URL_SAFE_NO_PAD.encode(clock::random::<12>().expect("entropy"));
        self.nonces.insert(nonce.clone());
        reply
            .header("replay-nonce", &nonce)
            .header("cache-control", "no-store")
    }

    fn url(&self, path: &str, number: usize) -> String {
        format!("{}/{path}/{number}", self.base)
    }

    fn directory(&self) -> Value {
        let at = |path: &str| format!("{}/{path}", self.base);
        let mut directory = json!({
            "newNonce": at("new-nonce"), "newAccount": at("new-account"), "newOrder": at("new-order"),
            "revokeCert": at("revoke-cert"), "keyChange": at("key-change"), "meta": {},
        });
        if self.window.is_some() {
            directory["renewalInfo"] = json!(at("renewal-info"));
        }
        if !self.profiles.is_empty() {
            let named = self.profiles.keys().map(|name| (name.clone(), json!(name)));
            directory["meta"]["profiles"] = Value::Object(named.collect());
        }
        directory
    }

    /// Revoked ones are to be renewed at once.
    fn renewal(&self, id: &str) -> Reply {
        let found = self.certificates.iter().find(|one| one.ari_id == id);
        let (Some(certificate), Some((from, to))) = (found, self.window) else {
            return missing();
        };
        let life = certificate.not_after.duration_since(certificate.not_before);
        let part = |thousandths: i32| certificate.not_before + life / 1000 * thousandths;
        let (start, end) = match certificate.revoked {
            None => (part(from), part(to)),
            Some(_) => (certificate.not_before, certificate.not_before + DAY),
        };
        let window = json!({ "suggestedWindow": { "start": start.to_string(), "end": end.to_string() } });
        let reply = Reply::document(200, &window);
        match &self.retry_after {
            Some(wait) => reply.header("retry-after", wait),
            None => reply,
        }
    }

    fn post(&mut self, path: &str, body: &[u8]) -> Reply {
        let Some(request) = Request::read(body).filter(|request| request.url == self.base.clone() + path)
        else {
            return Reply::problem(400, "malformed", "no request for this address");
        };
        if !self.nonces.remove(&request.nonce) {
            return Reply::problem(400, "badNonce", "a nonce that is not mine");
        }
        let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
        match parts[..] {
            ["new-account"] => return self.new_account(&request),
            ["revoke-cert"] => return self.revoke(&request.payload),
            _ => {}
        }
        if self.account(&request).is_none() {
            return Reply::problem(400, "accountDoesNotExist", "nobody I know");
        }
        let number = parts
            .get(1)
            .and_then(|text| text.parse().ok())
            .unwrap_or(usize::MAX);
        match parts[0] {
            "account" => self.change_account(number, &request.payload),
            "new-order" => self.new_order(&request.payload),
            "order" if number < self.orders.len() => Reply::document(200, &self.late_order(number)),
            "authz" if number < self.proofs.len() => Reply::document(200, &self.authorization(number)),
            "challenge" if number < self.proofs.len() => self.prove(number),
            "finalize" if number < self.orders.len() => self.finalize(number, &request.payload),
            "certificate" => match self.certificates.get(number) {
                Some(certificate) => Reply::chain(&certificate.chain),
                None => missing(),
            },
            _ => missing(),
        }
    }
}

fn missing() -> Reply {
    Reply::problem(404, "malformed", "there is no such thing")
}
