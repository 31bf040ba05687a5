//! The HTTP methods a route can have.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A method that API Gateway takes in a route key.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html>
///
/// ```
/// use chalice_rs_manifest::Method;
///
/// assert_eq!("PATCH".parse(), Ok(Method::Patch));
/// assert_eq!(format!("{} /users", Method::Any), "ANY /users");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "each variant is the method of its name")]
pub enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
    Head,
    Options,
    /// Every method that no other route of the same path has.
    Any,
}

impl Method {
    /// All of them, in the order of the declaration.
    pub const ALL: [Self; 8] =
        [Self::Get, Self::Post, Self::Put, Self::Patch, Self::Delete, Self::Head, Self::Options, Self::Any];

    /// The method as it stands in a route key.
    ///
    /// ```
    /// use chalice_rs_manifest::Method;
    ///
    /// assert_eq!(Method::ALL.map(Method::as_str)[0], "GET");
    /// ```
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
            Self::Head => "HEAD",
            Self::Options => "OPTIONS",
            Self::Any => "ANY",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Method {
    type Err = UnknownMethod;

    fn from_str(text: &str) -> Result<Self, UnknownMethod> {
        Self::ALL
            .into_iter()
            .find(|method| method.as_str() == text)
            .ok_or_else(|| UnknownMethod(text.to_owned()))
    }
}

/// The text is not one of [`Method::ALL`], which are upper-case.
///
/// ```
/// use chalice_rs_manifest::Method;
///
/// let error = "FETCH".parse::<Method>().unwrap_err();
/// assert_eq!(error.to_string(), "`FETCH` is not a method of API Gateway");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownMethod(pub String);

impl UnknownMethod {
    /// What to do about it.
    ///
    /// ```
    /// use chalice_rs_manifest::Method;
    ///
    /// assert_eq!("get".parse::<Method>().unwrap_err().help(), "write `GET`");
    /// ```
    pub fn help(&self) -> String {
        let upper = self.0.to_ascii_uppercase();
        match Method::from_str(&upper) {
            Ok(method) => format!("write `{method}`"),
            Err(_) => format!("use one of {}", Method::ALL.map(Method::as_str).join(", ")),
        }
    }
}

impl fmt::Display for UnknownMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not a method of API Gateway", self.0)
    }
}

impl std::error::Error for UnknownMethod {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_reads_back_what_it_prints() {
        for method in Method::ALL {
            assert_eq!(method.to_string().parse(), Ok(method));
        }
    }

    #[test]
    fn a_lower_case_method_is_answered_with_the_right_one() {
        assert_eq!("get".parse::<Method>().unwrap_err().help(), "write `GET`");
        assert!("TRACE".parse::<Method>().unwrap_err().help().starts_with("use one of GET, POST"));
    }
}
