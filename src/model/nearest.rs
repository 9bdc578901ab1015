//! The word that a misspelt one was meant to be.

use strsim::damerau_levenshtein;

/// The known word nearest to an unknown one, if one is near enough to be meant.
#[must_use]
pub fn nearest<T: AsRef<str>>(unknown: &str, known: impl IntoIterator<Item = T>) -> Option<T> {
    // A long word costs time that grows with its square, and is no slip of the finger.
    if unknown.len() > 256 {
        return None;
    }
    known
        .into_iter()
        .map(|word| (damerau_levenshtein(word.as_ref(), unknown), word))
        .filter(|(distance, word)| *distance <= word.as_ref().len().max(6) / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}
