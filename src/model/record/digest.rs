//! Types that hold a digest of fixed length: DS, TLSA, SSHFP; and data of unknown types.

use crate::error::Result;
use crate::model::field::Field;
use crate::model::record::words::Words;

/// Key tag, algorithm, digest type, digest (RFC 4034 §5.3).
pub(super) fn ds(field: Field<'_>) -> Result<String> {
    let mut words = Words::plain(field);
    let tag = words.number("key tag", 0xffff)?;
    let algorithm = words.number("algorithm", 0xff)?;
    let kind = words.number("digest type", 0xff)?;
    let digest = words.hexadecimal("digest")?;
    // RFC 3658, 4509, 5933, 6605, 9558, 9563.
    let bytes = match kind {
        1 => 20,
        2 | 3 | 5 | 6 => 32,
        4 => 48,
        _ => return Err(field.refuse(format_args!("digest type {kind} is unknown"))),
    };
    check_bytes(&field, "digest", &digest, bytes)?;
    Ok(format!("{tag} {algorithm} {kind} {digest}"))
}

/// Usage, selector, matching type, data (RFC 6698 §2.1).
pub(super) fn tlsa(field: Field<'_>) -> Result<String> {
    let mut words = Words::plain(field);
    let usage = words.number("certificate usage", 3)?;
    let selector = words.number("selector", 1)?;
    let matching = words.number("matching type", 2)?;
    let data = words.hexadecimal("certificate data")?;
    match matching {
        1 => check_bytes(&field, "certificate data", &data, 32)?,
        2 => check_bytes(&field, "certificate data", &data, 64)?,
        _ => {}
    }
    Ok(format!("{usage} {selector} {matching} {data}"))
}

/// Algorithm, fingerprint type, fingerprint (RFC 4255 §3.1, RFC 6594, RFC 7479, RFC 8709).
pub(super) fn sshfp(field: Field<'_>) -> Result<String> {
    let mut words = Words::plain(field);
    let algorithm = words.number("algorithm", 0xff)?;
    if !matches!(algorithm, 1..=4 | 6) {
        return Err(field.refuse(format_args!("algorithm {algorithm} is unknown")));
    }
    let kind = words.number("fingerprint type", 0xff)?;
    let fingerprint = words.hexadecimal("fingerprint")?;
    let bytes = match kind {
        1 => 20,
        2 => 32,
        _ => return Err(field.refuse(format_args!("fingerprint type {kind} is unknown"))),
    };
    check_bytes(&field, "fingerprint", &fingerprint, bytes)?;
    Ok(format!("{algorithm} {kind} {fingerprint}"))
}

/// `\#`, the number of bytes, the bytes (RFC 3597 §5).
pub(super) fn unknown(field: Field<'_>) -> Result<String> {
    let mut words = Words::plain(field);
    if words.next("\\#")?.text != "\\#" {
        let hint = "write \\#, the number of bytes and the bytes: \\# 4 0a000001";
        return Err(field
            .refuse("the data of this type must be given as in RFC 3597")
            .hint(hint));
    }
    let length = words.number("number of bytes", 0xffff)?;
    if length == 0 {
        words.end()?;
        return Ok("\\# 0".to_owned());
    }
    let data = words.hexadecimal("data")?;
    check_bytes(
        &field,
        "data",
        &data,
        usize::try_from(length).unwrap_or(usize::MAX),
    )?;
    Ok(format!("\\# {length} {data}"))
}

fn check_bytes(field: &Field<'_>, name: &str, digits: &str, bytes: usize) -> Result<()> {
    let given = digits.len() / 2;
    if given == bytes {
        return Ok(());
    }
    Err(field.refuse(format_args!("{name}: {bytes} bytes are needed, {given} given")))
}
