//! The names a user chooses, with the limits that AWS puts on what is made from them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Lambda's limit for a function's name, in characters; the role's is the same.
/// <https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html>
pub const FUNCTION_NAME_LIMIT: usize = 64;

/// The app's name: the first part of every resource's name.
///
/// Letters, digits, `-` and `_`, starting with a letter, at most 40 characters.
///
/// ```
/// use chalice_rs_manifest::AppName;
///
/// assert_eq!("shop".parse::<AppName>().unwrap().to_string(), "shop");
/// assert!("my shop".parse::<AppName>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AppName(String);

/// The stage's name: the second part of every resource's name. Each stage is a full set of
/// resources of its own.
///
/// Letters, digits, `-` and `_`, starting with a letter, at most 20 characters.
///
/// ```
/// use chalice_rs_manifest::Stage;
///
/// assert_eq!("dev".parse::<Stage>().unwrap().to_string(), "dev");
/// assert!("2".parse::<Stage>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Stage(String);

/// The name of a Lambda function beside the one of all routes, and of an authorizer: the third part
/// of the function's name.
///
/// Letters, digits, `-` and `_`, starting with a letter, at most 40 characters; together with app
/// and stage at most [`FUNCTION_NAME_LIMIT`]. Not [one that means something else](Self::TAKEN).
///
/// ```
/// use chalice_rs_manifest::FunctionName;
///
/// assert_eq!("thumbnails".parse::<FunctionName>().unwrap().to_string(), "thumbnails");
/// assert!("bootstrap".parse::<FunctionName>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FunctionName(String);

impl FunctionName {
    /// The most characters a name can have. API Gateway takes longer names of authorizers.
    pub const LIMIT: usize = 40;

    /// The handler string of the function of all routes, and the two words that stand for no
    /// authorizer of the app's own in `authorizer = ..`.
    pub const TAKEN: [&str; 3] = ["bootstrap", "iam", "none"];
}

impl AppName {
    /// The most characters a name can have, so that `<app>-<stage>` stays within
    /// [`FUNCTION_NAME_LIMIT`].
    pub const LIMIT: usize = 40;
}

impl Stage {
    /// The most characters a name can have.
    pub const LIMIT: usize = 20;
}

/// Why a text cannot be a name.
///
/// ```
/// use chalice_rs_manifest::Stage;
///
/// let error = "my stage".parse::<Stage>().unwrap_err();
/// assert_eq!(error.to_string(), "the stage `my stage` has a ` `");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NameError {
    /// There is nothing.
    Empty {
        /// What is to be named.
        what: &'static str,
    },
    /// It is too long.
    TooLong {
        /// What is to be named.
        what: &'static str,
        /// The name.
        name: String,
        /// The most characters it can have.
        limit: usize,
    },
    /// It has a character that AWS refuses.
    BadCharacter {
        /// What is to be named.
        what: &'static str,
        /// The name.
        name: String,
        /// The character.
        char: char,
    },
    /// It does not start with a letter.
    BadStart {
        /// What is to be named.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// It means something else.
    Taken {
        /// What is to be named.
        what: &'static str,
        /// The name.
        name: String,
    },
}

impl NameError {
    /// What to do about it.
    ///
    /// ```
    /// use chalice_rs_manifest::Stage;
    ///
    /// let error = "a-stage-with-a-name-for-a-king".parse::<Stage>().unwrap_err();
    /// assert_eq!(error.help(), "use at most 20 characters");
    /// ```
    pub fn help(&self) -> String {
        match self {
            Self::TooLong { limit, .. } => format!("use at most {limit} characters"),
            Self::Taken { .. } => {
                "choose another: `bootstrap` is the function of all routes, and `iam` and `none` are \
                                   words that `authorizer = ..` knows"
                    .to_owned()
            }
            Self::Empty { .. } | Self::BadCharacter { .. } | Self::BadStart { .. } => {
                "use letters, digits, `-` and `_`, starting with a letter".to_owned()
            }
        }
    }
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty { what } => write!(f, "the {what} is empty"),
            Self::TooLong { what, name, .. } => {
                write!(f, "the {what} `{name}` has {} characters", name.chars().count())
            }
            Self::BadCharacter { what, name, char } => write!(f, "the {what} `{name}` has a `{char}`"),
            Self::BadStart { what, name } => write!(f, "the {what} `{name}` does not start with a letter"),
            Self::Taken { what, name } => write!(f, "the {what} `{name}` means something else"),
        }
    }
}

impl std::error::Error for NameError {}

fn checked(what: &'static str, limit: usize, taken: &[&str], name: &str) -> Result<String, NameError> {
    let name = name.to_owned();
    if taken.contains(&name.as_str()) {
        return Err(NameError::Taken { what, name });
    }
    let Some(first) = name.chars().next() else { return Err(NameError::Empty { what }) };
    if let Some(char) = name.chars().find(|char| !char.is_ascii_alphanumeric() && !matches!(char, '-' | '_'))
    {
        return Err(NameError::BadCharacter { what, name, char });
    }
    if !first.is_ascii_alphabetic() {
        return Err(NameError::BadStart { what, name });
    }
    if name.len() > limit {
        return Err(NameError::TooLong { what, name, limit });
    }
    Ok(name)
}

macro_rules! name {
    ($type:ident, $what:literal, $taken:expr) => {
        impl $type {
            /// The name as text.
            ///
            /// ```
            /// use chalice_rs_manifest::AppName;
            ///
            /// assert_eq!("shop".parse::<AppName>().unwrap().as_str(), "shop");
            /// ```
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $type {
            type Err = NameError;

            fn from_str(name: &str) -> Result<Self, NameError> {
                checked($what, Self::LIMIT, &$taken, name).map(Self)
            }
        }

        impl TryFrom<String> for $type {
            type Error = NameError;

            fn try_from(name: String) -> Result<Self, NameError> {
                name.parse()
            }
        }

        impl From<$type> for String {
            fn from(name: $type) -> Self {
                name.0
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
    };
}

name!(AppName, "app name", []);
name!(Stage, "stage", []);
name!(FunctionName, "function name", Self::TAKEN);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_aws_takes_are_taken() {
        for name in ["a", "orders", "my-app_2", &"a".repeat(AppName::LIMIT)] {
            assert_eq!(name.parse::<AppName>().map(String::from).as_deref(), Ok(name));
        }
    }

    #[test]
    fn names_that_aws_refuses_are_refused() {
        let error = |name: &str| name.parse::<AppName>().unwrap_err();
        assert_eq!(error("").to_string(), "the app name is empty");
        assert_eq!(error("a b").to_string(), "the app name `a b` has a ` `");
        assert_eq!(error("1a").to_string(), "the app name `1a` does not start with a letter");
        assert_eq!(error(&"a".repeat(41)).help(), "use at most 40 characters");
    }

    #[test]
    fn a_name_that_means_something_else_is_no_functions() {
        for name in FunctionName::TAKEN {
            let error = name.parse::<FunctionName>().unwrap_err();
            assert_eq!(error.to_string(), format!("the function name `{name}` means something else"));
            assert_eq!(name.parse::<Stage>().map(String::from).as_deref(), Ok(name));
        }
    }

    #[test]
    fn the_longest_names_together_fit_a_function() {
        assert!(AppName::LIMIT + "-".len() + Stage::LIMIT <= FUNCTION_NAME_LIMIT);
    }
}
