//! The files of a generation.

use crate::certificate::x509::Chain;
use crate::model::Secret;

/// The files, as they are called everywhere: `<part>.pem`.
pub const PARTS: [&str; 5] = ["cert", "chain", "fullchain", "privkey", "combined"];

/// What a generation consists of. Has no `Debug`, since it holds a key.
pub struct Files(Vec<File>);

/// One of them.
pub(super) struct File {
    pub(super) name: String,
    pub(super) text: Secret,
    /// Whether it holds the key: never for all users to read, whatever the one before was.
    pub(super) is_secret: bool,
}

impl Files {
    /// All five, or the three without a key where the operator keeps it. `combined` is the chain and then the key, which
    /// is what `HAProxy` wants.
    #[must_use]
    pub fn new(chain: &Chain, key: Option<&Secret>) -> Self {
        let public = [
            ("cert", chain.certificate_pem()),
            ("chain", chain.issuers_pem()),
            ("fullchain", chain.pem()),
        ];
        let mut files: Vec<File> = public
            .into_iter()
            .map(|(part, text)| File {
                name: file_name(part),
                text: Secret::new(text),
                is_secret: false,
            })
            .collect();
        if let Some(key) = key {
            let combined = format!("{}{}", chain.pem(), key.expose());
            for (part, text) in [("privkey", key.clone()), ("combined", Secret::new(combined))] {
                files.push(File {
                    name: file_name(part),
                    text,
                    is_secret: true,
                });
            }
        }
        Files(files)
    }

    /// The text of a part; nothing where it needs a key that is not there.
    #[must_use]
    pub fn part(&self, part: &str) -> Option<&Secret> {
        let name = file_name(part);
        self.0
            .iter()
            .find(|file| file.name == name)
            .map(|file| &file.text)
    }

    pub(super) fn all(&self) -> &[File] {
        &self.0
    }
}

fn file_name(part: &str) -> String {
    format!("{part}.pem")
}
