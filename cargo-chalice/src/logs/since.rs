//! Since when: `90s`, `30m`, `1h`, `2d`, `1w` ago, or a moment as RFC 3339 writes it.

use std::fmt;
use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};
use thiserror::Error;

/// Where a look into the past begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Since {
    /// So long before now.
    Ago(SignedDuration),
    /// At a moment.
    At(Timestamp),
}

impl Since {
    /// The moment it means when it is `now`.
    pub fn before(self, now: Timestamp) -> Timestamp {
        match self {
            // Longer ago than time can be written is the beginning of it.
            Self::Ago(duration) => now.checked_sub(duration).unwrap_or(Timestamp::UNIX_EPOCH),
            Self::At(moment) => moment,
        }
    }
}

impl FromStr for Since {
    type Err = SinceError;

    fn from_str(text: &str) -> Result<Self, SinceError> {
        if let Ok(moment) = text.parse() {
            return Ok(Self::At(moment));
        }
        let (number, unit) = text.split_at_checked(text.len().saturating_sub(1)).ok_or(SinceError)?;
        let seconds = match unit {
            "s" => 1,
            "m" => 60,
            "h" => 3600,
            "d" => 86_400,
            "w" => 604_800,
            _ => return Err(SinceError),
        };
        let number: u32 = number.parse().map_err(|_| SinceError)?;
        Ok(Self::Ago(SignedDuration::from_secs(i64::from(number) * seconds)))
    }
}

/// The text means no time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("write it as 90s, 30m, 1h, 2d, 1w, or 2026-11-22T10:00:00Z")]
pub struct SinceError;

impl fmt::Display for Since {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ago(duration) => write!(f, "{duration:#} ago"),
            Self::At(moment) => write!(f, "{moment}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_and_moments_are_read_and_all_else_is_refused() {
        let now: Timestamp = "2026-11-22T10:00:00Z".parse().unwrap();
        let check = |text: &str, expected: &str| {
            let found = text.parse::<Since>().map(|since| since.before(now).to_string());
            assert_eq!(found.unwrap_or_else(|error| error.to_string()), expected, "{text}");
        };
        check("90s", "2026-11-22T09:58:30Z");
        check("30m", "2026-11-22T09:30:00Z");
        check("1h", "2026-11-22T09:00:00Z");
        check("2d", "2026-11-20T10:00:00Z");
        check("1w", "2026-11-15T10:00:00Z");
        check("2026-11-22T08:00:00+01:00", "2026-11-22T07:00:00Z");
        check("4294967295w", "1970-01-01T00:00:00Z");
        for wrong in ["", "h", "1", "-1h", "1.5h", "1 h", "yesterday", "ñ", "5000000000s"] {
            check(wrong, "write it as 90s, 30m, 1h, 2d, 1w, or 2026-11-22T10:00:00Z");
        }
    }
}
