//! Many routes; `cargo xtask bench` writes them.

include!(env!("BENCH_ROUTES"));
