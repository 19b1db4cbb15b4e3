//! One 64-bit hash of a word, computed once while it is normalised and used by every table.
//!
//! Deterministic on every machine, because the build script packs tables with it that the library reads.
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
    hash_with(key, |word| word)
}

/// The hash of the key of a word in ASCII: [`hash`] of its small letters.
#[inline]
#[allow(dead_code, reason = "the build script hashes keys only")]
pub(crate) fn hash_ascii(word: &[u8]) -> u64 {
    hash_with(word, small)
}

/// [`hash`] of a key of one to eight bytes, read into a number with noughts above them.
#[inline]
pub(crate) fn hash_one(key: u64, length: usize) -> u64 {
    fold(fold(K0 ^ length as u64 ^ key, K1), K0)
}

/// The same of nine to sixteen bytes.
#[inline]
pub(crate) fn hash_two(head: u64, tail: u64, length: usize) -> u64 {
    fold(fold(fold(K0 ^ length as u64 ^ head, K1) ^ tail, K1), K0)
}

/// Eight bytes of ASCII with their capitals made small.
#[inline]
fn small(word: u64) -> u64 {
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let each = |byte: u8| u64::from_ne_bytes([byte; 8]);
    // The high bit of each byte tells whether it is at least `A`, and whether it is above `Z`.
    let from_a = (word | HIGH) - each(b'A');
    let above_z = (word | HIGH) - each(b'Z' + 1);
    word | ((from_a & !above_z & HIGH) >> 2)
}

#[inline]
fn hash_with(key: &[u8], read: impl Fn(u64) -> u64) -> u64 {
    let mut h = K0 ^ (key.len() as u64);
    let (chunks, rest) = key.as_chunks::<8>();
    for chunk in chunks {
        h = fold(h ^ read(u64::from_le_bytes(*chunk)), K1);
    }
    if !rest.is_empty() {
        h = fold(h ^ read(tail(rest)), K1);
    }
    fold(h, K0)
}

/// One to seven bytes as a number: what copying them over eight noughts would give, without the copy.
#[inline]
fn tail(rest: &[u8]) -> u64 {
    let n = rest.len();
    match (rest.first_chunk::<4>(), rest.last_chunk::<4>()) {
        (Some(head), Some(end)) => {
            u64::from(u32::from_le_bytes(*head)) | u64::from(u32::from_le_bytes(*end)) << ((n - 4) * 8)
        }
        _ => {
            let at = |i: usize| u64::from(rest[i]) << (i * 8);
            at(0) | at(n / 2) | at(n - 1)
        }
    }
}

/// The hash of a pair of term ids, order kept.
#[inline]
pub(crate) fn hash_pair(a: u32, b: u32) -> u64 {
    fold((u64::from(a) << 32 | u64::from(b)) ^ K0, K1)
}
