//! What comes in and what goes out.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// A signed request, whose signature nobody looks at.
pub(super) struct Request {
    /// Who signed: the account, or its public key.
    pub(super) kid: Option<String>,
    pub(super) jwk: String,
    pub(super) nonce: String,
    pub(super) url: String,
    /// Null in POST-as-GET.
    pub(super) payload: Value,
}

impl Request {
    pub(super) fn read(body: &[u8]) -> Option<Request> {
        let signed: Value = serde_json::from_slice(body).ok()?;
        let part = |name: &str| URL_SAFE_NO_PAD.decode(signed[name].as_str()?).ok();
        let header: Value = serde_json::from_slice(&part("protected")?).ok()?;
        let text = |name: &str| header[name].as_str().map(str::to_owned);
        Some(Request {
            kid: text("kid"),
            jwk: header["jwk"].to_string(),
            nonce: text("nonce")?,
            url: text("url")?,
            payload: serde_json::from_slice(&part("payload")?).unwrap_or(Value::Null),
        })
    }
}

/// An answer.
pub struct Reply {
    status: u16,
    headers: Vec<String>,
    body: Vec<u8>,
}

impl Reply {
    pub(super) fn document(status: u16, document: &Value) -> Reply {
        Reply {
            status,
            headers: vec!["content-type: application/json".to_owned()],
            body: document.to_string().into_bytes(),
        }
    }

    pub(super) fn problem(status: u16, word: &str, detail: &str) -> Reply {
        let urn = format!("urn:ietf:params:acme:error:{word}");
        Reply {
            headers: vec!["content-type: application/problem+json".to_owned()],
            ..Reply::document(status, &json!({ "type": urn, "detail": detail }))
        }
    }

    pub(super) fn chain(pem: &str) -> Reply {
        Reply {
            status: 200,
            headers: vec!["content-type: application/pem-certificate-chain".to_owned()],
            body: pem.as_bytes().to_vec(),
        }
    }

    pub(super) fn header(mut self, name: &str, value: &str) -> Reply {
        self.headers.push(format!("{name}: {value}"));
        self
    }

    /// As they go over the wire.
    pub(super) fn bytes(&self, is_head: bool) -> Vec<u8> {
        let mut bytes = format!("HTTP/1.1 {} So\r\n", self.status).into_bytes();
        for header in &self.headers {
            bytes.extend_from_slice(format!("{header}\r\n").as_bytes());
        }
        let end = format!("content-length: {}\r\nconnection: close\r\n\r\n", self.body.len());
        bytes.extend_from_slice(end.as_bytes());
        if !is_head {
            bytes.extend_from_slice(&self.body);
        }
        bytes
    }
}
