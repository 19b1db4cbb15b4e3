//! Many rows on several threads: blocks of them, each read and put together by one thread.
//!
//! In: what to do with a row and with the rows of a block. Out: the blocks, in the order of the rows, the
//! same to the bit at any number of threads. Threads are of this call alone (see the crate's front page). The caller's
//! thread holds no GIL while it waits or works; every 50 ms it takes it, looks for `KeyboardInterrupt`
//! and calls `progress(done, total)`. Whatever those raise stops the work within one post.

use crate::border::{Fault, guarded};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use std::cell::Cell;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

/// How often the caller's thread looks up from its work.
const PULSE: Duration = Duration::from_millis(50);
/// Rows of a block: many enough that a chunk's overhead is nothing, few enough to share out evenly.
const MOST: usize = 4096;
const FEWEST: usize = 64;

/// What to do with so many rows.
pub(crate) struct Job<'a, R, B> {
    pub(crate) rows: usize,
    pub(crate) read: &'a (dyn Fn(usize) -> Result<R, Fault> + Sync),
    /// Makes one thing of the rows of a block.
    pub(crate) join: &'a (dyn Fn(Vec<R>) -> PyResult<B> + Sync),
    pub(crate) threads: usize,
    pub(crate) progress: Option<Py<PyAny>>,
}

/// What the threads share.
#[derive(Default)]
struct State {
    next: AtomicUsize,
    done: AtomicUsize,
    stop: AtomicBool,
}

/// How a block can end early.
enum Halt {
    /// Somebody asked for it.
    Stopped,
    /// A row cannot be read.
    Row(usize, Fault),
    /// A block cannot be made of its rows.
    Block(PyErr),
}

/// What became of a block; nothing where it was not begun.
type Outcome<B> = Option<Result<B, Halt>>;

impl<R, B: Send> Job<'_, R, B> {
    pub(crate) fn run(&self, py: Python<'_>) -> PyResult<Vec<B>> {
        let rows = self.rows;
        let size = (rows / (self.threads * 4)).clamp(FEWEST, MOST);
        let blocks: Vec<Range<usize>> = (0..rows).step_by(size).map(|at| at..rows.min(at + size)).collect();
        let state = State::default();
        let threads = self.threads.min(blocks.len());
        let results =
            if threads <= 1 { self.alone(py, &blocks, &state) } else { self.shared(py, &blocks, &state, threads) }?;
        let mut made = Vec::with_capacity(blocks.len());
        for result in results.into_iter().flatten() {
            match result {
                Ok(block) => made.push(block),
                Err(Halt::Stopped) => {}
                Err(Halt::Row(row, fault)) => return Err(fault.at(py, row)),
                Err(Halt::Block(error)) => return Err(error),
            }
        }
        if let Some(progress) = &self.progress {
            progress.call1(py, (rows, rows))?;
        }
        Ok(made)
    }

    /// All blocks on the caller's thread.
    fn alone(&self, py: Python<'_>, blocks: &[Range<usize>], state: &State) -> PyResult<Vec<Outcome<B>>> {
        py.detach(|| {
            let mut results = Vec::with_capacity(blocks.len());
            let mut pulse = Pulse::new(self);
            for block in blocks {
                let mut raised = None;
                let result = self.block(block.clone(), state, || {
                    raised = pulse.beat(state).err();
                    raised.is_none()
                });
                if let Some(error) = raised {
                    return Err(error);
                }
                let failed = result.is_err();
                results.push(Some(result));
                if failed {
                    break;
                }
            }
            Ok(results)
        })
    }

    /// Blocks shared out; the caller's thread waits. Blocks are begun in order and those begun are
    /// ended, so that the first bad row is reported, whatever the threads do.
    fn shared(
        &self,
        py: Python<'_>,
        blocks: &[Range<usize>],
        state: &State,
        threads: usize,
    ) -> PyResult<Vec<Outcome<B>>> {
        let failed = AtomicBool::new(false);
        py.detach(|| {
            thread::scope(|scope| {
                let (give, results) = channel();
                for number in 0..threads {
                    let (give, failed) = (give.clone(), &failed);
                    let work = move || {
                        while !failed.load(Relaxed) && !state.stop.load(Relaxed) {
                            let at = state.next.fetch_add(1, Relaxed);
                            let Some(block) = blocks.get(at) else { break };
                            let result = self.block(block.clone(), state, || !state.stop.load(Relaxed));
                            failed.fetch_or(result.is_err(), Relaxed);
                            if give.send((at, result)).is_err() {
                                break;
                            }
                        }
                    };
                    let spawned = thread::Builder::new().name(format!("tonalite {number}")).spawn_scoped(scope, work);
                    if spawned.is_err() && number == 0 {
                        return Err(PyRuntimeError::new_err(
                            "no thread can be started; Analyzer(threads=1) needs none",
                        ));
                    }
                }
                drop(give);
                let mut found: Vec<_> = blocks.iter().map(|_| None).collect();
                let mut pulse = Pulse::new(self);
                let mut raised = None;
                loop {
                    match results.recv_timeout(PULSE) {
                        Ok((at, result)) => found[at] = Some(result),
                        Err(RecvTimeoutError::Timeout) => {}
                        Err(RecvTimeoutError::Disconnected) => break,
                    }
                    if raised.is_none()
                        && let Err(error) = pulse.beat(state)
                    {
                        raised = Some(error);
                        state.stop.store(true, Relaxed);
                    }
                }
                raised.map_or(Ok(found), Err)
            })
        })
    }

    /// Reads the rows of a block. `go_on` is asked before every row.
    fn block(&self, rows: Range<usize>, state: &State, mut go_on: impl FnMut() -> bool) -> Result<B, Halt> {
        let at = Cell::new(rows.start);
        let made = guarded(|| {
            let mut read = Vec::with_capacity(rows.len());
            for row in rows {
                at.set(row);
                if !go_on() {
                    return Err(Halt::Stopped);
                }
                read.push((self.read)(row).map_err(|fault| Halt::Row(row, fault))?);
                state.done.fetch_add(1, Relaxed);
            }
            (self.join)(read).map_err(Halt::Block)
        });
        made.unwrap_or_else(|fault| Err(Halt::Row(at.get(), fault)))
    }
}

/// The caller's look up from its work.
struct Pulse<'a> {
    progress: Option<&'a Py<PyAny>>,
    rows: usize,
    told: usize,
    last: Instant,
}

impl<'a> Pulse<'a> {
    fn new<R, B>(job: &'a Job<'_, R, B>) -> Self {
        Self { progress: job.progress.as_ref(), rows: job.rows, told: 0, last: Instant::now() }
    }

    fn beat(&mut self, state: &State) -> PyResult<()> {
        if self.last.elapsed() < PULSE {
            return Ok(());
        }
        self.last = Instant::now();
        let done = state.done.load(Relaxed);
        Python::attach(|py| {
            py.check_signals()?;
            match self.progress {
                Some(progress) if done > self.told && done < self.rows => {
                    self.told = done;
                    progress.call1(py, (done, self.rows)).map(|_| ())
                }
                _ => Ok(()),
            }
        })
    }
}
