//! Names and values, as a query, a form or a token has them, into any type that serde can make.
//!
//! Here: what [`Query`](crate::Query), [`Form`](crate::Form) and [`Claims`](crate::Claims) share, and the values
//! of the first two.
//! Not here: the values of claims; see `claims/text.rs`. How pairs are decoded; see
//! [`chalice_rs_wire::http_v2::form_pairs`].

use std::borrow::Cow;
use std::fmt::Display;
use std::marker::PhantomData;
use std::vec;

use serde::Deserialize;
use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use crate::Request;

/// Makes a value of the pairs. Each name is given to serde once, with all its values.
///
/// What had to be decoded stays with the request, so that the value can borrow all of it.
pub(crate) fn read<'r, T: Deserialize<'r>>(
    request: &'r Request<'r>,
    pairs: impl Iterator<Item = (Cow<'r, str>, Cow<'r, str>)>,
) -> Result<T, Defect> {
    read_as::<Values<'r>, T>(request, pairs.collect())
}

/// The same, where `V` says what the values of a name are to serde.
pub(super) fn read_as<'r, V, T>(
    request: &'r Request<'r>,
    pairs: Vec<(Cow<'r, str>, Cow<'r, str>)>,
) -> Result<T, Defect>
where
    V: Deserializer<'r, Error = Defect> + From<Values<'r>>,
    T: Deserialize<'r>,
{
    T::deserialize(Pairs { pairs: borrowed(request, pairs), values: PhantomData::<V> })
}

/// A name and one value of it.
type Pair<'de> = (&'de str, &'de str);

/// The texts that had to be decoded.
struct Decoded(Vec<String>);

fn borrowed<'r>(request: &'r Request<'r>, mut pairs: Vec<(Cow<'r, str>, Cow<'r, str>)>) -> Vec<Pair<'r>> {
    let mut decoded = Vec::new();
    for text in pairs.iter_mut().flat_map(|(name, value)| [name, value]) {
        if let Cow::Owned(text) = text {
            decoded.push(std::mem::take(text));
        }
    }
    let decoded = if decoded.is_empty() { None } else { request.extensions.insert(Decoded(decoded)) };
    let mut decoded = decoded.into_iter().flat_map(|Decoded(texts)| texts).map(String::as_str);
    // The same order again.
    let mut borrowed = |text| match text {
        Cow::Borrowed(text) => text,
        Cow::Owned(_) => decoded.next().unwrap_or_default(),
    };
    pairs.into_iter().map(|(name, value)| (borrowed(name), borrowed(value))).collect()
}

/// Why the pairs are not such a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Defect {
    /// There is no pair of this name.
    Missing { name: String },
    /// The values of this name are wrong.
    Invalid { name: String, message: String },
    /// Something is wrong, and serde does not say with which name.
    Unfit { message: String },
}

impl Defect {
    /// The same with the name that it is about, where it has none yet.
    pub(crate) fn of(self, name: &str) -> Self {
        match self {
            Self::Unfit { message } => Self::Invalid { name: name.to_owned(), message },
            named => named,
        }
    }
}

impl de::Error for Defect {
    fn custom<M: Display>(message: M) -> Self {
        Self::Unfit { message: message.to_string() }
    }

    fn missing_field(name: &'static str) -> Self {
        Self::Missing { name: name.to_owned() }
    }

    fn duplicate_field(name: &'static str) -> Self {
        Self::Invalid { name: name.to_owned(), message: "given under two names".to_owned() }
    }

    fn unknown_field(name: &str, expected: &'static [&'static str]) -> Self {
        let known: Vec<String> = expected.iter().map(|name| format!("`{name}`")).collect();
        let message = match known.as_slice() {
            [] => "unknown, there are none".to_owned(),
            known => format!("unknown, expected {}", known.join(", ")),
        };
        Self::Invalid { name: name.to_owned(), message }
    }
}

impl Display for Defect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Missing { name } => write!(f, "`{name}` is missing"),
            Self::Invalid { name, message } => write!(f, "`{name}`: {message}"),
            Self::Unfit { message } => f.write_str(message),
        }
    }
}

impl std::error::Error for Defect {}

/// All pairs.
struct Pairs<'de, T> {
    pairs: Vec<Pair<'de>>,
    values: PhantomData<T>,
}

impl<'de, T> Deserializer<'de> for Pairs<'de, T>
where
    T: Deserializer<'de, Error = Defect> + From<Values<'de>>,
{
    type Error = Defect;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Defect> {
        let groups = grouped(self.pairs).into_iter();
        visitor.visit_map(Fields { groups, current: None, values: self.values })
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Defect> {
        let pairs = self.pairs.into_iter().map(|(name, value)| Values { first: name, rest: vec![value] });
        visitor.visit_seq(Elements(pairs))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Defect> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Defect> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Defect> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Defect> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf
        tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// The values of each name, the names in the order in which each came first.
///
/// Sorted rather than compared each with each: a form may have a million pairs.
fn grouped(pairs: Vec<Pair<'_>>) -> Vec<(&str, Values<'_>)> {
    let mut pairs: Vec<_> = pairs.into_iter().enumerate().collect();
    pairs.sort_by_key(|(_, (name, _))| *name);
    let mut groups: Vec<(usize, &str, Values<'_>)> = Vec::with_capacity(pairs.len());
    for (index, (name, value)) in pairs {
        match groups.last_mut() {
            Some((_, found, values)) if *found == name => values.rest.push(value),
            _ => groups.push((index, name, Values { first: value, rest: Vec::new() })),
        }
    }
    groups.sort_unstable_by_key(|(index, ..)| *index);
    groups.into_iter().map(|(_, name, values)| (name, values)).collect()
}

/// The names, one after the other.
struct Fields<'de, T> {
    groups: vec::IntoIter<(&'de str, Values<'de>)>,
    /// The name that was read last, whose values come next.
    current: Option<(&'de str, Values<'de>)>,
    values: PhantomData<T>,
}

impl<'de, T> MapAccess<'de> for Fields<'de, T>
where
    T: Deserializer<'de, Error = Defect> + From<Values<'de>>,
{
    type Error = Defect;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Defect> {
        let Some((name, values)) = self.groups.next() else { return Ok(None) };
        self.current = Some((name, values));
        seed.deserialize(Values { first: name, rest: Vec::new() }).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Defect> {
        let Some((name, values)) = self.current.take() else {
            return Err(de::Error::custom("a value was asked for before its name"));
        };
        seed.deserialize(T::from(values)).map_err(|defect| defect.of(name))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.groups.len())
    }
}

/// All values of a name, at least one.
pub(super) struct Values<'de> {
    pub(super) first: &'de str,
    rest: Vec<&'de str>,
}

impl<'de> Values<'de> {
    fn len(&self) -> usize {
        1 + self.rest.len()
    }

    /// The only value.
    fn one(self) -> Result<&'de str, Defect> {
        let count = self.len();
        if count == 1 { Ok(self.first) } else { Err(miscounted(1, count)) }
    }

    fn into_elements(self) -> Elements<impl Iterator<Item = Values<'de>>> {
        let texts = std::iter::once(self.first).chain(self.rest);
        Elements(texts.map(|first| Values { first, rest: Vec::new() }))
    }
}

pub(super) fn miscounted(expected: usize, found: usize) -> Defect {
    let values = if expected == 1 { "value" } else { "values" };
    de::Error::custom(format_args!("expected {expected} {values}, found {found}"))
}

/// What each deserializer of texts does alike: `one` is its text, which scalars are parsed from and which names a
/// variant, and what is there is some value.
macro_rules! by_text {
    () => {
        $crate::extract::pairs::by_text! {
            deserialize_bool visit_bool
            deserialize_i8 visit_i8
            deserialize_i16 visit_i16
            deserialize_i32 visit_i32
            deserialize_i64 visit_i64
            deserialize_i128 visit_i128
            deserialize_u8 visit_u8
            deserialize_u16 visit_u16
            deserialize_u32 visit_u32
            deserialize_u64 visit_u64
            deserialize_u128 visit_u128
            deserialize_f32 visit_f32
            deserialize_f64 visit_f64
            deserialize_char visit_char
        }

        fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Defect> {
            visitor.visit_some(self)
        }

        fn deserialize_newtype_struct<V: Visitor<'de>>(
            self,
            _name: &'static str,
            visitor: V,
        ) -> Result<V::Value, Defect> {
            visitor.visit_newtype_struct(self)
        }

        fn deserialize_tuple_struct<V: Visitor<'de>>(
            self,
            _name: &'static str,
            len: usize,
            visitor: V,
        ) -> Result<V::Value, Defect> {
            self.deserialize_tuple(len, visitor)
        }

        fn deserialize_enum<V: Visitor<'de>>(
            self,
            _name: &'static str,
            _variants: &'static [&'static str],
            visitor: V,
        ) -> Result<V::Value, Defect> {
            visitor.visit_enum(serde::de::value::BorrowedStrDeserializer::new(self.one()?))
        }
    };
    ($($deserialize:ident $visit:ident)*) => {$(
        fn $deserialize<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Defect> {
            visitor.$visit(self.one()?.parse().map_err(de::Error::custom)?)
        }
    )*};
}

pub(super) use by_text;

impl<'de> Deserializer<'de> for Values<'de> {
    type Error = Defect;

    by_text! {}

    /// Text, or a list if there are several: the type does not say what it wants.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Defect> {
        if self.rest.is_empty() { self.deserialize_str(visitor) } else { self.deserialize_seq(visitor) }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Defect> {
        visitor.visit_borrowed_str(self.one()?)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Defect> {
        visitor.visit_borrowed_bytes(self.one()?.as_bytes())
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Defect> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Defect> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Defect> {
        visitor.visit_unit()
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Defect> {
        visitor.visit_seq(self.into_elements())
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Defect> {
        let count = self.len();
        if count == len { self.deserialize_seq(visitor) } else { Err(miscounted(len, count)) }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Defect> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! { map struct }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Defect> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Defect> {
        self.deserialize_str(visitor)
    }
}

/// A list's elements.
pub(super) struct Elements<I>(pub(super) I);

impl<'de, I> SeqAccess<'de> for Elements<I>
where
    I: Iterator<Item: Deserializer<'de, Error = Defect>>,
{
    type Error = Defect;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Defect> {
        self.0.next().map(|element| seed.deserialize(element)).transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        self.0.size_hint().1
    }
}
