//! What is said in clear before a server speaks TLS (RFC 3207, RFC 3501 §6.2.1): decided by codes and tags alone.

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};

/// The longest line that is read, and how many.
const LINE: u64 = 2048;
const LINES: usize = 64;
/// How we call ourselves.
const NAME: &str = "hostctl.invalid";
/// The tag of our one command.
const TAG: &str = "h1";

/// How a server comes to speak TLS.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Opening {
    /// It does so from the first byte.
    #[default]
    Direct,
    /// SMTP, and submission.
    Smtp,
    /// IMAP.
    Imap,
}

impl Opening {
    /// Says what has to be said; the next byte is TLS.
    ///
    /// # Errors
    /// Where the server does not want to.
    pub(super) async fn run<S: AsyncRead + AsyncWrite + Unpin>(self, stream: &mut S) -> io::Result<()> {
        match self {
            Opening::Direct => Ok(()),
            Opening::Smtp => smtp(stream).await,
            Opening::Imap => imap(stream).await,
        }
    }
}

async fn smtp<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S) -> io::Result<()> {
    reply(stream, "220").await?;
    stream.write_all(format!("EHLO {NAME}\r\n").as_bytes()).await?;
    reply(stream, "250").await?;
    stream.write_all(b"STARTTLS\r\n").await?;
    reply(stream, "220").await
}

/// Every line of a reply begins with its code, the last one with a blank after it (RFC 5321 §4.2.1).
async fn reply<S: AsyncRead + Unpin>(stream: &mut S, wanted: &str) -> io::Result<()> {
    for _ in 0..LINES {
        let line = line(stream).await?;
        if line.get(3..4) == Some("-") {
            continue;
        }
        return match line.get(..3) == Some(wanted) {
            true => Ok(()),
            false => Err(refused("SMTP", &line)),
        };
    }
    Err(io::Error::other("an SMTP reply without end"))
}

async fn imap<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S) -> io::Result<()> {
    let greeting = line(stream).await?;
    if !greeting.to_ascii_uppercase().starts_with("* OK") {
        return Err(refused("IMAP", &greeting));
    }
    stream.write_all(format!("{TAG} STARTTLS\r\n").as_bytes()).await?;
    for _ in 0..LINES {
        let line = line(stream).await?;
        let mut words = line.split(' ');
        if words.next() == Some(TAG) {
            let is_ok = words.next().is_some_and(|word| word.eq_ignore_ascii_case("OK"));
            return if is_ok {
                Ok(())
            } else {
                Err(refused("IMAP", &line))
            };
        }
    }
    Err(io::Error::other("an IMAP reply without end"))
}

/// One line without its end. Read byte by byte: what comes after the last line is TLS, and not ours to read.
async fn line<S: AsyncRead + Unpin>(stream: &mut S) -> io::Result<String> {
    let mut bytes = Vec::new();
    BufReader::with_capacity(1, stream)
        .take(LINE)
        .read_until(b'\n', &mut bytes)
        .await?;
    if bytes.last() != Some(&b'\n') {
        return Err(io::Error::other("the server ended the talk before TLS"));
    }
    Ok(String::from_utf8_lossy(&bytes).trim_end().to_owned())
}

fn refused(protocol: &str, line: &str) -> io::Error {
    let said = crate::model::escape::excerpt(line);
    io::Error::other(format!("the server refuses TLS ({protocol}): {said}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What we say to a server that says this, line by line, and whether TLS comes next.
    async fn talk(opening: Opening, server: &str) -> (String, bool, String) {
        let (mut ours, mut theirs) = tokio::io::duplex(4096);
        theirs.write_all(server.as_bytes()).await.expect("said");
        theirs.shutdown().await.expect("nothing more is said");
        let is_open = opening.run(&mut ours).await.is_ok();
        let mut rest = String::new();
        ours.read_to_string(&mut rest).await.expect("the rest");
        drop(ours);
        let mut said = String::new();
        theirs.read_to_string(&mut said).await.expect("what we said");
        (said, is_open, rest)
    }

    #[tokio::test]
    async fn a_mail_server_is_asked_for_tls_and_nothing_of_it_is_read() {
        let server = "220-mx\r\n220 mx\r\n250-mx\r\n250 STARTTLS\r\n220 go\r\n<TLS>";
        let (said, is_open, rest) = talk(Opening::Smtp, server).await;
        assert_eq!(said, "EHLO hostctl.invalid\r\nSTARTTLS\r\n");
        assert!(is_open && rest == "<TLS>", "{rest}");
        let server = "* OK ready\r\n* CAPABILITY IMAP4rev1\r\nh1 OK begin\r\n<TLS>";
        let (said, is_open, rest) = talk(Opening::Imap, server).await;
        assert_eq!(said, "h1 STARTTLS\r\n");
        assert!(is_open && rest == "<TLS>", "{rest}");
    }

    #[tokio::test]
    async fn a_refusal_is_told_by_its_code() {
        for server in [
            "554 no\r\n",
            "220 mx\r\n250 mx\r\n454 not now\r\n",
            "220 mx\r\n250 mx\r\n",
            "hello",
        ] {
            assert!(!talk(Opening::Smtp, server).await.1, "{server}");
        }
        for server in ["* BYE\r\n", "* OK\r\nh1 BAD what\r\n", "* OK\r\n"] {
            assert!(!talk(Opening::Imap, server).await.1, "{server}");
        }
    }
}
