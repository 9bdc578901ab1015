//! What the server behind the wire does not know: renewal information (RFC 9773), profiles, and that a certificate is
//! replaced once. It is put into the directory as it passes, and answered from here.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde_json::{Value, json};

/// Below it certificates are asked about.
const RENEWAL_INFO: &str = "/renewal-info";

/// An answer to the question when to renew.
#[derive(Clone, Debug)]
pub struct Advice {
    /// Its status.
    pub status: u16,
    /// `Retry-After` as it stands in the header; absent: there is none.
    pub retry_after: Option<String>,
    /// The document, or whatever stands in its place.
    pub body: String,
}

impl Advice {
    /// A window, and to ask again in six hours.
    pub fn window(start: Timestamp, end: Timestamp) -> Advice {
        let window = json!({ "suggestedWindow": { "start": start.to_string(), "end": end.to_string() } });
        Advice::text(&window.to_string())
    }

    /// Any text in place of the document.
    pub fn text(body: &str) -> Advice {
        Advice {
            status: 200,
            retry_after: Some("21600".to_owned()),
            body: body.to_owned(),
        }
    }

    /// With why the window is as it is, which a person may read at this address.
    pub fn explained(mut self, url: &str) -> Advice {
        let mut document: Value = serde_json::from_str(&self.body).expect("a window");
        document["explanationURL"] = json!(url);
        self.body = document.to_string();
        self
    }

    /// With another `Retry-After`, or none.
    pub fn retry_after(mut self, header: Option<&str>) -> Advice {
        self.retry_after = header.map(str::to_owned);
        self
    }

    /// With another status.
    pub fn status(mut self, status: u16) -> Advice {
        self.status = status;
        self
    }
}

/// What is offered, and what was ordered.
#[derive(Default)]
pub(super) struct Offers {
    /// By a part of the path, so that certificates can be told apart; the last that fits.
    pub(super) advice: Vec<(String, Advice)>,
    pub(super) profiles: BTreeMap<String, String>,
    /// The payload of every order that reached the server.
    pub(super) orders: Vec<Value>,
    pub(super) replaced: BTreeSet<String>,
    /// The path at which orders are made.
    new_order: Option<String>,
}

impl Offers {
    /// The answer to a question about a certificate.
    pub(super) fn advice(&self, path: &str) -> Option<&Advice> {
        let asked = path.strip_prefix(RENEWAL_INFO)?;
        let mut fitting = self.advice.iter().rev();
        fitting
            .find(|(part, _)| asked.contains(part.as_str()))
            .map(|(_, advice)| advice)
    }

    /// The payload of an order; nothing where the request is none.
    pub(super) fn order(&self, path: &str, body: &[u8]) -> Option<Value> {
        if self.new_order.as_deref() != Some(path) {
            return None;
        }
        let signed: Value = serde_json::from_slice(body).ok()?;
        let payload = URL_SAFE_NO_PAD.decode(signed["payload"].as_str()?).ok()?;
        serde_json::from_slice(&payload).ok()
    }

    /// Whether another order replaced the same certificate before (RFC 9773 §5).
    pub(super) fn is_replaced(&self, order: &Value) -> bool {
        !self.advice.is_empty()
            && order["replaces"]
                .as_str()
                .is_some_and(|id| self.replaced.contains(id))
    }

    /// Completes the answer to an order, and the directory.
    pub(super) fn complete(&mut self, base: &str, order: Option<Value>, answer: Vec<u8>) -> Vec<u8> {
        let Some((head, document)) = document(&answer) else {
            return answer;
        };
        let is_directory = document["newOrder"].is_string() && document["newNonce"].is_string();
        match order {
            Some(order) if head.contains(" 201 ") => {
                let document = echoed(document, &order);
                self.replaced
                    .extend(order["replaces"].as_str().map(str::to_owned));
                self.orders.push(order);
                written(&head, &document)
            }
            None if is_directory => {
                let url = document["newOrder"].as_str().unwrap_or_default();
                self.new_order = url.strip_prefix(base).map(str::to_owned);
                written(&head, &self.extended(base, document))
            }
            _ => answer,
        }
    }

    fn extended(&self, base: &str, mut directory: Value) -> Value {
        if !self.advice.is_empty() {
            directory["renewalInfo"] = json!(format!("{base}{RENEWAL_INFO}"));
        }
        if !self.profiles.is_empty() {
            directory["meta"]["profiles"] = json!(self.profiles);
        }
        directory
    }
}

/// What was asked for stands in the order again.
fn echoed(mut document: Value, order: &Value) -> Value {
    for key in ["profile", "replaces"] {
        if let Some(value) = order.get(key) {
            document[key] = value.clone();
        }
    }
    document
}

/// Head and document of an answer; nothing where it holds none.
fn document(answer: &[u8]) -> Option<(String, Value)> {
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&answer[..end]).into_owned();
    let body = &answer[end + 4..];
    let is_chunked = head.to_ascii_lowercase().contains("transfer-encoding: chunked");
    let body = match is_chunked {
        true => whole(body)?,
        false => body.to_vec(),
    };
    Some((head, serde_json::from_slice(&body).ok()?))
}

/// Chunks put together (RFC 9112 §7.1).
fn whole(mut chunks: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = chunks.windows(2).position(|window| window == b"\r\n")?;
        let length = usize::from_str_radix(std::str::from_utf8(&chunks[..end]).ok()?.trim(), 16).ok()?;
        if length == 0 {
            return Some(body);
        }
        body.extend_from_slice(chunks.get(end + 2..end + 2 + length)?);
        chunks = chunks.get(end + 2 + length + 2..)?;
    }
}

fn written(head: &str, document: &Value) -> Vec<u8> {
    let body = document.to_string();
    let mut lines: Vec<&str> = head
        .lines()
        .filter(|line| {
            let line = line.to_ascii_lowercase();
            !line.starts_with("content-length:") && !line.starts_with("transfer-encoding:")
        })
        .collect();
    let length = format!("content-length: {}", body.len());
    lines.extend([&length, "", &body]);
    lines.join("\r\n").into_bytes()
}
