//! Claims, each of which is text, into any type that serde can make.
//!
//! Not here: what goes for pairs of texts in general; see `extract/pairs.rs`.

use chalice_rs_wire::http_v2::{Pairs, list_of};
use serde::Deserialize;
use serde::de::{self, Deserializer, Visitor};
use serde::forward_to_deserialize_any;

use crate::Request;
use crate::extract::pairs::{self, Defect, Elements, Values, by_text, miscounted};

/// Makes a value of the claims.
pub(super) fn read<'r, T: Deserialize<'r>>(request: &'r Request<'r>, claims: Pairs<'r>) -> Result<T, Defect> {
    pairs::read_as::<Text<'r>, T>(request, claims)
}

/// One claim, or a part of one that was a list.
struct Text<'de>(&'de str);

impl<'de> From<Values<'de>> for Text<'de> {
    /// A token has each claim once.
    fn from(values: Values<'de>) -> Self {
        Self(values.first)
    }
}

impl<'de> Text<'de> {
    fn one(self) -> Result<&'de str, Defect> {
        Ok(self.0)
    }
}

impl<'de> Deserializer<'de> for Text<'de> {
    type Error = Defect;

    by_text! {}

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Defect> {
        visitor.visit_borrowed_str(self.0)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Defect> {
        visitor.visit_seq(Elements(list_of(self.0).map(Text)))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Defect> {
        let count = list_of(self.0).count();
        if count == len { self.deserialize_seq(visitor) } else { Err(miscounted(len, count)) }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Defect> {
        // What was an object in the token is its JSON.
        let value: serde_json::Value = self.0.parse().map_err(de::Error::custom)?;
        value.deserialize_map(visitor).map_err(de::Error::custom)
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
