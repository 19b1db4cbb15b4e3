//! The files of `src/lexicon` that the build script shares with the library.

#[path = "../src/lexicon/hash.rs"]
pub mod hash;
#[path = "../src/lexicon/key.rs"]
pub mod key;
#[path = "../src/lexicon/layer.rs"]
pub mod layer;
#[path = "../src/lexicon/near.rs"]
pub mod near;
#[path = "../src/lexicon/pack.rs"]
pub mod pack;
#[path = "../src/lexicon/parse.rs"]
pub mod parse;
#[path = "../src/lexicon/pattern.rs"]
pub mod pattern;
#[path = "../src/lexicon/patterns.rs"]
pub mod patterns;
#[path = "../src/lexicon/row.rs"]
pub mod row;
#[path = "../src/lexicon/sense.rs"]
pub mod sense;
#[path = "../src/lexicon/slot.rs"]
pub mod slot;
#[path = "../src/lexicon/sound.rs"]
pub mod sound;
#[path = "../src/lexicon/trie.rs"]
pub mod trie;
