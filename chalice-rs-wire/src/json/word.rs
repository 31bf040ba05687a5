//! Eight bytes of JSON text at a time.

/// How many bytes come before the first quote, backslash or control character.
pub(super) fn plain_len(word: [u8; 8]) -> usize {
    let word = u64::from_le_bytes(word);
    // A byte's high bit is set below where the byte matches. A borrow can set it in the byte after a
    // match as well, never before the first one.
    let (quote, backslash) = (word ^ (EACH * b'"' as u64), word ^ (EACH * b'\\' as u64));
    let found = (word.wrapping_sub(EACH * 0x20) & !word)
        | (quote.wrapping_sub(EACH) & !quote)
        | (backslash.wrapping_sub(EACH) & !backslash);
    (found & HIGH).trailing_zeros() as usize / 8
}

/// Where the first quote or backslash is.
///
/// It uses what every processor of its kind has, and is therefore inlined: most strings of an event are so
/// short that a call would cost more than the search.
#[inline]
pub(super) fn find_mark(bytes: &[u8]) -> Option<usize> {
    #[cfg(target_arch = "aarch64")]
    use memchr::arch::aarch64::neon::memchr::Two;
    #[cfg(target_arch = "x86_64")]
    use memchr::arch::x86_64::sse2::memchr::Two;

    #[cfg(any(target_arch = "aarch64", target_arch = "x86_64"))]
    if let Some(marks) = Two::new(b'"', b'\\') {
        return marks.find(bytes);
    }
    memchr::memchr2(b'"', b'\\', bytes)
}

/// How many bytes come before the first quote or backslash.
#[inline]
pub(super) fn unmarked_len(word: [u8; 8]) -> usize {
    let word = u64::from_le_bytes(word);
    let (quote, backslash) = (word ^ (EACH * b'"' as u64), word ^ (EACH * b'\\' as u64));
    let found = (quote.wrapping_sub(EACH) & !quote) | (backslash.wrapping_sub(EACH) & !backslash);
    (found & HIGH).trailing_zeros() as usize / 8
}

const EACH: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = EACH * 0x80;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_byte_is_found_at_each_place() {
        for byte in 0..=255 {
            for place in 0..8 {
                let mut word = *b"abc\xff\x80\x7f !";
                word[place] = byte;
                let is_mark = byte == b'"' || byte == b'\\';
                let is_special = byte < 0x20 || is_mark;
                assert_eq!(plain_len(word), if is_special { place } else { 8 }, "{byte} at {place}");
                assert_eq!(unmarked_len(word), if is_mark { place } else { 8 }, "{byte} at {place}");
                assert_eq!(find_mark(&word), is_mark.then_some(place), "{byte} at {place}");
            }
        }
    }
}
