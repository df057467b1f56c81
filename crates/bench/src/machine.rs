//! What the figures were measured on.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread::available_parallelism;

/// The machine in a line: cores, processor, memory, system.
pub(crate) fn describe() -> String {
    let cores = available_parallelism().map_or(0, usize::from);
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let mut parts = vec![format!("{cores} cores")];
    parts.extend(field(&read("/proc/cpuinfo"), "model name"));
    parts.extend(memory(&read("/proc/meminfo")));
    parts.extend(read("/proc/sys/kernel/osrelease").lines().next().map(|release| format!("Linux {release}")));
    parts.join(", ")
}

/// The kind of file system that a directory is on, such as `ext2/ext3`.
pub(crate) fn file_system(dir: &Path) -> Option<String> {
    let output = Command::new("stat").args(["-f", "-c", "%T"]).arg(dir).output().ok()?;
    let kind = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    Some(kind).filter(|kind| output.status.success() && !kind.is_empty())
}

fn field(text: &str, name: &str) -> Option<String> {
    let (_, value) = text.lines().find(|line| line.starts_with(name))?.split_once(':')?;
    Some(value.trim().to_owned())
}

fn memory(meminfo: &str) -> Option<String> {
    let kib: f64 = field(meminfo, "MemTotal")?.strip_suffix(" kB")?.parse().ok()?;
    Some(format!("{:.1} GiB", kib / f64::from(1 << 20)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_read_from_what_linux_says() {
        assert_eq!(field("a\t: 1\nmodel name\t: X: Y\n", "model name").as_deref(), Some("X: Y"));
        assert_eq!(memory("MemTotal:       8388608 kB\n").as_deref(), Some("8.0 GiB"));
        assert_eq!(memory("MemFree: 1 kB\n"), None);
    }
}
