//! What tone, towards whom, about what.
//!
//! Terms become matches ([`matcher`]), matches become judged values where the grammar puts them
//! ([`clause`]), and values, words and marks become a margin with its evidence ([`score`]). What is
//! said of each target and aspect is sorted out in [`target`]. Each step only reads the one before it.

pub(crate) mod builtin;
pub(crate) mod clause;
pub(crate) mod expert;
pub(crate) mod features;
pub(crate) mod function_words;
pub mod learn;
pub(crate) mod learned;
pub(crate) mod look;
pub(crate) mod matcher;
pub(crate) mod network;
pub(crate) mod score;
pub(crate) mod target;
