//! The grammar of a route's path: `/users/<id>`, `/files/<path..>`.
//!
//! Here: parse, print in both spellings (ours and API Gateway's), match one request path.
//! Not here: which of several patterns wins; see `chalice_rs_wire::gateway`.

use std::fmt;
use std::ops::Range;

use serde::{Deserialize, Serialize};

/// A parsed route path.
///
/// A path is `/`, or segments that each start with `/`. A segment is a literal, a parameter
/// `<name>` that matches one segment, or, as the last one only, `<name..>` that matches one or
/// more.
///
/// ```
/// use chalice_rs_manifest::PathPattern;
///
/// let pattern = PathPattern::parse("/users/<id>/files/<path..>").unwrap();
/// assert_eq!(pattern.to_string(), "/users/<id>/files/<path..>");
/// assert_eq!(pattern.api_gateway(), "/users/{id}/files/{path+}");
/// assert_eq!(pattern.parameters().collect::<Vec<_>>(), ["id", "path"]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PathPattern {
    segments: Vec<Segment>,
}

/// One piece of a path between two slashes.
///
/// ```
/// use chalice_rs_manifest::{PathPattern, Segment};
///
/// let path = PathPattern::parse("/files/<path..>").unwrap();
/// assert_eq!(path.segments(), [Segment::Literal("files".to_owned()), Segment::Greedy("path".to_owned())]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Segment {
    /// Matches exactly this text, case included.
    Literal(String),
    /// `<name>`: matches one segment that is not empty.
    Parameter(String),
    /// `<name..>`: matches the rest of the path, one segment or more.
    Greedy(String),
}

impl PathPattern {
    /// Parses our spelling of a path. All mistakes are found, in the order they stand in the text.
    ///
    /// ```
    /// use chalice_rs_manifest::{PathError, PathPattern};
    ///
    /// assert!(PathPattern::parse("/users/<id>").is_ok());
    /// let errors = PathPattern::parse("/users//{id}/").unwrap_err();
    /// assert_eq!(errors.len(), 3);
    /// assert!(errors.iter().any(|error| matches!(error, PathError::Braces { ours, .. } if ours == "<id>")));
    /// ```
    pub fn parse(text: &str) -> Result<Self, Vec<PathError>> {
        let mut errors = Vec::new();
        let Some(rest) = text.strip_prefix('/') else {
            return Err(vec![if text.is_empty() { PathError::Empty } else { PathError::NoLeadingSlash }]);
        };
        if rest.is_empty() {
            return Ok(Self { segments: Vec::new() });
        }
        let rest = match rest.strip_suffix('/') {
            // `//` alone is an empty segment as well; one mistake is enough to say.
            Some(shorter) => {
                errors.push(PathError::TrailingSlash(text.len() - 1..text.len()));
                shorter
            }
            None => rest,
        };

        let mut segments: Vec<Segment> = Vec::new();
        let mut start = 1;
        for piece in rest.split('/') {
            let range = start..start + piece.len();
            start = range.end + 1;
            let is_last = range.end > rest.len();
            match Segment::parse(piece, range.clone()) {
                Ok(segment) => {
                    if let Some(name) = segment.parameter()
                        && segments.iter().any(|seen| seen.parameter() == Some(name))
                    {
                        errors.push(PathError::DuplicateName { name: name.to_owned(), range: range.clone() });
                    }
                    if matches!(segment, Segment::Greedy(_)) && !is_last {
                        errors.push(PathError::GreedyNotLast { segment: piece.to_owned(), range });
                    }
                    segments.push(segment);
                }
                Err(error) => errors.push(error),
            }
        }
        if errors.is_empty() { Ok(Self { segments }) } else { Err(errors) }
    }

    /// The segments, in order; empty for `/`.
    ///
    /// ```
    /// use chalice_rs_manifest::PathPattern;
    ///
    /// assert_eq!(PathPattern::parse("/").unwrap().segments(), []);
    /// assert_eq!(PathPattern::parse("/users/<id>").unwrap().segments().len(), 2);
    /// ```
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// The names of the parameters, in order, the greedy one included.
    ///
    /// ```
    /// use chalice_rs_manifest::PathPattern;
    ///
    /// let path = PathPattern::parse("/users/<id>/files/<path..>").unwrap();
    /// assert!(path.parameters().eq(["id", "path"]));
    /// ```
    pub fn parameters(&self) -> impl Iterator<Item = &str> {
        self.segments.iter().filter_map(Segment::parameter)
    }

    /// API Gateway's spelling, as it stands in a route key: `/users/{id}/files/{path+}`.
    ///
    /// ```
    /// use chalice_rs_manifest::PathPattern;
    ///
    /// let path = PathPattern::parse("/users/<id>/files/<path..>").unwrap();
    /// assert_eq!(path.api_gateway(), "/users/{id}/files/{path+}");
    /// ```
    pub fn api_gateway(&self) -> String {
        self.print(|segment| match segment {
            Segment::Literal(text) => text.clone(),
            Segment::Parameter(name) => format!("{{{name}}}"),
            Segment::Greedy(name) => format!("{{{name}+}}"),
        })
    }

    /// The path with every parameter's name taken out: two patterns with the same shape match the
    /// same requests.
    ///
    /// ```
    /// use chalice_rs_manifest::PathPattern;
    ///
    /// let shape = |text| PathPattern::parse(text).unwrap().shape();
    /// assert_eq!(shape("/users/<id>"), shape("/users/<name>"));
    /// ```
    pub fn shape(&self) -> String {
        self.print(|segment| match segment {
            Segment::Literal(text) => text.clone(),
            Segment::Parameter(_) => "{}".to_owned(),
            Segment::Greedy(_) => "{+}".to_owned(),
        })
    }

    /// This path with another one before it, which has no parameters.
    ///
    /// ```
    /// use chalice_rs_manifest::PathPattern;
    ///
    /// let path = |text| PathPattern::parse(text).unwrap();
    /// assert_eq!(path("/<id>").under(&path("/users")), path("/users/<id>"));
    /// assert_eq!(path("/").under(&path("/users")), path("/users"));
    /// ```
    #[must_use]
    pub fn under(&self, prefix: &Self) -> Self {
        Self { segments: prefix.segments.iter().chain(&self.segments).cloned().collect() }
    }

    /// How specific the path is: of all patterns that match a request, API Gateway takes the one with
    /// the smallest rank.
    ///
    /// Whole paths come before greedy ones; then, segment by segment, a literal before a parameter
    /// before the rest of the path.
    ///
    /// ```
    /// use chalice_rs_manifest::PathPattern;
    ///
    /// let rank = |path| PathPattern::parse(path).unwrap().rank();
    /// assert!(rank("/users/me") < rank("/users/<id>"));
    /// assert!(rank("/<a>/<b>") < rank("/users/<rest..>"));
    /// ```
    pub fn rank(&self) -> impl Ord + use<> {
        let segments: Vec<u8> = self
            .segments
            .iter()
            .map(|segment| match segment {
                Segment::Literal(_) => 0,
                Segment::Parameter(_) => 1,
                Segment::Greedy(_) => 2,
            })
            .collect();
        (matches!(self.segments.last(), Some(Segment::Greedy(_))), segments)
    }

    /// Matches a request's path and gives each parameter's value, in order.
    ///
    /// The path is compared as it stands: percent-decoding is the caller's.
    ///
    /// ```
    /// use chalice_rs_manifest::PathPattern;
    ///
    /// let pattern = PathPattern::parse("/files/<path..>").unwrap();
    /// assert_eq!(pattern.captures("/files/a/b"), Some(vec![("path", "a/b")]));
    /// assert_eq!(pattern.captures("/files"), None);
    /// ```
    pub fn captures<'p>(&'p self, path: &'p str) -> Option<Vec<(&'p str, &'p str)>> {
        let mut rest = path.strip_prefix('/')?;
        if self.segments.is_empty() {
            return rest.is_empty().then(Vec::new);
        }
        let mut captures = Vec::new();
        for (index, segment) in self.segments.iter().enumerate() {
            if let Segment::Greedy(name) = segment {
                return (!rest.is_empty()).then(|| {
                    captures.push((name.as_str(), rest));
                    captures
                });
            }
            let (piece, tail) = match rest.split_once('/') {
                Some((piece, tail)) => (piece, Some(tail)),
                None => (rest, None),
            };
            match segment {
                Segment::Literal(text) if text == piece => {}
                Segment::Parameter(name) if !piece.is_empty() => captures.push((name.as_str(), piece)),
                _ => return None,
            }
            let is_last = index + 1 == self.segments.len();
            match tail {
                None => return is_last.then_some(captures),
                Some(_) if is_last => return None,
                Some(tail) => rest = tail,
            }
        }
        None
    }

    fn print(&self, segment: impl Fn(&Segment) -> String) -> String {
        if self.segments.is_empty() {
            return "/".to_owned();
        }
        self.segments.iter().flat_map(|piece| ["/".to_owned(), segment(piece)]).collect()
    }
}

impl fmt::Display for PathPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.print(|segment| match segment {
            Segment::Literal(text) => text.clone(),
            Segment::Parameter(name) => format!("<{name}>"),
            Segment::Greedy(name) => format!("<{name}..>"),
        }))
    }
}

impl TryFrom<String> for PathPattern {
    type Error = PathError;

    fn try_from(text: String) -> Result<Self, PathError> {
        Self::parse(&text).map_err(|mut errors| errors.swap_remove(0))
    }
}

impl From<PathPattern> for String {
    fn from(pattern: PathPattern) -> Self {
        pattern.to_string()
    }
}

impl Segment {
    /// The parameter's name, if this is one.
    ///
    /// ```
    /// use chalice_rs_manifest::Segment;
    ///
    /// assert_eq!(Segment::Parameter("id".to_owned()).parameter(), Some("id"));
    /// assert_eq!(Segment::Literal("users".to_owned()).parameter(), None);
    /// ```
    pub fn parameter(&self) -> Option<&str> {
        match self {
            Self::Literal(_) => None,
            Self::Parameter(name) | Self::Greedy(name) => Some(name),
        }
    }

    fn parse(piece: &str, range: Range<usize>) -> Result<Self, PathError> {
        if piece.is_empty() {
            return Err(PathError::EmptySegment(range));
        }
        if let Some(ours) = foreign(piece) {
            return Err(PathError::Braces { segment: piece.to_owned(), ours, range });
        }
        if let Some(at) = piece.find('?') {
            return Err(PathError::Query(range.start + at..range.end));
        }
        let inner = piece.strip_prefix('<').and_then(|piece| piece.strip_suffix('>'));
        match inner {
            Some(inner) if !inner.contains(['<', '>']) => {
                let (name, greedy) = match inner.strip_suffix("..") {
                    Some(name) => (name, true),
                    None => (inner, false),
                };
                if !is_parameter_name(name) {
                    return Err(PathError::BadName { name: name.to_owned(), range });
                }
                Ok(if greedy { Self::Greedy(name.to_owned()) } else { Self::Parameter(name.to_owned()) })
            }
            _ if piece.contains(['<', '>', '{', '}']) => {
                Err(PathError::PartOfSegment { segment: piece.to_owned(), range })
            }
            _ => match piece.char_indices().find(|(_, char)| !is_literal_char(*char)) {
                Some((at, char)) => {
                    let at = range.start + at;
                    Err(PathError::BadCharacter { char, range: at..at + char.len_utf8() })
                }
                None => Ok(Self::Literal(piece.to_owned())),
            },
        }
    }
}

/// Our spelling of a parameter in that of API Gateway or of another framework: `{id}`, `{path+}`, `{*path}`,
/// `:id`, `*path`.
fn foreign(piece: &str) -> Option<String> {
    if let Some(inner) = piece.strip_prefix('{').and_then(|piece| piece.strip_suffix('}')) {
        let rest = inner.strip_suffix('+').or_else(|| inner.strip_prefix('*'));
        return Some(rest.map_or_else(|| format!("<{inner}>"), |name| format!("<{name}..>")));
    }
    let one = piece.strip_prefix(':').filter(|name| is_parameter_name(name)).map(|name| format!("<{name}>"));
    let rest = || piece.strip_prefix('*').filter(|name| is_parameter_name(name));
    one.or_else(|| rest().map(|name| format!("<{name}..>")))
}

/// A parameter is bound to a function's argument, so its name is one a Rust argument can have.
fn is_parameter_name(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        // The words that not even `r#` makes an argument of.
        && !matches!(name, "_" | "self" | "Self" | "super" | "crate")
        && chars.all(|char| char.is_ascii_alphanumeric() || char == '_')
}

/// What API Gateway takes in a literal segment of a route key.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html>
fn is_literal_char(char: char) -> bool {
    char.is_ascii_alphanumeric() || matches!(char, '.' | ':' | '_' | '-')
}

/// One mistake in a path. The range counts bytes of the text that was parsed.
///
/// ```
/// use chalice_rs_manifest::PathPattern;
///
/// let errors = PathPattern::parse("users").unwrap_err();
/// assert_eq!(errors[0].to_string(), "the path does not start with `/`");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathError {
    /// The path is the empty text.
    Empty,
    /// The path does not start with `/`.
    NoLeadingSlash,
    /// The path ends with `/` and is not `/` itself.
    TrailingSlash(Range<usize>),
    /// Two slashes stand side by side.
    EmptySegment(Range<usize>),
    /// A parameter is only a part of its segment, as in `/user-<id>`.
    PartOfSegment {
        /// The segment as written.
        segment: String,
        /// Where it stands.
        range: Range<usize>,
    },
    /// A parameter in the spelling of API Gateway or of another framework.
    Braces {
        /// The segment as written.
        segment: String,
        /// The same in our spelling.
        ours: String,
        /// Where it stands.
        range: Range<usize>,
    },
    /// A query, which is no part of a path.
    Query(Range<usize>),
    /// A parameter's name is not a name a Rust argument can have.
    BadName {
        /// The name as written.
        name: String,
        /// Where its segment stands.
        range: Range<usize>,
    },
    /// The same parameter name twice.
    DuplicateName {
        /// The name.
        name: String,
        /// Where its second segment stands.
        range: Range<usize>,
    },
    /// `<name..>` before the end.
    GreedyNotLast {
        /// The segment as written.
        segment: String,
        /// Where it stands.
        range: Range<usize>,
    },
    /// A character that API Gateway refuses in a literal segment.
    BadCharacter {
        /// The character.
        char: char,
        /// Where it stands.
        range: Range<usize>,
    },
}

impl PathError {
    /// Where the mistake is; `None` when it is the whole text.
    ///
    /// ```
    /// use chalice_rs_manifest::PathPattern;
    ///
    /// let text = "/users/{id}";
    /// let errors = PathPattern::parse(text).unwrap_err();
    /// assert_eq!(&text[errors[0].range().unwrap()], "{id}");
    /// ```
    pub fn range(&self) -> Option<Range<usize>> {
        match self {
            Self::Empty | Self::NoLeadingSlash => None,
            Self::TrailingSlash(range)
            | Self::EmptySegment(range)
            | Self::Query(range)
            | Self::PartOfSegment { range, .. }
            | Self::Braces { range, .. }
            | Self::BadName { range, .. }
            | Self::DuplicateName { range, .. }
            | Self::GreedyNotLast { range, .. }
            | Self::BadCharacter { range, .. } => Some(range.clone()),
        }
    }

    /// What to do about it.
    ///
    /// ```
    /// use chalice_rs_manifest::PathPattern;
    ///
    /// let errors = PathPattern::parse("/users/{id}").unwrap_err();
    /// assert_eq!(errors[0].help(), "write `<id>`");
    /// ```
    pub fn help(&self) -> String {
        match self {
            Self::Empty => "the root of the API is `/`".to_owned(),
            Self::NoLeadingSlash => "start the path with `/`".to_owned(),
            Self::TrailingSlash(_) => "remove the `/` at the end; API Gateway has no such routes".to_owned(),
            Self::EmptySegment(_) => "remove one `/`, or put a segment between the two".to_owned(),
            Self::PartOfSegment { .. } => {
                "a parameter is a whole segment, as in `/<name>`: take it apart in the function".to_owned()
            }
            Self::Braces { ours, .. } => format!("write `{ours}`"),
            Self::Query(_) => {
                "end the path before the `?`, and take the query as an argument: `Query<T>`".to_owned()
            }
            Self::BadName { .. } => {
                "use letters, digits and `_`, not starting with a digit, as for a function's argument"
                    .to_owned()
            }
            Self::DuplicateName { name, .. } => format!("give the second `{name}` a name of its own"),
            Self::GreedyNotLast { .. } => {
                "a greedy parameter takes the rest of the path: put it last".to_owned()
            }
            Self::BadCharacter { .. } => {
                "a literal segment has letters, digits, `.`, `:`, `_` and `-`".to_owned()
            }
        }
    }
}

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => write!(f, "the path is empty"),
            Self::NoLeadingSlash => write!(f, "the path does not start with `/`"),
            Self::TrailingSlash(_) => write!(f, "the path ends with `/`"),
            Self::EmptySegment(_) => write!(f, "the path has an empty segment"),
            Self::PartOfSegment { segment, .. } => {
                write!(f, "a parameter is only a part of the segment `{segment}`")
            }
            Self::Braces { segment, .. } => write!(f, "`{segment}` is not how a parameter is written here"),
            Self::Query(_) => write!(f, "a path has no query"),
            Self::BadName { name, .. } => write!(f, "`{name}` cannot be a parameter's name"),
            Self::DuplicateName { name, .. } => write!(f, "the path has two parameters `{name}`"),
            Self::GreedyNotLast { segment, .. } => write!(f, "`{segment}` is not the last segment"),
            Self::BadCharacter { char, .. } => write!(f, "`{char}` cannot stand in a path"),
        }
    }
}

impl std::error::Error for PathError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_error(text: &str, expected: &[(&str, &str)]) {
        let errors = PathPattern::parse(text).expect_err("a bad path");
        let found: Vec<(String, &str)> = errors
            .iter()
            .map(|error| (error.to_string(), error.range().map_or(text, |range| &text[range])))
            .collect();
        let expected: Vec<(String, &str)> =
            expected.iter().map(|(message, at)| ((*message).to_owned(), *at)).collect();
        assert_eq!(found, expected);
        assert!(errors.iter().all(|error| !error.help().is_empty()));
    }

    #[test]
    fn a_good_path_prints_as_it_was_written() {
        for text in ["/", "/a", "/a/b.c/d-e_f:g", "/a/b:c/:1", "/<a>", "/a/<b>/c/<d..>", "/<_a1>"] {
            assert_eq!(PathPattern::parse(text).expect(text).to_string(), text);
        }
    }

    #[test]
    fn every_mistake_is_named_with_its_place() {
        check_error("", &[("the path is empty", "")]);
        check_error("a", &[("the path does not start with `/`", "a")]);
        check_error("/a/", &[("the path ends with `/`", "/")]);
        check_error("/a//b", &[("the path has an empty segment", "")]);
        check_error("//", &[("the path ends with `/`", "/"), ("the path has an empty segment", "")]);
        check_error("/a-<b>", &[("a parameter is only a part of the segment `a-<b>`", "a-<b>")]);
        check_error("/<a><b>", &[("a parameter is only a part of the segment `<a><b>`", "<a><b>")]);
        check_error("/{a}", &[("`{a}` is not how a parameter is written here", "{a}")]);
        check_error("/{a+}", &[("`{a+}` is not how a parameter is written here", "{a+}")]);
        check_error("/a/:b", &[("`:b` is not how a parameter is written here", ":b")]);
        check_error("/a?b=<b>", &[("a path has no query", "?b=<b>")]);
        check_error("/<1a>", &[("`1a` cannot be a parameter's name", "<1a>")]);
        check_error("/<>", &[("`` cannot be a parameter's name", "<>")]);
        check_error("/<self>", &[("`self` cannot be a parameter's name", "<self>")]);
        check_error("/<a-b>", &[("`a-b` cannot be a parameter's name", "<a-b>")]);
        check_error("/<a>/<a>", &[("the path has two parameters `a`", "<a>")]);
        check_error("/<a..>/b", &[("`<a..>` is not the last segment", "<a..>")]);
        check_error("/a b", &[("` ` cannot stand in a path", " ")]);
        check_error("/é", &[("`é` cannot stand in a path", "é")]);
    }

    #[test]
    fn all_mistakes_are_reported_at_once() {
        check_error(
            "/{a}/b c/<d..>/",
            &[
                ("the path ends with `/`", "/"),
                ("`{a}` is not how a parameter is written here", "{a}"),
                ("` ` cannot stand in a path", " "),
            ],
        );
    }

    #[test]
    fn other_spellings_are_answered_with_ours() {
        let help = |text: &str| PathPattern::parse(text).unwrap_err()[0].help();
        assert_eq!(help("/{name}"), "write `<name>`");
        assert_eq!(help("/{proxy+}"), "write `<proxy..>`");
        assert_eq!(help("/{*rest}"), "write `<rest..>`");
        assert_eq!(help("/:name"), "write `<name>`");
        assert_eq!(help("/*rest"), "write `<rest..>`");
    }

    #[test]
    fn a_path_matches_whole_segments_only() {
        let captures = |pattern: &str, path: &str| {
            let pattern = PathPattern::parse(pattern).expect(pattern);
            pattern.captures(path).map(|found| {
                found.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(",")
            })
        };
        assert_eq!(captures("/", "/"), Some(String::new()));
        assert_eq!(captures("/", "/a"), None);
        assert_eq!(captures("/a/<b>", "/a/x"), Some("b=x".to_owned()));
        assert_eq!(captures("/a/<b>", "/a/"), None);
        assert_eq!(captures("/a/<b>", "/a/x/"), None);
        assert_eq!(captures("/a/<b>", "/a/x/y"), None);
        assert_eq!(captures("/a/<b>", "/A/x"), None);
        assert_eq!(captures("/a/<b..>", "/a/x/y/"), Some("b=x/y/".to_owned()));
        assert_eq!(captures("/a/<b..>", "/a/"), None);
        assert_eq!(captures("/<a>/<b..>", "/1/2/3"), Some("a=1,b=2/3".to_owned()));
    }

    #[test]
    fn shapes_are_equal_when_only_names_differ() {
        let shape = |text: &str| PathPattern::parse(text).expect(text).shape();
        assert_eq!(shape("/x/<a>"), shape("/x/<b>"));
        assert_ne!(shape("/x/<a>"), shape("/x/<a..>"));
    }
}
