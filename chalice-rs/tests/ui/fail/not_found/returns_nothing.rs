use chalice_rs::prelude::*;

#[not_found]
fn problem() {
    
}

fn main() {}
