//! Accounts, orders, proofs, certificates: documents in, documents out.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hostctl::certificate::x509::Chain;
use hostctl::clock;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::super::documents::{Reply, Request};
use super::super::sign;
use super::{Account, Certificate, DAY, Desk, Order, Proof, missing};

fn decoded(value: &Value) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(value.as_str()?).ok()
}

/// Accounts.
impl Desk {
    pub(super) fn account(&self, request: &Request) -> Option<usize> {
        let place = request.kid.as_deref()?;
        let number = (0..self.accounts.len()).find(|number| self.url("account", *number) == place)?;
        (self.accounts[number].status == "valid").then_some(number)
    }

    pub(super) fn new_account(&mut self, request: &Request) -> Reply {
        let known = self
            .accounts
            .iter()
            .position(|account| account.key == request.jwk);
        let number = match known {
            Some(number) => number,
            None if request.payload["onlyReturnExisting"] == true => {
                return Reply::problem(400, "accountDoesNotExist", "nobody I know");
            }
            None => {
                self.accounts.push(Account {
                    key: request.jwk.clone(),
                    contact: request.payload["contact"].clone(),
                    status: "valid".to_owned(),
                });
                self.accounts.len() - 1
            }
        };
        let status = if known.is_some() { 200 } else { 201 };
        Reply::document(status, &self.described(number)).header("location", &self.url("account", number))
    }

    fn described(&self, number: usize) -> Value {
        let account = &self.accounts[number];
        json!({ "status": account.status, "contact": account.contact })
    }

    pub(super) fn change_account(&mut self, number: usize, payload: &Value) -> Reply {
        let Some(account) = self.accounts.get_mut(number) else {
            return missing();
        };
        if let Some(contact) = payload.get("contact") {
            account.contact = contact.clone();
        }
        if let Some(status) = payload["status"].as_str() {
            status.clone_into(&mut account.status);
        }
        Reply::document(200, &self.described(number))
    }
}

/// Orders.
impl Desk {
    pub(super) fn new_order(&mut self, payload: &Value) -> Reply {
        let text = |key: &str| payload[key].as_str().map(str::to_owned);
        let (replaces, profile) = (text("replaces"), text("profile"));
        if profile
            .as_ref()
            .is_some_and(|name| !self.profiles.contains_key(name))
        {
            return Reply::problem(400, "invalidProfile", "there is no such profile");
        }
        if let Some(id) = &replaces {
            match self.certificates.iter_mut().find(|one| one.ari_id == *id) {
                None => return Reply::problem(404, "malformed", "it replaces what is not mine"),
                Some(one) if one.is_replaced => {
                    return Reply::problem(409, "alreadyReplaced", "by another order");
                }
                Some(one) => one.is_replaced = true,
            }
        }
        let identifiers = payload["identifiers"].as_array().cloned().unwrap_or_default();
        let mut names: Vec<String> = identifiers
            .iter()
            .filter_map(|one| one["value"].as_str().map(str::to_owned))
            .collect();
        let begin = self.proofs.len();
        self.proofs.extend(names.iter().map(|name| Proof {
            name: name.trim_start_matches("*.").to_owned(),
            is_wildcard: name.starts_with("*."),
            proved_at: None,
            problem: None,
        }));
        names.sort();
        self.orders.push(Order {
            names,
            replaces,
            profile,
            finalized: 0,
            made_at: self.now(),
            proofs: (begin..self.proofs.len()).collect(),
            certificate: None,
        });
        let number = self.orders.len() - 1;
        Reply::document(201, &self.order(number)).header("location", &self.url("order", number))
    }

    fn status(&self, order: &Order) -> &'static str {
        let proofs: Vec<&str> = order
            .proofs
            .iter()
            .map(|number| self.proofs[*number].status())
            .collect();
        match order.certificate {
            Some(_) => "valid",
            None if proofs.contains(&"invalid") => "invalid",
            None if proofs.contains(&"pending") => "pending",
            None => "ready",
        }
    }

    pub(super) fn order(&self, number: usize) -> Value {
        let order = &self.orders[number];
        let identifiers: Vec<Value> = order.names.iter().map(|name| identifier(name)).collect();
        let authorizations: Vec<String> = order
            .proofs
            .iter()
            .map(|proof| self.url("authz", *proof))
            .collect();
        let mut document = json!({
            "status": self.status(order), "identifiers": identifiers, "authorizations": authorizations,
            "finalize": self.url("finalize", number), "expires": (order.made_at + DAY * 7).to_string(),
        });
        for (key, value) in [("replaces", &order.replaces), ("profile", &order.profile)] {
            if let Some(value) = value {
                document[key] = json!(value);
            }
        }
        if let Some(certificate) = order.certificate {
            document["certificate"] = json!(self.url("certificate", certificate));
        }
        document
    }

    pub(super) fn late_order(&mut self, number: usize) -> Value {
        let mut order = self.order(number);
        if order["status"] == "ready" && self.lags > 0 {
            self.lags -= 1;
            order["status"] = json!("pending");
        }
        order
    }

    pub(super) fn authorization(&self, number: usize) -> Value {
        let proof = &self.proofs[number];
        let kinds: &[&str] = match proof.is_wildcard {
            true => &["dns-01"],
            false => &["http-01", "dns-01", "tls-alpn-01"],
        };
        let challenge = |kind: &&str| self.challenge(number, kind);
        json!({
            "status": proof.status(), "identifier": identifier(&proof.name), "wildcard": proof.is_wildcard,
            "challenges": kinds.iter().map(challenge).collect::<Vec<_>>(),
        })
    }

    fn challenge(&self, number: usize, kind: &str) -> Value {
        let proof = &self.proofs[number];
        let mut challenge = json!({
            "type": kind, "url": self.url("challenge", number), "status": proof.status(),
            "token": format!("simulated-token-of-proof-{number:06}"),
        });
        if let Some(word) = proof.problem {
            let urn = format!("urn:ietf:params:acme:error:{word}");
            challenge["error"] = json!({ "type": urn, "detail": "as the test wants" });
        }
        challenge
    }

    pub(super) fn prove(&mut self, number: usize) -> Reply {
        let proof = &mut self.proofs[number];
        proof.problem = self.refused.get(&proof.name).copied();
        proof
            .proved_at
            .get_or_insert(clock::instant() + self.proves_after);
        Reply::document(200, &self.challenge(number, "any"))
    }

    pub(super) fn finalize(&mut self, number: usize, payload: &Value) -> Reply {
        self.orders[number].finalized += 1;
        if self.status(&self.orders[number]) != "ready" {
            return Reply::problem(403, "orderNotReady", "it is not ready");
        }
        let request = decoded(&payload["csr"]).and_then(|der| sign::Request::read(&der));
        let order = &self.orders[number];
        let Some(request) = request.filter(|request| request.names == order.names) else {
            return Reply::problem(400, "badCSR", "it is not for the names of the order");
        };
        let life = order
            .profile
            .as_ref()
            .and_then(|name| self.profiles.get(name))
            .unwrap_or(&self.life);
        // As public ones do: clocks are not that good.
        let not_before = self.now() - SignedDuration::from_hours(1);
        let not_after = not_before + *life;
        let signed = self.signer.sign(&request, not_before, not_after);
        self.certificates.push(Certificate {
            names: request.names,
            serial: signed.serial,
            ari_id: signed.ari_id,
            not_before,
            not_after,
            revoked: None,
            is_replaced: false,
            chain: signed.chain,
        });
        self.orders[number].certificate = Some(self.certificates.len() - 1);
        Reply::document(200, &self.order(number))
    }

    pub(super) fn revoke(&mut self, payload: &Value) -> Reply {
        let der = decoded(&payload["certificate"]).unwrap_or_default();
        let chain = Chain::from_der(&[der.into()]);
        let serial = chain.map(|chain| chain.leaf().serial.clone()).unwrap_or_default();
        match self.certificates.iter_mut().find(|one| one.serial == serial) {
            None => missing(),
            Some(one) if one.revoked.is_some() => Reply::problem(400, "alreadyRevoked", "it is revoked"),
            Some(one) => {
                one.revoked = Some(payload["reason"].as_u64().unwrap_or(0));
                Reply::document(200, &Value::Null)
            }
        }
    }
}

fn identifier(name: &str) -> Value {
    let kind = if name.parse::<std::net::IpAddr>().is_ok() {
        "ip"
    } else {
        "dns"
    };
    json!({ "type": kind, "value": name })
}
