//! Ids of what stands in the stream and is no word. Those of the lexicon's slots end at 11.

/// Before the first word of the post.
pub(crate) const START: u32 = 24;
/// After the last.
pub(crate) const END: u32 = 25;
/// `?`
pub(crate) const ASKS: u32 = 26;
/// `!`
pub(crate) const SHOUTS: u32 = 27;
/// `:`
pub(crate) const COLON: u32 = 28;
/// Before the first word of each clause.
pub(crate) const CLAUSE: u32 = 29;

/// The place that a pattern's `<name>` means.
pub(crate) fn parse(name: &str) -> Option<u32> {
    Some(match name {
        "<start>" => START,
        "<end>" => END,
        "<?>" => ASKS,
        "<!>" => SHOUTS,
        "<:>" => COLON,
        "<clause>" => CLAUSE,
        _ => return None,
    })
}
