//! Writing DER (X.690), as little of it as keys and PKCS#12 need.

pub(super) const INTEGER: u8 = 0x02;
pub(super) const OCTETS: u8 = 0x04;
pub(super) const NULL: u8 = 0x05;
pub(super) const SET: u8 = 0x31;
const IDENTIFIER: u8 = 0x06;
const SEQUENCE: u8 = 0x30;
const EXPLICIT_0: u8 = 0xa0;

/// A value with its tag and length.
pub(super) fn tagged(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut whole = vec![tag];
    match u8::try_from(content.len()) {
        Ok(short) if short < 0x80 => whole.push(short),
        _ => {
            let length = significant(&content.len().to_be_bytes()).to_vec();
            // A usize has eight bytes at most.
            whole.push(0x80 | u8::try_from(length.len()).unwrap_or_default());
            whole.extend(length);
        }
    }
    whole.extend_from_slice(content);
    whole
}

/// Its parts, one after another.
pub(super) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    tagged(SEQUENCE, &parts.concat())
}

/// `[0] EXPLICIT`.
pub(super) fn explicit(content: &[u8]) -> Vec<u8> {
    tagged(EXPLICIT_0, content)
}

/// An object identifier, encoded already.
pub(super) fn identifier(encoded: &[u8]) -> Vec<u8> {
    tagged(IDENTIFIER, encoded)
}

/// A number that is never negative.
pub(super) fn number(value: u32) -> Vec<u8> {
    let bytes = value.to_be_bytes();
    let bytes = significant(&bytes);
    // A leading one would be a sign.
    let sign: &[u8] = if bytes[0] & 0x80 == 0 { &[] } else { &[0] };
    tagged(INTEGER, &[sign, bytes].concat())
}

/// The first value of what a sequence holds, whole; nothing where it is none.
pub(super) fn first_of(der: &[u8]) -> Option<&[u8]> {
    let (start, _) = extent(der)?;
    let content = &der[start..];
    let (_, end) = extent(content)?;
    content.get(..end)
}

/// Where the content of the value begins, and where it ends.
fn extent(der: &[u8]) -> Option<(usize, usize)> {
    let length = usize::from(*der.get(1)?);
    if length < 0x80 {
        return Some((2, 2 + length));
    }
    let start = 2 + (length & 0x7f);
    let bytes = der.get(2..start)?;
    let length = bytes
        .iter()
        .fold(0, |sum: usize, byte| (sum << 8) | usize::from(*byte));
    Some((start, start.checked_add(length)?))
}

/// Without leading zeros, but for the last one.
fn significant(bytes: &[u8]) -> &[u8] {
    let first = bytes
        .iter()
        .position(|byte| *byte != 0)
        .unwrap_or(bytes.len() - 1);
    &bytes[first..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_and_numbers_are_as_short_as_they_can_be() {
        assert_eq!(number(0), [2, 1, 0]);
        assert_eq!(number(127), [2, 1, 127]);
        assert_eq!(number(128), [2, 2, 0, 128]);
        assert_eq!(number(600_000), [2, 3, 9, 39, 192]);
        assert_eq!(tagged(OCTETS, &[7; 127])[..2], [4, 127]);
        assert_eq!(tagged(OCTETS, &[7; 128])[..3], [4, 0x81, 128]);
        assert_eq!(tagged(OCTETS, &[7; 256])[..4], [4, 0x82, 1, 0]);
        let whole = sequence(&[&number(300), &tagged(OCTETS, &[7; 300])]);
        assert_eq!(first_of(&whole), Some(&number(300)[..]));
        assert_eq!(first_of(&[0x30]), None);
        assert_eq!(first_of(&[0x30, 2, 4, 9]), None);
    }
}
