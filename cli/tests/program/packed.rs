//! Archives by their extension: what is in them reads the same, and what is broken is said.

use crate::{Folder, run};
use std::fmt::Write as _;
use std::io::{Read, Write};

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(text).unwrap();
    packer.finish().unwrap()
}

fn zstd(text: &[u8]) -> Vec<u8> {
    let mut packer = zstd::Encoder::new(Vec::new(), 3).unwrap();
    packer.include_checksum(true).unwrap();
    packer.write_all(text).unwrap();
    packer.finish().unwrap()
}

fn gunzip(packed: &[u8]) -> String {
    let mut text = String::new();
    flate2::read::GzDecoder::new(packed).read_to_string(&mut text).unwrap();
    text
}

fn many(records: usize) -> String {
    let mut out = String::new();
    for i in 0..records {
        // No two alike, so that the archive has many blocks.
        let hash = (i as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        writeln!(out, "{{\"id\": \"{i}\", \"text\": \"livraison {hash:x} trop lente\"}}").unwrap();
    }
    out
}

#[test]
fn archives_read_as_what_is_in_them() {
    let folder = Folder::new("packed_in");
    let jsonl = many(3_000);
    let csv = "id,text\n1,\"C'est nul,\nvraiment\"\n2,J'adore\n";
    let half = jsonl.len() / 2;
    let pieces = [gzip(&jsonl.as_bytes()[..half]), gzip(&jsonl.as_bytes()[half..])].concat();
    let frames = [zstd(&jsonl.as_bytes()[..half]), zstd(&jsonl.as_bytes()[half..])].concat();
    for (name, text, packed) in [
        ("a.jsonl.gz", jsonl.as_str(), gzip(jsonl.as_bytes())),
        ("b.jsonl.zst", &jsonl, zstd(jsonl.as_bytes())),
        ("pieces.JSONL.GZ", &jsonl, pieces),
        ("frames.jsonl.zstd", &jsonl, frames),
        ("c.csv.gz", csv, gzip(csv.as_bytes())),
        ("d.csv.zst", csv, zstd(csv.as_bytes())),
        ("empty.jsonl.gz", "", gzip(b"")),
        ("guessed.gz", &jsonl, gzip(jsonl.as_bytes())),
    ] {
        let path = folder.file(name, packed);
        let ran = run(&["analyze", &path], "");
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{name}");
        let format = if text == csv { "csv" } else { "jsonl" };
        assert!(ran.out == run(&["analyze", "--from", format], text).out, "{name}");
    }
}

#[test]
fn the_output_is_packed_as_its_name_says() {
    let folder = Folder::new("packed_out");
    let input = many(3_000);
    let plain = run(&["analyze"], &input).out;
    let csv = run(&["analyze", "--to", "csv"], &input).out;
    for (name, wanted) in [("a.jsonl.gz", &plain), ("b.jsonl.zst", &plain), ("c.csv.gz", &csv), ("d.csv.zst", &csv)] {
        let path = folder.path(name);
        let ran = run(&["analyze", "-o", &path], &input);
        assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "", ""), "{name}");
        let packed = std::fs::read(&path).unwrap();
        assert!(packed.len() * 3 < wanted.len(), "{name}: {} bytes", packed.len());
        let text = if name.ends_with("gz") {
            gunzip(&packed)
        } else {
            String::from_utf8(zstd::decode_all(&packed[..]).unwrap()).unwrap()
        };
        assert!(text == *wanted, "{name}");
    }
}

#[test]
fn a_broken_archive_is_named_after_what_came_before_it() {
    let folder = Folder::new("packed_broken");
    let text = many(20_000);
    let whole = run(&["analyze", "--from", "jsonl"], &text).out;
    let (gz, zst) = (gzip(text.as_bytes()), zstd(text.as_bytes()));
    let flipped = |mut packed: Vec<u8>| {
        let at = packed.len() / 2;
        packed[at..at + 64].fill(0xA5);
        packed
    };
    let mut wrong_sum = gz.clone();
    let at = wrong_sum.len() - 6;
    wrong_sum[at] ^= 1;
    for (name, packed, reason) in [
        ("cut.jsonl.gz", gz[..gz.len() * 3 / 4].to_vec(), "the gzip archive is cut short"),
        ("end.jsonl.gz", gz[..gz.len() - 3].to_vec(), "the gzip archive is cut short"),
        ("sum.jsonl.gz", wrong_sum, "the gzip archive is corrupt"),
        ("cut.jsonl.zst", zst[..zst.len() * 3 / 4].to_vec(), "the zstd archive is cut short"),
        ("flipped.jsonl.zst", flipped(zst), "the zstd archive is corrupt"),
    ] {
        let path = folder.file(name, packed);
        let ran = run(&["analyze", &path], "");
        assert_eq!(ran.code, 2, "{name}");
        assert!(ran.err.contains(&format!("cannot read {path}: {reason}")), "{name}: {}", ran.err);
        assert!(ran.err.contains(&format!("stopped after {} records", ran.out.lines().count())), "{name}: {}", ran.err);
        assert!(!ran.out.is_empty() && ran.out.ends_with('\n'), "{name}");
        // The sum of a frame stands at its end: that a byte was wrong is known after its record is out.
        assert!(name.starts_with("flipped") || whole.starts_with(&ran.out), "{name}");
        // A file as output appears whole or not at all, and nothing half done stays beside it.
        let out = folder.path("out.jsonl.gz");
        assert_eq!(run(&["analyze", &path, "-o", &out], "").code, 2);
        assert!(!folder.names().iter().any(|n| n.contains("out.jsonl")), "{:?}", folder.names());
    }
    let none = folder.file("none.csv.gz", "id,text\n1,a\n");
    let ran = run(&["analyze", &none], "");
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("none.csv.gz: the gzip archive is corrupt, or is none"), "{}", ran.err);
}
