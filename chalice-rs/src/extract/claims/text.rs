//! Claims, each of which is text, into any type that serde can make.

use std::borrow::Cow;
use std::str::FromStr;

use chalice_rs_wire::http_v2::{Pairs, list_of};
use serde::Deserialize;
use serde::de::value::{CowStrDeserializer, MapDeserializer, SeqDeserializer};
use serde::de::{Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use crate::extract::pairs::Defect;

/// Makes a value of the claims.
pub(super) fn read<'de, T: Deserialize<'de>>(claims: Pairs<'de>) -> Result<T, Defect> {
    let named = claims.into_iter().map(|(name, text)| (name.clone(), Text { name, text }));
    T::deserialize(Claims(named.collect()))
}

/// All claims.
struct Claims<'de>(Vec<(Cow<'de, str>, Text<'de>)>);

impl<'de> Deserializer<'de> for Claims<'de> {
    type Error = Defect;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Defect> {
        MapDeserializer::new(self.0.into_iter()).deserialize_any(visitor)
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
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf seq
        tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// One claim, or a part of one that was a list.
#[derive(Clone)]
struct Text<'de> {
    name: Cow<'de, str>,
    text: Cow<'de, str>,
}

impl Text<'_> {
    fn parsed<T: FromStr<Err: std::fmt::Display>>(&self) -> Result<T, Defect> {
        self.text.parse().map_err(|error: T::Err| self.defect(&error))
    }

    fn defect(&self, message: &dyn std::fmt::Display) -> Defect {
        Defect::Invalid { name: self.name.clone().into_owned(), message: message.to_string() }
    }
}

macro_rules! parsed {
    ($($deserialize:ident $visit:ident)*) => {
        $(
            fn $deserialize<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Defect> {
                let value = self.parsed()?;
                visitor.$visit(value).map_err(|defect: Defect| defect.of(&self.name))
            }
        )*
    };
}

impl<'de> Deserializer<'de> for Text<'de> {
    type Error = Defect;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Defect> {
        let visited = match self.text {
            Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
            Cow::Owned(text) => visitor.visit_string(text),
        };
        visited.map_err(|defect: Defect| defect.of(&self.name))
    }

    parsed! {
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

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Defect> {
        let part = |part: &str| Text { name: self.name.clone(), text: Cow::Owned(part.to_owned()) };
        let parts: Vec<Text<'de>> = list_of(&self.text).map(part).collect();
        SeqDeserializer::new(parts.into_iter()).deserialize_any(visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _len: usize, visitor: V) -> Result<V::Value, Defect> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _len: usize,
        visitor: V,
    ) -> Result<V::Value, Defect> {
        self.deserialize_seq(visitor)
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

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Defect> {
        let Self { name, text } = self;
        let variant: CowStrDeserializer<'de, Defect> = text.into_deserializer();
        visitor.visit_enum(variant).map_err(|defect: Defect| defect.of(&name))
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Defect> {
        // What was an object in the token is its JSON.
        let value: serde_json::Value = self.parsed()?;
        value.deserialize_map(visitor).map_err(|error| self.defect(&error))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Defect> {
        self.deserialize_map(visitor)
    }

    forward_to_deserialize_any! { str string bytes byte_buf unit unit_struct identifier ignored_any }
}

impl<'de> IntoDeserializer<'de, Defect> for Text<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}
