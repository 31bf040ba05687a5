//! How records lie in the executable: the section's name and the frame around each.
//!
//! A frame is four bytes `CHRS`, one byte [`VERSION`], the length of the JSON as four bytes, least
//! significant first, and the JSON of one [`Record`]. Linkers put the frames of all crates side by
//! side in an order of their own and may fill gaps with zeros.

mod frame;

use std::fmt;

use crate::Record;

use frame::{HEAD, MAGIC};
pub use frame::{VERSION, frame, framed_len};

/// The section's name in ELF and PE files.
pub const NAME: &str = ".chalice";

/// The section's segment and name in Mach-O files.
pub const NAME_MACH_O: (&str, &str) = ("__DATA", "__chalice");

/// Reads all records of a section.
///
/// ```
/// use chalice_rs_manifest::section::{decode, frame, framed_len};
///
/// const JSON: &str = r#"{"kind":"app","package":"shop","version":"1.0.0","library":"0.1.0"}"#;
/// static SECTION: [u8; framed_len(JSON)] = frame(JSON);
/// assert_eq!(decode(&SECTION).unwrap().len(), 1);
/// ```
pub fn decode(section: &[u8]) -> Result<Vec<Record>, SectionError> {
    let mut records = Vec::new();
    let mut rest = section;
    loop {
        let padding = rest.iter().take_while(|byte| **byte == 0).count();
        rest = &rest[padding..];
        if rest.is_empty() {
            return Ok(records);
        }
        let at = section.len() - rest.len();
        let damaged = SectionError::Damaged { at };
        let Some((head, body)) = rest.split_at_checked(HEAD) else { return Err(damaged) };
        let [m0, m1, m2, m3, version, length @ ..] = head else { return Err(damaged) };
        if [*m0, *m1, *m2, *m3] != MAGIC {
            return Err(damaged);
        }
        if *version > VERSION {
            return Err(SectionError::Newer { found: *version });
        }
        let length = length.iter().rev().fold(0_usize, |length, byte| length << 8 | usize::from(*byte));
        let Some((json, after)) = body.split_at_checked(length) else { return Err(damaged) };
        records.push(
            serde_json::from_slice(json)
                .map_err(|error| SectionError::Json { at, message: error.to_string() })?,
        );
        rest = after;
    }
}

/// Why a section could not be read.
///
/// ```
/// use chalice_rs_manifest::section::{SectionError, decode};
///
/// assert_eq!(decode(b"\0\0not a record"), Err(SectionError::Damaged { at: 2 }));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SectionError {
    /// The record's format is newer than this reader.
    Newer {
        /// The version that was found.
        found: u8,
    },
    /// What stands there is not a frame, or is cut off.
    Damaged {
        /// The offset in the section, in bytes.
        at: usize,
    },
    /// The frame is whole and its JSON is not a record.
    Json {
        /// The offset in the section, in bytes.
        at: usize,
        /// The JSON reader's words.
        message: String,
    },
}

impl SectionError {
    /// What to do about it.
    ///
    /// ```
    /// use chalice_rs_manifest::section::SectionError;
    ///
    /// let error = SectionError::Newer { found: 9 };
    /// assert!(error.help().starts_with("update cargo-chalice"));
    /// ```
    pub fn help(&self) -> &'static str {
        match self {
            Self::Newer { .. } => "update cargo-chalice: `cargo install cargo-chalice`",
            Self::Damaged { .. } | Self::Json { .. } => {
                "build again from a clean target folder; if it stays, report it as a bug of chalice-rs"
            }
        }
    }
}

impl fmt::Display for SectionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Newer { found } => {
                write!(f, "the app's records have format {found}; this tool reads up to {VERSION}")
            }
            Self::Damaged { at } => write!(f, "the app's records are damaged at byte {at} of their section"),
            Self::Json { at, message } => write!(f, "the record at byte {at} cannot be read: {message}"),
        }
    }
}

impl std::error::Error for SectionError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{App, Method, PathPattern, Route, Source};

    fn records() -> Vec<Record> {
        let source = Source { module: "a::b".to_owned(), file: "src/b.rs".to_owned(), line: 7 };
        vec![
            Record::App(App {
                package: "a".to_owned(),
                version: "1.0.0".to_owned(),
                library: "0.1.0".to_owned(),
                ..App::default()
            }),
            Record::Route(Route {
                path: PathPattern::parse("/x/<y>").expect("a path"),
                methods: vec![Method::Get, Method::Post],
                function: "show".to_owned(),
                source,
                doc: Some("Shows «y».".to_owned()),
                ..Route::default()
            }),
        ]
    }

    fn framed(record: &Record) -> Vec<u8> {
        let json = serde_json::to_string(record).expect("JSON");
        let mut bytes = MAGIC.to_vec();
        bytes.push(VERSION);
        bytes.extend((json.len() as u32).to_le_bytes());
        bytes.extend(json.as_bytes());
        bytes
    }

    #[test]
    fn records_read_back_as_they_were_written() {
        let bytes: Vec<u8> = records().iter().flat_map(framed).collect();
        assert_eq!(decode(&bytes), Ok(records()));
    }

    #[test]
    fn zeros_between_frames_are_skipped() {
        let mut bytes = vec![0; 3];
        for record in records() {
            bytes.extend(framed(&record));
            bytes.extend([0; 5]);
        }
        assert_eq!(decode(&bytes), Ok(records()));
        assert_eq!(decode(&[]), Ok(Vec::new()));
    }

    #[test]
    fn a_newer_format_asks_for_an_update() {
        let mut bytes = framed(&records()[0]);
        bytes[4] = VERSION + 1;
        let error = decode(&bytes).unwrap_err();
        assert_eq!(error, SectionError::Newer { found: VERSION + 1 });
        assert!(error.help().contains("update cargo-chalice"));
    }

    #[test]
    fn every_cut_of_a_section_is_an_error_and_never_a_panic() {
        let bytes: Vec<u8> = records().iter().flat_map(framed).collect();
        let boundary = framed(&records()[0]).len();
        for end in (1..bytes.len()).filter(|end| *end != boundary) {
            assert!(matches!(decode(&bytes[..end]), Err(SectionError::Damaged { .. })), "cut at {end}");
        }
    }
}
