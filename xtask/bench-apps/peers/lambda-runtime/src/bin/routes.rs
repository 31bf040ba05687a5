//! Many routes on bare `lambda_runtime`; `cargo xtask bench` writes them.

include!(env!("BENCH_ROUTES"));
