//! What a `content-type` says.

use std::fmt;

/// The type and subtype, without parameters.
pub(crate) fn essence(content_type: &str) -> &str {
    content_type.split(';').next().unwrap_or_default().trim()
}

/// The value of a parameter, without its quotes.
pub(crate) fn parameter<'h>(content_type: &'h str, name: &str) -> Option<&'h str> {
    let parameters = content_type.split(';').skip(1).filter_map(|parameter| parameter.split_once('='));
    let (_, value) = parameters.into_iter().find(|(found, _)| found.trim().eq_ignore_ascii_case(name))?;
    let value = value.trim();
    Some(value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value))
}

/// The message of a 415.
pub(crate) fn write_unsupported(
    f: &mut fmt::Formatter<'_>,
    content_type: Option<&str>,
    expected: &str,
) -> fmt::Result {
    match content_type {
        Some(content_type) => write!(f, "Unsupported media type: {content_type}"),
        None => write!(f, "the body has no media type; expected {expected}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_is_found_whatever_its_case_and_quotes() {
        for content_type in
            ["multipart/form-data;boundary=x", "a/b; charset=y; Boundary=\"x\"", "a/b ; BOUNDARY = x "]
        {
            assert_eq!(parameter(content_type, "boundary"), Some("x"), "{content_type}");
        }
        for content_type in ["multipart/form-data", "boundary=x", "a/b; boundary"] {
            assert_eq!(parameter(content_type, "boundary"), None, "{content_type}");
        }
    }
}
