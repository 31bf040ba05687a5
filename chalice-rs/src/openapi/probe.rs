//! How an expansion asks a type for what it says, whether or not the type says anything.
//!
//! A method is looked for with as many `&` as there are, then with one less: of the three traits the
//! first is taken that the type has. This works for the types of a program, not for type parameters,
//! and so only in an expansion.

use std::any::type_name;
use std::marker::PhantomData;

use schemars::JsonSchema;

use super::operation::{Operation, Status};
use super::{DescribeAnswer, DescribeArgument, Outline, Whole};
use crate::{FromRequest, HttpError};

/// The type says everything.
pub trait First {
    /// Writes it into the operation.
    fn describe(&self, operation: &mut Operation<'_>);
}

/// The type says something.
pub trait Second {
    /// Writes it into the operation.
    fn describe(&self, operation: &mut Operation<'_>);
}

/// The type says nothing.
pub trait Third {
    /// Writes into the operation what goes for any type.
    fn describe(&self, operation: &mut Operation<'_>);
}

/// A path parameter of type `T`.
#[derive(Debug)]
pub struct ParameterProbe<T>(&'static str, PhantomData<T>);

impl<T> ParameterProbe<T> {
    /// Of this name.
    pub const fn of(name: &'static str) -> Self {
        Self(name, PhantomData)
    }
}

impl<T: JsonSchema> First for &&ParameterProbe<T> {
    fn describe(&self, operation: &mut Operation<'_>) {
        operation.path::<T>(self.0);
    }
}

impl<T> Third for ParameterProbe<T> {
    fn describe(&self, operation: &mut Operation<'_>) {
        operation.parsed_path(self.0);
    }
}

/// An extractor of type `T`.
#[derive(Debug)]
pub struct ArgumentProbe<T>(PhantomData<T>);

impl<T> ArgumentProbe<T> {
    /// Of this type.
    pub const fn of() -> Self {
        Self(PhantomData)
    }
}

impl<T: DescribeArgument<Whole>> First for &&ArgumentProbe<T> {
    fn describe(&self, operation: &mut Operation<'_>) {
        T::describe(operation);
    }
}

impl<T: DescribeArgument<Outline>> Second for &ArgumentProbe<T> {
    fn describe(&self, operation: &mut Operation<'_>) {
        T::describe(operation);
    }
}

impl<T> Third for ArgumentProbe<T> {
    fn describe(&self, _: &mut Operation<'_>) {}
}

/// What goes for an extractor whatever it says of itself. Of what is none the compiler speaks elsewhere.
#[derive(Debug)]
pub struct ExtractorProbe<T>(PhantomData<T>);

impl<T> ExtractorProbe<T> {
    /// Of this type.
    pub const fn of() -> Self {
        Self(PhantomData)
    }
}

impl<'r, T: FromRequest<'r, Rejection: DescribeAnswer<Whole>>> First for &&ExtractorProbe<T> {
    fn describe(&self, operation: &mut Operation<'_>) {
        operation.argument_ended(T::TAKES_BODY);
        T::Rejection::describe(operation);
    }
}

impl<'r, T: FromRequest<'r>> Second for &ExtractorProbe<T> {
    fn describe(&self, operation: &mut Operation<'_>) {
        operation.argument_ended(T::TAKES_BODY);
    }
}

impl<T> Third for ExtractorProbe<T> {
    fn describe(&self, _: &mut Operation<'_>) {}
}

/// An answer of type `T`.
#[derive(Debug)]
pub struct AnswerProbe<T>(PhantomData<T>);

impl<T> AnswerProbe<T> {
    /// Of this type.
    pub const fn of() -> Self {
        Self(PhantomData)
    }
}

impl<T: DescribeAnswer<Whole>> First for &&AnswerProbe<T> {
    fn describe(&self, operation: &mut Operation<'_>) {
        T::describe(operation);
    }
}

impl<T: DescribeAnswer<Outline>> Second for &AnswerProbe<T> {
    fn describe(&self, operation: &mut Operation<'_>) {
        T::describe(operation);
    }
}

impl<T> Third for AnswerProbe<T> {
    fn describe(&self, operation: &mut Operation<'_>) {
        operation.answer(Status::Any, "An answer");
        operation.note(format!("the answer `{}` is not described", type_name::<T>()));
    }
}

/// Errors of type `E`.
#[derive(Debug)]
pub struct ErrorProbe<E>(PhantomData<E>);

impl<E: HttpError> ErrorProbe<E> {
    /// Their statuses and codes.
    pub fn cases() -> Vec<(u16, Option<&'static str>)> {
        E::cases()
    }
}

/// A type without a status: the compiler takes this where it has nothing better.
pub trait NoCases {
    /// None. That something is missing, the compiler says elsewhere.
    fn cases() -> Vec<(u16, Option<&'static str>)> {
        Vec::new()
    }
}

impl<E> NoCases for ErrorProbe<E> {}
