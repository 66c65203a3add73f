//! Threads, where the feature `parallel` is on; the same work on one thread where it is not.

use crate::error::{Fault, Result};

/// More threads than any machine has; asking for more is a slip.
const MOST: usize = 1024;

/// How many threads do the work.
#[derive(Debug)]
pub(super) enum Threads {
    One,
    /// Those that the program's own pool has.
    #[cfg(feature = "parallel")]
    Shared,
    #[cfg(feature = "parallel")]
    Pool(rayon::ThreadPool),
}

impl Threads {
    pub(super) fn new(wanted: Option<usize>) -> Result<Self> {
        if let Some(n) = wanted.filter(|&n| n == 0 || n > MOST) {
            let name = "the number of threads";
            return Err(Fault::Parameter { name, value: n as f64, need: "from 1 to 1024" }.into());
        }
        #[cfg(feature = "parallel")]
        match wanted {
            Some(1) => {}
            None => return Ok(Self::Shared),
            Some(n) => {
                // Where the system gives no threads, one does the work with the same result.
                return Ok(rayon::ThreadPoolBuilder::new().num_threads(n).build().map_or(Self::One, Self::Pool));
            }
        }
        Ok(Self::One)
    }

    /// Does something with each item.
    pub(super) fn each<T: Send>(&self, items: &mut [T], work: impl Fn(usize, &mut T) + Sync + Send) {
        match self {
            Self::One => items.iter_mut().enumerate().for_each(|(i, item)| work(i, item)),
            #[cfg(feature = "parallel")]
            Self::Shared => each(items, work),
            #[cfg(feature = "parallel")]
            Self::Pool(pool) => pool.install(|| each(items, work)),
        }
    }

    /// Does something with each stretch of `len` items.
    pub(super) fn stretches<T: Send>(&self, items: &mut [T], len: usize, work: impl Fn(usize, &mut [T]) + Sync + Send) {
        let mut parts: Vec<&mut [T]> = items.chunks_mut(len.max(1)).collect();
        self.each(&mut parts, |i, part| work(i, part));
    }
}

#[cfg(feature = "parallel")]
fn each<T: Send>(items: &mut [T], work: impl Fn(usize, &mut T) + Sync + Send) {
    use rayon::iter::{IndexedParallelIterator, IntoParallelRefMutIterator, ParallelIterator};
    if items.len() < 2 {
        return items.iter_mut().enumerate().for_each(|(i, item)| work(i, item));
    }
    items.par_iter_mut().enumerate().for_each(|(i, item)| work(i, item));
}
