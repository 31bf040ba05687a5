//! The frame around one record, made by the compiler.
//!
//! Not here: reading it back; see `super::decode`. Nothing but `core` is named here, so that a
//! program can take this file alone.

/// The format's version. A reader takes every version up to its own.
pub const VERSION: u8 = 1;

pub(super) const MAGIC: [u8; 4] = *b"CHRS";
pub(super) const HEAD: usize = MAGIC.len() + 1 + 4;

/// The length of the frame around `json`, in bytes.
///
/// ```
/// use chalice_rs_manifest::section::framed_len;
///
/// assert_eq!(framed_len("{}"), 11);
/// ```
pub const fn framed_len(json: &str) -> usize {
    HEAD + json.len()
}

/// Puts the frame around one record's JSON; `N` is [`framed_len`] of it.
///
/// ```
/// use chalice_rs_manifest::section::{frame, framed_len};
///
/// const JSON: &str = "{}";
/// static FRAMED: [u8; framed_len(JSON)] = frame(JSON);
/// assert_eq!(&FRAMED, b"CHRS\x01\x02\x00\x00\x00{}");
/// ```
///
/// # Panics
///
/// If `N` is anything else. Called in a constant, that is a compile error.
pub const fn frame<const N: usize>(json: &str) -> [u8; N] {
    assert!(N == framed_len(json), "N is framed_len(json)");
    let mut bytes = [0; N];
    let (head, body) = bytes.split_at_mut(HEAD);
    let (magic, rest) = head.split_at_mut(MAGIC.len());
    magic.copy_from_slice(&MAGIC);
    rest[0] = VERSION;
    rest.split_at_mut(1).1.copy_from_slice(&(json.len() as u32).to_le_bytes());
    body.copy_from_slice(json.as_bytes());
    bytes
}
