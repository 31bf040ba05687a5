//! What becomes of `http_error.rs`.

impl ::chalice_rs::__private::HttpError for Trouble {
    fn status(&self) -> ::chalice_rs::__private::StatusCode {
        match self {
            Self::NoSuchThing { .. } => ::chalice_rs::__private::status(404u16),
            Self::Taken { .. } => ::chalice_rs::__private::status(409u16),
            Self::Inner { 0: field } => ::chalice_rs::__private::HttpError::status(field),
            Self::Other { .. } => ::chalice_rs::__private::undeclared::status(self),
        }
    }
    fn code(&self) -> ::std::borrow::Cow<'static, ::core::primitive::str> {
        match self {
            Self::NoSuchThing { .. } => ::std::borrow::Cow::Borrowed("NoSuchThing"),
            Self::Taken { .. } => ::std::borrow::Cow::Borrowed("Taken"),
            Self::Inner { 0: field } => ::chalice_rs::__private::HttpError::code(field),
            Self::Other { .. } => ::chalice_rs::__private::undeclared::code(self),
        }
    }
    fn message(&self) -> ::std::borrow::Cow<'static, ::core::primitive::str> {
        match self {
            Self::NoSuchThing { .. } => {
                ::chalice_rs::__private::undeclared::message(self)
            }
            Self::Taken { .. } => ::std::borrow::Cow::Borrowed("somebody was faster"),
            Self::Inner { 0: field } => {
                ::chalice_rs::__private::HttpError::message(field)
            }
            Self::Other { .. } => ::chalice_rs::__private::undeclared::message(self),
        }
    }
    fn headers(&self) -> ::chalice_rs::__private::Headers {
        match self {
            Self::NoSuchThing { .. } => {
                ::chalice_rs::__private::undeclared::headers(self)
            }
            Self::Taken { .. } => ::chalice_rs::__private::undeclared::headers(self),
            Self::Inner { 0: field } => {
                ::chalice_rs::__private::HttpError::headers(field)
            }
            Self::Other { .. } => ::chalice_rs::__private::undeclared::headers(self),
        }
    }
    ::chalice_rs::__private::describe_error! {
        [404u16 "NoSuchThing"] [409u16 "Taken"] [of Other] [500u16]
    }
}
::chalice_rs::__private::submit! {
    ::chalice_rs::__private::KnownError::of:: < Trouble > ()
}
impl ::chalice_rs::__private::HttpError for Unpaid {
    fn status(&self) -> ::chalice_rs::__private::StatusCode {
        match self {
            Self { .. } => ::chalice_rs::__private::status(402u16),
        }
    }
    fn code(&self) -> ::std::borrow::Cow<'static, ::core::primitive::str> {
        match self {
            Self { .. } => ::std::borrow::Cow::Borrowed("Unpaid"),
        }
    }
    ::chalice_rs::__private::describe_error! {
        [402u16 "Unpaid"]
    }
}
::chalice_rs::__private::submit! {
    ::chalice_rs::__private::KnownError::of:: < Unpaid > ()
}
impl ::chalice_rs::__private::HttpError for Secret {
    ::chalice_rs::__private::describe_error! {
        [500u16]
    }
}
::chalice_rs::__private::submit! {
    ::chalice_rs::__private::KnownError::of:: < Secret > ()
}
