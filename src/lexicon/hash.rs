//! One 64-bit hash of a word, computed once while it is normalised and used by every table.
//!
//! Deterministic on every machine, because `build.rs` packs tables with it that the library reads.
//! Folded multiplication, eight bytes a step: about 3 ns for a French word, against 20 for `SipHash`.

const K0: u64 = 0x9E37_79B9_7F4A_7C15;
const K1: u64 = 0xD6E8_FEB8_6659_FD93;

#[inline]
fn fold(a: u64, b: u64) -> u64 {
    let wide = u128::from(a) * u128::from(b);
    #[expect(clippy::cast_possible_truncation, reason = "both halves are wanted, folded")]
    let folded = (wide as u64) ^ ((wide >> 64) as u64);
    folded
}

/// The hash of a normalised key.
#[inline]
pub(crate) fn hash(key: &[u8]) -> u64 {
    let mut h = K0 ^ (key.len() as u64);
    let mut chunks = key.chunks_exact(8);
    for c in &mut chunks {
        let word = u64::from_le_bytes([c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7]]);
        h = fold(h ^ word, K1);
    }
    let rest = chunks.remainder();
    if !rest.is_empty() {
        let mut tail = [0u8; 8];
        tail[..rest.len()].copy_from_slice(rest);
        h = fold(h ^ u64::from_le_bytes(tail), K1);
    }
    fold(h, K0)
}

/// The hash of a pair of term ids, order kept.
#[inline]
pub(crate) fn hash_pair(a: u32, b: u32) -> u64 {
    fold((u64::from(a) << 32 | u64::from(b)) ^ K0, K1)
}
