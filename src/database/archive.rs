//! Archives of databases as files: their format, their checksum, their table of contents.
//!
//! Only single files of `pg_dump` are taken. A plain script would need an interpreter of its own commands (`\!`,
//! `\connect`), and a directory names its parts by paths that whoever made it chose.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::File;
use std::io::{Read, Seek};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use ring::digest::{Context, SHA256};

use super::tool;
use crate::env::child::{self, Spec};
use crate::env::files;
use crate::env::memory::MemoryFile;
use crate::error::{Error, Kind, Result};
use crate::journal::Marker;
use crate::model::escape::escape;

/// Bytes of a table of contents: some 600,000 entries.
const CONTENTS_LIMIT: u64 = 64 << 20;

/// An archive that can be restored, as far as it can be told without doing so.
#[derive(Clone, Debug)]
pub struct Archive {
    /// Absolute.
    pub path: PathBuf,
    /// Its size.
    pub size_bytes: u64,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
    /// The extensions that it wants, in its order.
    pub extensions: Vec<String>,
    /// How many entries set default privileges: these are nothing that a stand-in may restore.
    pub default_privileges: usize,
}

/// The table of contents of an archive.
pub(super) struct Contents {
    pub extensions: Vec<String>,
    pub default_privileges: usize,
    /// Where an extension goes that is not to be in schema `public`, by its name.
    pub schemas: BTreeMap<String, String>,
    entries: String,
}

/// Reads all of the archive at `path`.
///
/// # Errors
/// `usage`, reason `file` where it cannot be read, `format` where it is no archive.
pub async fn inspect(path: &Path) -> Result<Archive> {
    let path = std::path::absolute(path).map_err(|error| unreadable(path, &error))?;
    let file = open(&path)?;
    let contents = contents(&path, &file).await?;
    let (size_bytes, sha256) = digest(&path, file).await?;
    Ok(Archive {
        path,
        size_bytes,
        sha256,
        extensions: contents.extensions,
        default_privileges: contents.default_privileges,
    })
}

/// Opens an archive and looks at its beginning.
pub(super) fn open(path: &Path) -> Result<File> {
    let file = files::open_regular(path)?;
    let mut head = [0_u8; 263];
    let mut length = 0;
    while length < head.len() {
        match file.read_at(&mut head[length..], length as u64) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(error) => return Err(unreadable(path, &error)),
        }
    }
    let is_custom = head.starts_with(b"PGDMP");
    let is_tar = head.starts_with(b"toc.dat\0") && head[257..].starts_with(b"ustar");
    if is_custom || is_tar {
        return Ok(file);
    }
    let message = format!("{} is no archive of pg_dump", shown(path));
    Err(Error::new(Kind::Usage, "format", message)
        .hint("make one with: hostctl db backup NAME, or pg_dump --format=custom"))
}

/// Size and SHA-256 of a file, from its beginning.
pub(super) async fn digest(path: &Path, mut file: File) -> Result<(u64, String)> {
    let read = tokio::task::spawn_blocking(move || -> std::io::Result<(u64, String)> {
        let mut context = Context::new(&SHA256);
        let mut buffer = vec![0_u8; 256 * 1024];
        let mut size = 0;
        file.rewind()?;
        loop {
            match file.read(&mut buffer)? {
                0 => return Ok((size, hexadecimal(context.finish().as_ref()))),
                length => {
                    context.update(&buffer[..length]);
                    size += length as u64;
                }
            }
        }
    });
    let read = read
        .await
        .map_err(|error| Error::internal("a thread that read a file is gone").source(error))?;
    read.map_err(|error| unreadable(path, &error))
}

/// Asks `pg_restore` for the table of contents.
pub(super) async fn contents(path: &Path, file: &File) -> Result<Contents> {
    let (mut contents, extensions) = sort(&tell(path, file, &["--list".into()]).await?);
    if !extensions.is_empty() {
        let list = MemoryFile::new(extensions.as_bytes())?;
        let script = tell(path, file, &[option("--use-list=", &list)]).await?;
        contents.schemas = script.lines().filter_map(placed).collect();
        contents.schemas.retain(|_, schema| schema != "public");
    }
    Ok(contents)
}

/// What `pg_restore` writes with these `options`.
async fn tell(path: &Path, file: &File, options: &[OsString]) -> Result<String> {
    let mut answer = MemoryFile::new(b"")?;
    let spec = Spec::new(tool::find("pg_restore")?)
        .arguments(options)
        .argument(option("--file=", &answer))
        .stdin_file(from_beginning(path, file)?);
    let output = child::run(spec).await?;
    tool::succeeded(&output, "format", &shown(path))
        .map_err(|error| Error::new(Kind::Usage, "format", error.message().to_owned()))?;
    answer
        .text(CONTENTS_LIMIT)
        .map_err(|error| error.context(format!("the table of contents of {}", shown(path))))
}

fn option(beginning: &str, file: &MemoryFile) -> OsString {
    let mut option = OsString::from(beginning);
    option.push(file.path());
    option
}

/// `CREATE EXTENSION IF NOT EXISTS citext WITH SCHEMA ext;`: the extension and its schema.
fn placed(line: &str) -> Option<(String, String)> {
    let (extension, rest) = name(line.strip_prefix("CREATE EXTENSION IF NOT EXISTS ")?)?;
    let (schema, rest) = name(rest.strip_prefix(" WITH SCHEMA ")?)?;
    (rest == ";").then_some((extension, schema))
}

/// The name at the beginning, quoted or plain, and what follows.
fn name(text: &str) -> Option<(String, &str)> {
    let Some(mut rest) = text.strip_prefix('"') else {
        let end = text.find([' ', ';', '"']).filter(|end| *end > 0)?;
        return Some((text[..end].to_owned(), &text[end..]));
    };
    let mut name = String::new();
    loop {
        let (part, after) = rest.split_once('"')?;
        name.push_str(part);
        match after.strip_prefix('"') {
            Some(after) => rest = after,
            None => return Some((name, after)),
        }
        name.push('"');
    }
}

/// Another handle of the file, at its beginning: `pg_restore` reads on from where it stands.
pub(super) fn from_beginning(path: &Path, file: &File) -> Result<File> {
    let copy = || -> std::io::Result<File> {
        let mut copy = file.try_clone()?;
        copy.rewind()?;
        Ok(copy)
    };
    copy().map_err(|error| unreadable(path, &error))
}

/// `6; 2615 2200 SCHEMA - public shop`: number; catalogue, object, kind, schema or `-`, name, owner. An entry that lies
/// about its kind is left out at worst: what is run is run as a stand-in whatever it is called. Beside the contents: the list
/// of the extensions alone.
fn sort(text: &str) -> (Contents, String) {
    let mut extensions = String::new();
    let mut contents = Contents {
        extensions: Vec::new(),
        default_privileges: 0,
        schemas: BTreeMap::new(),
        entries: String::with_capacity(text.len()),
    };
    for line in text.lines().filter(|line| !line.starts_with(';')) {
        let entry = line.splitn(4, ' ').nth(3).unwrap_or_default();
        if let Some(name) = entry.strip_prefix("EXTENSION - ") {
            contents.extensions.push(name.trim_end().to_owned());
            extensions.push_str(line);
            extensions.push('\n');
        } else if entry.starts_with("DEFAULT ACL ") {
            contents.default_privileges += 1;
        } else if !entry.starts_with("COMMENT - EXTENSION ") {
            contents.entries.push_str(line);
            contents.entries.push('\n');
        }
    }
    (contents, extensions)
}

impl Contents {
    /// What is left to restore, as `pg_restore --use-list` takes it: without the schemas that are made for extensions.
    pub fn list(&self) -> String {
        let is_made = |line: &&str| {
            let entry = line.splitn(4, ' ').nth(3).unwrap_or_default();
            let schema = entry
                .strip_prefix("SCHEMA - ")
                .and_then(|rest| rest.rsplit_once(' '));
            schema.is_some_and(|(name, _)| self.schemas.values().any(|schema| schema == name))
        };
        let lines = self.entries.lines().filter(|line| !is_made(line));
        lines.flat_map(|line| [line, "\n"]).collect()
    }
}

/// The checksum beside an archive, as `sha256sum --check` reads it, with the mark of the operation that made it.
pub(super) struct Sidecar {
    pub marker: Option<Marker>,
    pub sha256: String,
}

impl Sidecar {
    pub fn path(archive: &Path) -> PathBuf {
        let mut path = archive.as_os_str().to_owned();
        path.push(".sha256");
        path.into()
    }

    pub fn text(marker: Marker, sha256: &str, archive: &Path) -> String {
        let name = archive.file_name().unwrap_or_default().to_string_lossy();
        format!("# {marker}\n{sha256}  {name}\n")
    }

    /// Nothing where there is none, or something else.
    pub fn read(archive: &Path) -> Result<Option<Sidecar>> {
        let path = Sidecar::path(archive);
        if !path.exists() {
            return Ok(None);
        }
        let text = String::from_utf8_lossy(&files::read_public(&path)?).into_owned();
        let marker = text
            .lines()
            .find_map(|line| Marker::parse(line.strip_prefix("# ")?));
        let sha256 = text.lines().find_map(|line| {
            let word = line.split(' ').next().unwrap_or_default();
            let is_sum = word.len() == 64 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
            is_sum.then(|| word.to_ascii_lowercase())
        });
        Ok(sha256.map(|sha256| Sidecar { marker, sha256 }))
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

pub(super) fn shown(path: &Path) -> String {
    escape(&path.to_string_lossy()).into_owned()
}

pub(super) fn unreadable(path: &Path, error: &std::io::Error) -> Error {
    Error::new(
        Kind::Usage,
        "file",
        format!("{} cannot be read: {error}", shown(path)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extensions_and_default_privileges_are_taken_out_of_the_list() {
        let text = ";\n; Selected TOC Entries:\n;\n6; 2615 2200 SCHEMA - public shop\n\
            2; 3079 16388 EXTENSION - uuid-ossp \n3465; 0 0 COMMENT - EXTENSION uuid-ossp \n\
            3466; 0 0 COMMENT public TABLE item shop\n\
            2134; 826 16504 DEFAULT ACL public DEFAULT PRIVILEGES FOR TABLES shop\n";
        let (mut contents, extensions) = sort(text);
        assert_eq!(extensions, "2; 3079 16388 EXTENSION - uuid-ossp \n");
        assert_eq!(contents.extensions, ["uuid-ossp"]);
        assert_eq!(contents.default_privileges, 1);
        assert_eq!(
            contents.list(),
            "6; 2615 2200 SCHEMA - public shop\n3466; 0 0 COMMENT public TABLE item shop\n"
        );
        contents.schemas = [("citext".to_owned(), "public".to_owned())].into();
        assert_eq!(contents.list(), "3466; 0 0 COMMENT public TABLE item shop\n");
    }

    #[test]
    fn an_extension_tells_its_schema() {
        let of = |line: &str| placed(line);
        let pair = |one: &str, other: &str| Some((one.to_owned(), other.to_owned()));
        let begin = "CREATE EXTENSION IF NOT EXISTS ";
        assert_eq!(
            of(&format!("{begin}citext WITH SCHEMA ext;")),
            pair("citext", "ext")
        );
        assert_eq!(
            of(&format!("{begin}\"uuid-ossp\" WITH SCHEMA \"of \"\"ours\";")),
            pair("uuid-ossp", "of \"ours")
        );
        for line in [
            "citext",
            "citext WITH SCHEMA ext",
            "citext WITH SCHEMA ext; DROP",
            "\"citext WITH SCHEMA ext;",
            " WITH SCHEMA ext;",
        ] {
            assert_eq!(of(&format!("{begin}{line}")), None, "{line}");
        }
    }
}
