//! The conveyor that every streaming command runs on: one thread reads, many work, the caller writes.
//!
//! In: an iterator of chunks, whatever they are. Out: the results, handed to the caller's sink in
//! the order of the chunks. Memory is bounded by tickets: the reader takes one for each chunk and
//! gets it back when that chunk's result is written, so a slow writer holds up the reader and never
//! lets work pile up.
//!
//! Threads and channels of the standard library rather than rayon, for three reasons: the reader
//! blocks (a pool's threads must not), a chunk has to be written as soon as it is done even if the
//! next is an hour away (`tail -f | tonalite`), and the caller must be able to leave while the reader
//! still waits for input (`tonalite | head`). That is why the threads are detached: they die with
//! the process.

use anyhow::{Result, anyhow};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// Chunks between reader and writer: one at work and one waiting for each thread, and two to spare.
fn tickets(threads: usize) -> usize {
    2 * threads + 2
}

/// Runs `source` through `work` on `threads` threads, and every result, in order, into `sink`.
///
/// Ends with the source, with its first error (after the results before it were sunk), or when the
/// sink breaks or fails.
pub(crate) fn run<T, U>(
    source: impl Iterator<Item = Result<T>> + Send + 'static,
    threads: usize,
    work: impl Fn(T) -> U + Send + Sync + 'static,
    mut sink: impl FnMut(U) -> Result<ControlFlow<()>>,
) -> Result<()>
where
    T: Send + 'static,
    U: Send + 'static,
{
    let (take_ticket, return_ticket) = sync_channel::<()>(tickets(threads));
    let (give_job, jobs) = sync_channel::<(u64, Result<T>)>(threads);
    let (give_result, results) = channel::<(u64, Result<U>)>();

    thread::Builder::new().name("reader".into()).spawn(move || {
        for (number, chunk) in (0..).zip(source) {
            let last = chunk.is_err();
            // A closed channel means that the writer has left: nobody is waiting.
            if take_ticket.send(()).is_err() || give_job.send((number, chunk)).is_err() || last {
                break;
            }
        }
    })?;
    let jobs = Arc::new(Mutex::new(jobs));
    let work = Arc::new(work);
    for number in 0..threads {
        let (jobs, work, give_result) = (Arc::clone(&jobs), Arc::clone(&work), give_result.clone());
        thread::Builder::new().name(format!("worker {number}")).spawn(move || {
            while let Some((number, chunk)) = next(&jobs) {
                let result = chunk.and_then(|chunk| {
                    catch_unwind(AssertUnwindSafe(|| work(chunk)))
                        .map_err(|_| anyhow!("an analysis failed; this is a fault in tonalite"))
                });
                if give_result.send((number, result)).is_err() {
                    break;
                }
            }
        })?;
    }
    drop(give_result);

    let mut early = BTreeMap::new();
    let mut due = 0;
    for (number, result) in results {
        early.insert(number, result);
        while let Some(result) = early.remove(&due) {
            if sink(result?)?.is_break() {
                return Ok(());
            }
            due += 1;
            // The reader may be gone already; then there is nobody to give it to.
            let _ = return_ticket.try_recv();
        }
    }
    Ok(())
}

/// The next job, or none once the reader is done.
fn next<T>(jobs: &Mutex<Receiver<T>>) -> Option<T> {
    jobs.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn collect(threads: usize, source: Vec<Result<u64>>) -> (Vec<u64>, Result<()>) {
        let mut out = Vec::new();
        let slow_when_even = |n: u64| {
            thread::sleep(Duration::from_micros(if n.is_multiple_of(2) { 300 } else { 0 }));
            assert!(n != 77, "a panic on purpose");
            n * 10
        };
        let end = run(source.into_iter(), threads, slow_when_even, |n| {
            out.push(n);
            Ok(ControlFlow::Continue(()))
        });
        (out, end)
    }

    #[test]
    fn results_come_in_order_at_any_number_of_threads() {
        for threads in [1, 2, 7] {
            let (out, end) = collect(threads, (0..200).filter(|n| *n != 77).map(Ok).collect());
            assert!(end.is_ok());
            assert_eq!(out, (0..200).filter(|n| *n != 77).map(|n| n * 10).collect::<Vec<_>>());
        }
    }

    #[test]
    fn an_error_or_a_panic_ends_it_after_what_came_before() {
        for bad in [Err(anyhow!("broken")), Ok(77)] {
            let mut source: Vec<Result<u64>> = (0..20).map(Ok).collect();
            source.push(bad);
            source.extend((20..500).filter(|n| *n != 77).map(Ok));
            let (out, end) = collect(3, source);
            assert!(end.is_err());
            assert_eq!(out.len(), 20);
        }
    }

    #[test]
    fn a_sink_that_breaks_leaves_an_endless_source_behind() {
        let mut sunk = 0;
        let end = run(
            (0..).map(Ok),
            2,
            |n: u64| n,
            |_| {
                sunk += 1;
                Ok(if sunk == 5 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
            },
        );
        assert!(end.is_ok());
        assert_eq!(sunk, 5);
    }
}
