//! The names of a batch: from the command line and from a file of one name a line.

use std::collections::HashSet;
use std::path::Path;

use crate::commands::{Take, text};
use crate::error::{Error, Result};
use crate::model::{DomainName, Given};
use crate::runner::Context;

/// Room for a hundred thousand names of the longest kind.
const LIMIT: u64 = 32 << 20;

/// Every name once, in the order given. One that is wrong refuses all.
///
/// # Errors
/// `usage`, with the line where it came from a file.
pub(super) async fn read(
    given: &[Given<DomainName>],
    file: Option<&Path>,
    context: &Context,
) -> Result<Vec<String>> {
    let mut names: Vec<DomainName> = given.iter().map(|name| name.take(&context.ui)).collect();
    if let Some(file) = file {
        let text = text::read(file, LIMIT, context).await?;
        for name in of_text(&file.display().to_string(), &text)? {
            names.push(name.take(&context.ui));
        }
    }
    if names.is_empty() {
        return Err(Error::invalid("no domain was named"));
    }
    let mut seen = HashSet::new();
    let names = names.iter().map(ToString::to_string);
    Ok(names.filter(|name| seen.insert(name.clone())).collect())
}

/// One name a line; empty lines and what follows a `#` are for people.
fn of_text(file: &str, text: &str) -> Result<Vec<Given<DomainName>>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut names = Vec::new();
    for (number, line) in (1..).zip(text.split('\n')) {
        let line = line.strip_suffix('\r').unwrap_or(line);
        let name = line
            .split('#')
            .next()
            .unwrap_or_default()
            .trim_matches([' ', '\t']);
        if !name.is_empty() {
            names.push(
                DomainName::parse(name).map_err(|error| error.context(format_args!("{file}:{number}")))?,
            );
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_a_name_a_line() {
        let text = "\u{feff}# ours\r\nexample.test\r\n\n  Bücher.example # with a note\nexample.test";
        let names = of_text("-", text).expect("names");
        let names: Vec<&str> = names.iter().map(|name| name.value.as_str()).collect();
        assert_eq!(names, ["example.test", "xn--bcher-kva.example", "example.test"]);
    }

    #[test]
    fn a_bad_line_refuses_all_and_is_named() {
        for bad in [
            "two.test words.test",
            "*.example.test",
            "exam\u{200b}ple.test",
            "x\u{0}.test",
            "..",
            "a.test\rb.test",
        ] {
            let error = of_text("names.txt", &format!("example.test\n{bad}\n")).expect_err(bad);
            assert_eq!(error.kind(), crate::error::Kind::Usage);
            assert!(
                error.message().starts_with("names.txt:2: "),
                "{}",
                error.message()
            );
        }
    }
}
