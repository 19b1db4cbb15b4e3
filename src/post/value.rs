//! `Value`: what one field of a record may hold, whatever the format it came in.
//!
//! Exports disagree about types (ids are numbers here and strings there, targets are objects, lists
//! or one string), so a field is read as what it is and judged by [`Draft`](super::fields::Draft)
//! afterwards, which can then name the field in its complaint. Only fields that a post knows are
//! read so; the others are skipped without being built.

use std::fmt::Write as _;

/// The content of one field.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(not(feature = "serde"), allow(dead_code, reason = "only records in JSON bring these kinds"))]
pub(crate) enum Value {
    /// Nothing: JSON's `null`, an empty CSV cell.
    Null,
    /// A truth value.
    Bool(bool),
    /// A number, in decimal.
    Number(String),
    /// A string.
    Text(String),
    /// A list.
    List(Vec<Value>),
    /// An object, in its own order.
    Map(Vec<(String, Value)>),
}

impl Value {
    /// What it is, in the words of an error message.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::Text(_) => "a string",
            Self::List(_) => "a list",
            Self::Map(_) => "an object",
        }
    }

    /// A string or a number as text: how ids and times are taken.
    pub(crate) fn into_scalar(self) -> Result<String, Self> {
        match self {
            Self::Text(text) | Self::Number(text) => Ok(text),
            other => Err(other),
        }
    }

    /// A string, and nothing else.
    pub(crate) fn into_text(self) -> Result<String, Self> {
        match self {
            Self::Text(text) => Ok(text),
            other => Err(other),
        }
    }

    /// The value as a JSON text, for what is passed through unread. A bare string stays as it is:
    /// it is the JSON text of a field that has been through here before.
    pub(crate) fn into_json(self) -> String {
        match self {
            Self::Text(text) => text,
            other => {
                let mut out = String::new();
                other.write_json(&mut out);
                out
            }
        }
    }

    fn write_json(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(b) => out.push_str(if *b { "true" } else { "false" }),
            Self::Number(n) => out.push_str(n),
            Self::Text(text) => write_string(text, out),
            Self::List(values) => {
                out.push('[');
                for (i, value) in values.iter().enumerate() {
                    if i > 0 {
                        out.push(',');
                    }
                    value.write_json(out);
                }
                out.push(']');
            }
            Self::Map(entries) => {
                out.push('{');
                for (i, (name, value)) in entries.iter().enumerate() {
                    if i > 0 {
                        out.push(',');
                    }
                    write_string(name, out);
                    out.push(':');
                    value.write_json(out);
                }
                out.push('}');
            }
        }
    }
}

fn write_string(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if c < ' ' => {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(feature = "serde")]
mod de {
    use super::Value;
    use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
    use std::fmt;

    struct ValueVisitor;

    impl<'de> Visitor<'de> for ValueVisitor {
        type Value = Value;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a value")
        }

        fn visit_unit<E>(self) -> Result<Value, E> {
            Ok(Value::Null)
        }

        fn visit_none<E>(self) -> Result<Value, E> {
            Ok(Value::Null)
        }

        fn visit_some<D: Deserializer<'de>>(self, d: D) -> Result<Value, D::Error> {
            Value::deserialize(d)
        }

        fn visit_bool<E>(self, v: bool) -> Result<Value, E> {
            Ok(Value::Bool(v))
        }

        fn visit_i64<E>(self, v: i64) -> Result<Value, E> {
            Ok(Value::Number(v.to_string()))
        }

        fn visit_u64<E>(self, v: u64) -> Result<Value, E> {
            Ok(Value::Number(v.to_string()))
        }

        fn visit_f64<E>(self, v: f64) -> Result<Value, E> {
            Ok(Value::Number(v.to_string()))
        }

        fn visit_str<E>(self, v: &str) -> Result<Value, E> {
            Ok(Value::Text(v.to_owned()))
        }

        fn visit_string<E>(self, v: String) -> Result<Value, E> {
            Ok(Value::Text(v))
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
            let mut values = Vec::new();
            while let Some(value) = seq.next_element()? {
                values.push(value);
            }
            Ok(Value::List(values))
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
            let mut entries = Vec::new();
            while let Some(entry) = map.next_entry()? {
                entries.push(entry);
            }
            Ok(Value::Map(entries))
        }
    }

    impl<'de> Deserialize<'de> for Value {
        fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
            d.deserialize_any(ValueVisitor)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Value;

    #[test]
    fn what_is_passed_through_stays_json() {
        let likes = Value::Map(vec![
            ("likes".into(), Value::Number("3".into())),
            ("by".into(), Value::List(vec![Value::Text("a\"\n".into()), Value::Null, Value::Bool(true)])),
        ]);
        assert_eq!(likes.into_json(), r#"{"likes":3,"by":["a\"\u000a",null,true]}"#);
        assert_eq!(Value::Text("{\"a\":1}".into()).into_json(), "{\"a\":1}");
    }
}
