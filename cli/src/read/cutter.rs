//! Where a block of input can be cut: after its last whole record, in any format.

use super::Shape;
use super::csv::{Dialect, Scanner, Step};
use super::lines::{self, LineCutter};

/// The most bytes that a quoted record may go on for: beyond, a quote was left open.
const LONGEST_QUOTED: usize = 64 << 20;

/// Finds the whole records in bytes that grow.
#[derive(Debug)]
pub(super) enum Cutter {
    Lines(LineCutter),
    Quoted { dialect: Dialect, scanner: Scanner, end: usize, records: u64 },
}

/// Where a block of input can be cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cut {
    pub(super) end: usize,
    pub(super) records: u64,
    pub(super) broken: bool,
}

impl Cutter {
    pub(super) fn of(shape: &Shape) -> Self {
        match shape {
            Shape::Table(table) if table.dialect.quoted => {
                Self::Quoted { dialect: table.dialect, scanner: Scanner::default(), end: 0, records: 0 }
            }
            _ => Self::Lines(LineCutter::default()),
        }
    }

    pub(super) fn scan(&mut self, held: &[u8], done: bool) -> Cut {
        match self {
            Self::Lines(cutter) => {
                let (end, records) = cutter.scan(held);
                if done && end < held.len() {
                    let last = u64::from(!lines::is_blank(&held[end..]));
                    return Cut { end: held.len(), records: records + last, broken: false };
                }
                Cut { end, records, broken: false }
            }
            Self::Quoted { dialect, scanner, end, records } => {
                let broken = loop {
                    match scanner.step(held, *dialect) {
                        Step::Whole(at) => {
                            *records += u64::from(!lines::is_blank(&held[*end..at]));
                            *end = at;
                        }
                        Step::More if done && scanner.is_open() => break true,
                        Step::More if done && *end < held.len() => {
                            *records += u64::from(!lines::is_blank(&held[*end..]));
                            *end = held.len();
                            break false;
                        }
                        Step::More => break held.len() - *end > LONGEST_QUOTED,
                        Step::Broken => break true,
                    }
                };
                Cut { end: *end, records: *records, broken }
            }
        }
    }

    /// Told that the bytes before the last cut are gone.
    pub(super) fn taken(&mut self, cut: Cut) {
        match self {
            Self::Lines(cutter) => cutter.taken(cut.end),
            Self::Quoted { scanner, end, records, .. } => {
                if cut.broken {
                    *scanner = Scanner::default();
                } else {
                    scanner.taken(cut.end);
                }
                (*end, *records) = (0, 0);
            }
        }
    }
}
