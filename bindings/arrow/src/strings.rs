//! A column of strings, whatever its layout: `Utf8`, `LargeUtf8`, `Utf8View`, a dictionary of one of
//! them, or all nulls. Nothing is copied; a dictionary's keys are widened once.

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, LargeStringArray, StringArray, StringViewArray};
use arrow_buffer::NullBuffer;
use arrow_schema::DataType;

/// A column of strings and nulls, read where it lies.
#[derive(Debug, Clone)]
pub struct Strings {
    layout: Layout,
}

#[derive(Debug, Clone)]
enum Layout {
    Utf8(StringArray),
    Large(LargeStringArray),
    View(StringViewArray),
    Dictionary { keys: Vec<usize>, nulls: Option<NullBuffer>, values: Box<Strings> },
    Nulls(usize),
}

impl Strings {
    /// The strings of a column; `None` where it holds something else.
    pub fn of(column: &ArrayRef) -> Option<Self> {
        let layout = match column.data_type() {
            DataType::Utf8 => Layout::Utf8(column.as_string::<i32>().clone()),
            DataType::LargeUtf8 => Layout::Large(column.as_string::<i64>().clone()),
            DataType::Utf8View => Layout::View(column.as_string_view().clone()),
            DataType::Null => Layout::Nulls(column.len()),
            DataType::Dictionary(_, _) => {
                let dictionary = column.as_any_dictionary_opt()?;
                let values = Self::of(dictionary.values())?;
                if values.is_empty() {
                    return Some(Self { layout: Layout::Nulls(column.len()) });
                }
                let nulls = dictionary.keys().logical_nulls();
                Layout::Dictionary { keys: dictionary.normalized_keys(), nulls, values: Box::new(values) }
            }
            _ => return None,
        };
        Some(Self { layout })
    }

    /// How many rows it has.
    pub fn len(&self) -> usize {
        match &self.layout {
            Layout::Utf8(a) => a.len(),
            Layout::Large(a) => a.len(),
            Layout::View(a) => a.len(),
            Layout::Dictionary { keys, .. } => keys.len(),
            Layout::Nulls(len) => *len,
        }
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The string of a row; `None` for a null.
    ///
    /// # Panics
    ///
    /// Beyond the last row.
    pub fn get(&self, row: usize) -> Option<&str> {
        match &self.layout {
            Layout::Utf8(a) => a.is_valid(row).then(|| a.value(row)),
            Layout::Large(a) => a.is_valid(row).then(|| a.value(row)),
            Layout::View(a) => a.is_valid(row).then(|| a.value(row)),
            Layout::Dictionary { keys, nulls, values } => {
                let valid = nulls.as_ref().is_none_or(|n| n.is_valid(row));
                valid.then(|| values.get(keys[row])).flatten()
            }
            Layout::Nulls(_) => None,
        }
    }
}

impl From<LargeStringArray> for Strings {
    fn from(array: LargeStringArray) -> Self {
        Self { layout: Layout::Large(array) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::types::{Int8Type, UInt32Type};
    use arrow_array::{DictionaryArray, Int32Array, NullArray};
    use std::sync::Arc;

    #[test]
    fn every_layout_reads_the_same() {
        let rows = [Some("zero"), Some("a"), None, Some(""), Some("a string too long for a view")];
        let columns: [ArrayRef; 5] = [
            Arc::new(rows.iter().copied().collect::<StringArray>()),
            Arc::new(rows.iter().copied().collect::<LargeStringArray>()),
            Arc::new(rows.iter().copied().collect::<StringViewArray>()),
            Arc::new(rows.iter().copied().collect::<DictionaryArray<Int8Type>>()),
            Arc::new(rows.iter().copied().collect::<DictionaryArray<UInt32Type>>()),
        ];
        for column in columns {
            for (from, column) in [(0, column.clone()), (1, column.slice(1, 4))] {
                let strings = Strings::of(&column).unwrap();
                let read: Vec<_> = (0..strings.len()).map(|i| strings.get(i)).collect();
                assert_eq!(read, rows[from..], "{}", column.data_type());
            }
        }
    }

    #[test]
    fn nulls_are_strings_and_numbers_are_not() {
        let nulls: ArrayRef = Arc::new(NullArray::new(3));
        assert_eq!(Strings::of(&nulls).unwrap().get(2), None);
        let empty: ArrayRef = Arc::new([None::<&str>].into_iter().collect::<DictionaryArray<Int8Type>>());
        assert_eq!(Strings::of(&empty).unwrap().get(0), None);
        let numbers: ArrayRef = Arc::new(Int32Array::from(vec![1]));
        assert!(Strings::of(&numbers).is_none());
    }
}
