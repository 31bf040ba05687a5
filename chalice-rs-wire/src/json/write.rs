//! JSON strings, written straight into a buffer.

use super::word;

/// Appends `text` as a JSON string, quotes included.
pub(crate) fn push_str(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    push_escaped(out, text);
    out.push(b'"');
}

/// Appends `text` as it stands between the quotes of a JSON string.
///
/// Eight bytes are copied at a time, and as many of them kept as need no escape: bodies are JSON
/// themselves, so there is a quote every few bytes and nothing long enough for a block copy.
pub(crate) fn push_escaped(out: &mut Vec<u8>, text: &str) {
    /// The longest that one step writes: a word, or an escape.
    const ROOM: usize = 8;
    let bytes = text.as_bytes();
    let (mut read, mut written) = (0, out.len());
    out.resize(written + bytes.len() + bytes.len() / 4 + ROOM, 0);
    while read < bytes.len() {
        if written + 2 * ROOM > out.len() {
            out.resize(out.len() * 2, 0);
        }
        let plain = copy_plain(&bytes[read..], &mut out[written..]);
        read += plain;
        written += plain;
        if plain < ROOM
            && let Some(byte) = bytes.get(read)
        {
            written += escape(*byte, &mut out[written..]);
            read += 1;
        }
    }
    out.truncate(written);
}

/// Copies up to eight bytes, as many as need no escape; `to` has room for eight.
fn copy_plain(from: &[u8], to: &mut [u8]) -> usize {
    match (from.first_chunk::<8>(), to.first_chunk_mut::<8>()) {
        (Some(from), Some(to)) => {
            *to = *from;
            word::plain_len(*from)
        }
        _ => {
            let plain = from.iter().take(8).take_while(|byte| ESCAPES[usize::from(**byte)] == 0).count();
            to[..plain].copy_from_slice(&from[..plain]);
            plain
        }
    }
}

fn escape(byte: u8, to: &mut [u8]) -> usize {
    const DIGITS: [u8; 16] = *b"0123456789abcdef";
    let letter = ESCAPES[usize::from(byte)];
    to[0] = b'\\';
    to[1] = letter;
    if letter != b'u' {
        return 2;
    }
    to[2..6].copy_from_slice(&[b'0', b'0', DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
    6
}

/// For each byte, what stands after the backslash; 0 where none is needed.
static ESCAPES: [u8; 256] = {
    let mut table = [0; 256];
    let mut control = 0;
    while control < 0x20 {
        table[control] = b'u';
        control += 1;
    }
    table[0x08] = b'b';
    table[0x09] = b't';
    table[0x0a] = b'n';
    table[0x0c] = b'f';
    table[0x0d] = b'r';
    table[b'"' as usize] = b'"';
    table[b'\\' as usize] = b'\\';
    table
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_any_length_is_escaped_at_any_place() {
        for length in 0..40 {
            for quote in 0..=length {
                let mut text = "é".repeat(length);
                text.insert(quote * 2, '"');
                let mut out = b"before".to_vec();
                push_str(&mut out, &text);
                assert_eq!(
                    String::from_utf8(out).expect("UTF-8"),
                    format!("before{}", serde_json::json!(text))
                );
            }
        }
        let mut out = Vec::new();
        push_str(&mut out, &"\u{1}".repeat(1000));
        assert_eq!(out.len(), 6002);
    }

    #[test]
    fn every_character_reads_back_from_what_is_written() {
        let all: String = (0..0x300).filter_map(char::from_u32).chain("☕ Coffee\u{1f600}".chars()).collect();
        let mut out = Vec::new();
        push_str(&mut out, &all);
        assert_eq!(serde_json::from_slice::<String>(&out).expect("JSON"), all);
    }
}
