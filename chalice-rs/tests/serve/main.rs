//! The runtime as Lambda sees it: a process that is driven over the Runtime API, byte by byte.

mod app;
mod defects;
mod functions;
mod host;
mod logs;
mod requests;
mod runtime_api;
mod start;
