//! Rebuilds when a migration is added: the embedding macro alone sees only those that were there.

fn main() {
    println!("cargo::rerun-if-changed=../../migrations/sqlite");
}
