//! The headers of an event, which are read when somebody asks for one: many functions never do.

use std::borrow::Cow;
use std::fmt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use super::Pairs;
use crate::json::read::Reader;

/// Names and values in the order of the event, a name more than once if it was.
///
/// ```
/// use chalice_rs_wire::http_v2::Headers;
///
/// let headers = Headers::from(vec![("accept".into(), "*/*".into())]);
/// assert_eq!(headers.get("accept"), Some("*/*"));
/// assert_eq!(headers.iter().count(), 1);
/// ```
#[derive(Default)]
pub struct Headers<'r>(Source<'r>);

enum Source<'r> {
    /// An object of strings in the event.
    ///
    /// What was read of it is kept by its place: an index that borrowed would tie the request's lifetime
    /// down, and a handler could not take it for a shorter one.
    Event {
        object: &'r str,
        index: OnceLock<Vec<(Text, Text)>>,
        searched: AtomicBool,
    },
    Pairs(Pairs<'r>),
}

/// A string of the object.
enum Text {
    /// From here to there, as it stands.
    Plain(usize, usize),
    /// With its escapes undone.
    Written(Box<str>),
}

impl<'r> Headers<'r> {
    /// Of an object that has strings only; empty for none.
    pub(super) fn of_object(object: &'r str) -> Self {
        Self(Source::Event { object, index: OnceLock::new(), searched: AtomicBool::new(false) })
    }

    /// All of them.
    ///
    /// ```
    /// use chalice_rs_wire::http_v2::Headers;
    ///
    /// let headers = Headers::from(vec![("host".into(), "example.com".into())]);
    /// assert!(headers.iter().eq([("host", "example.com")]));
    /// ```
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        (0..self.len()).filter_map(|at| self.at(at))
    }

    /// The first value of a name, whatever its case.
    ///
    /// ```
    /// use chalice_rs_wire::http_v2::Headers;
    ///
    /// let headers = Headers::from(vec![("host".into(), "example.com".into())]);
    /// assert_eq!(headers.get("Host"), Some("example.com"));
    /// ```
    pub fn get(&self, name: &str) -> Option<&str> {
        if let Source::Event { object, index, searched } = &self.0
            && index.get().is_none()
            // For one name a search is cheaper than an index, for more it is not.
            && !searched.swap(true, Relaxed)
        {
            match Reader::new(object).find_string(|found| found.eq_ignore_ascii_case(name)) {
                Ok(Some(Cow::Borrowed(value))) => return Some(value),
                Ok(None) => return None,
                // It has escapes, and somebody has to own it without them.
                Ok(Some(Cow::Owned(_))) | Err(_) => {}
            }
        }
        self.iter().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// How many there are.
    ///
    /// ```
    /// use chalice_rs_wire::http_v2::Headers;
    ///
    /// assert_eq!(Headers::from(vec![("host".into(), "example.com".into())]).len(), 1);
    /// ```
    pub fn len(&self) -> usize {
        match &self.0 {
            Source::Event { object, index, .. } => read(object, index).len(),
            Source::Pairs(pairs) => pairs.len(),
        }
    }

    /// Whether there are none.
    ///
    /// ```
    /// use chalice_rs_wire::http_v2::Headers;
    ///
    /// assert!(Headers::default().is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn at(&self, at: usize) -> Option<(&str, &str)> {
        match &self.0 {
            Source::Event { object, index, .. } => {
                let (name, value) = read(object, index).get(at)?;
                Some((name.of(object), value.of(object)))
            }
            Source::Pairs(pairs) => pairs.get(at).map(|(name, value)| (name.as_ref(), value.as_ref())),
        }
    }
}

impl Text {
    fn new(text: Cow<'_, str>, object: &str) -> Self {
        match text {
            // That of a `null` is no part of the object.
            Cow::Borrowed("") => Self::Plain(0, 0),
            Cow::Borrowed(text) => {
                let start = text.as_ptr().addr().saturating_sub(object.as_ptr().addr());
                Self::Plain(start, start + text.len())
            }
            Cow::Owned(text) => Self::Written(text.into()),
        }
    }

    fn of<'t>(&'t self, object: &'t str) -> &'t str {
        match self {
            Self::Plain(start, end) => object.get(*start..*end).unwrap_or_default(),
            Self::Written(text) => text,
        }
    }
}

/// The strings of the object. What cannot be read ends them.
fn read<'i>(object: &str, index: &'i OnceLock<Vec<(Text, Text)>>) -> &'i [(Text, Text)] {
    /// As many as a browser sends, and what API Gateway adds.
    const LIKELY: usize = 32;
    index.get_or_init(|| {
        let mut pairs = Vec::new();
        if object.is_empty() {
            return pairs;
        }
        pairs.reserve(LIKELY);
        // The object has been walked through once: what can be wrong is an escape that there is not.
        let _ = Reader::new(object).object(|reader, name| {
            let value = reader.string()?;
            pairs.push((Text::new(name, object), Text::new(value, object)));
            Ok(())
        });
        pairs
    })
}

impl Clone for Headers<'_> {
    fn clone(&self) -> Self {
        match &self.0 {
            Source::Event { object, .. } => Self::of_object(object),
            Source::Pairs(pairs) => Self(Source::Pairs(pairs.clone())),
        }
    }
}

impl Default for Source<'_> {
    fn default() -> Self {
        Self::Pairs(Vec::new())
    }
}

impl<'r> From<Pairs<'r>> for Headers<'r> {
    fn from(pairs: Pairs<'r>) -> Self {
        Self(Source::Pairs(pairs))
    }
}

impl<'r> FromIterator<(Cow<'r, str>, Cow<'r, str>)> for Headers<'r> {
    fn from_iter<I: IntoIterator<Item = (Cow<'r, str>, Cow<'r, str>)>>(pairs: I) -> Self {
        Self(Source::Pairs(pairs.into_iter().collect()))
    }
}

impl<'r> Extend<(Cow<'r, str>, Cow<'r, str>)> for Headers<'r> {
    fn extend<I: IntoIterator<Item = (Cow<'r, str>, Cow<'r, str>)>>(&mut self, more: I) {
        let own = |(name, value): (&str, &str)| (name.to_owned().into(), value.to_owned().into());
        *self = self.iter().map(own).collect::<Pairs<'r>>().into_iter().chain(more).collect();
    }
}

impl PartialEq for Headers<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl fmt::Debug for Headers<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_an_event_read_as_if_they_had_been_read_at_once() {
        let object = r#"{ "accept" : "*/*", "x-q":"say \"hi\"", "x-n":null, "x\u002du":"é" }"#;
        let headers = Headers::of_object(object);
        let expected = [("accept", "*/*"), ("x-q", "say \"hi\""), ("x-n", ""), ("x-u", "é")];
        assert_eq!(headers.iter().collect::<Vec<_>>(), expected);
        let look = |headers: &Headers<'_>, name: &str| headers.get(name).map(str::to_owned);
        for name in ["accept", "X-Q", "x-n", "x-u", "x", ""] {
            let expected = expected.iter().find(|(found, _)| found.eq_ignore_ascii_case(name));
            let expected = expected.map(|(_, value)| (*value).to_owned());
            let fresh = headers.clone();
            assert_eq!(look(&fresh, name), expected, "{name}, searched");
            assert_eq!(look(&fresh, name), expected, "{name}, by index");
        }
        assert_eq!(
            headers,
            Headers::from(expected.map(|(name, value)| (Cow::Borrowed(name), Cow::Borrowed(value))).to_vec())
        );
        assert!(Headers::of_object("").is_empty() && Headers::of_object("{}").is_empty());
    }

    #[test]
    fn an_escape_that_there_is_not_ends_the_headers_and_nothing_else() {
        let headers = Headers::of_object(r#"{"a":"1","b":"\x","c":"3"}"#);
        assert_eq!(headers.iter().collect::<Vec<_>>(), [("a", "1")]);
    }
}
