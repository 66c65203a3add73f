//! What a step costs: time, and the most memory that the process held during it.

use std::fs;
use std::time::Instant;

/// A step that is being measured.
pub struct Step {
    start: Instant,
    own: bool,
}

impl Step {
    /// Begins, with a peak of memory of its own: Linux forgets the one so far when asked to.
    pub fn begin() -> Self {
        let own = fs::write("/proc/self/clear_refs", "5").is_ok();
        Self { start: Instant::now(), own }
    }

    /// Prints what the step has cost.
    pub fn end(self, what: &str, rows: usize) {
        let seconds = self.start.elapsed().as_secs_f64();
        let peak = peak().filter(|_| self.own).map_or_else(|| "unknown".to_owned(), |mb| format!("{mb:.0} MB"));
        println!("{what:40} {seconds:8.2} s {:12.0} rows/s   peak {peak}", rows as f64 / seconds);
    }
}

/// The high water mark of the process in megabytes, where the system tells it.
fn peak() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.parse::<f64>().ok().map(|kilobytes| kilobytes / 1024.0)
}
