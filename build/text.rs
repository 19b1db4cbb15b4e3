//! The files of `src/text` that the build script shares with the library: patterns are cut by the lexer.

#[path = "../src/text/emoticon.rs"]
mod emoticon;
#[path = "../src/text/lexer/mod.rs"]
pub mod lexer;
#[path = "../src/text/parts.rs"]
mod parts;
#[path = "../src/text/token.rs"]
pub mod token;

pub(crate) use emoticon::Emoticons;
pub(crate) use parts::parts;
