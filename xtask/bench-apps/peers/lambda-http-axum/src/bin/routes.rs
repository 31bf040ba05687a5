//! Many routes with `lambda_http` and `axum`; `cargo xtask bench` writes them.

include!(env!("BENCH_ROUTES"));
