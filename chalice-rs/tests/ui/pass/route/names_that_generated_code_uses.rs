#![expect(non_snake_case, non_camel_case_types, dead_code, reason = "the names are the point")]

mod chalice_rs {}
mod core {}
mod std {}
struct Result;
struct Box;
struct Future;
struct str;
struct u8;
struct Request;
enum Other {
    Ok,
    Err,
}
use Other::*;

const _: Other = Ok;

#[::chalice_rs::route("/<call>")]
fn call(call: String) -> String {
    call
}

#[::chalice_rs::route("/a/<call_call>")]
fn call_call(call_call: String) -> String {
    call_call
}

#[::chalice_rs::route("/b/<request>/<response>/<value>")]
async fn request(response: String, request: String, value: String) -> String {
    response + &request + &value
}

#[::chalice_rs::route("/c/<argument1>/<argument0>")]
async fn argument0(argument1: u16, argument0: u32) -> String {
    (u32::from(argument1) - argument0).to_string()
}

#[::chalice_rs::route("/d/<JSON>/<RECORD>")]
fn submit(JSON: String, RECORD: String) -> String {
    JSON + &RECORD
}

fn main() {}
